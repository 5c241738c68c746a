// Translation for AVX-512 with VBMI2: 64 bytes at a time.
#include <immintrin.h>

#include "counting/translate.hpp"

namespace makemore {
namespace {

constexpr std::size_t kVector = 64;
constexpr std::size_t kLookAhead = 2;  // bytes of a symbol behind its first

Translated translate(Bytes text, const Prefixes& prefixes, Layout layout, std::uint8_t* out) {
  const auto all = [](int byte) { return _mm512_set1_epi8(static_cast<char>(byte)); };
  const std::size_t known = prefixes.all().size();
  const Prefix* const prefix = prefixes.all().data();
  const bool packed = layout == Layout::packed;
  std::size_t at = 0;
  std::size_t to = 0;
  while (at < text.size()) {
    // The last vectors of a text are loaded in part; what lies behind it reads as zero.
    const std::size_t left = text.size() - at;
    const auto part = [&](std::size_t skip) {
      const std::size_t n = left > skip ? left - skip : 0;
      return _cvtu64_mask64(n >= kVector ? ~0ull : (1ull << n) - 1);
    };
    const bool whole = left >= kVector + kLookAhead;
    const std::uint8_t* const p = text.data() + at;
    const __m512i v = whole ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi8(part(0), p);
    const std::uint64_t inside = left >= kVector ? ~0ull : (1ull << left) - 1;
    std::uint64_t high = _mm512_movepi8_mask(v);
    if (packed) high &= ~_mm512_cmpeq_epi8_mask(v, all(kWordEnd));
    if (high == 0) {
      _mm512_storeu_si512(out + to, v);
      const auto n = static_cast<std::size_t>(_mm_popcnt_u64(inside));
      at += n;
      to += n;
      continue;
    }
    const __m512i second =
        whole ? _mm512_loadu_si512(p + 1) : _mm512_maskz_loadu_epi8(part(1), p + 1);
    const __m512i third =
        whole ? _mm512_loadu_si512(p + 2) : _mm512_maskz_loadu_epi8(part(2), p + 2);

    // Codes stand where symbols begin; what no prefix knows keeps its place in `unknown`.
    const std::uint64_t continuing =
        _mm512_cmpeq_epi8_mask(_mm512_and_si512(v, all(0xC0)), all(0x80));
    std::uint64_t unknown = high & ~continuing;
    std::uint64_t taken = 0;  // the continuing bytes of the symbols found
    __m512i codes = v;
    for (std::size_t i = 0; i < known && unknown != 0; ++i) {
      std::uint64_t here = _mm512_mask_cmpeq_epi8_mask(unknown, v, all(prefix[i].lead));
      if (here == 0) continue;
      const bool three = prefix[i].second != 0;
      if (three) here = _mm512_mask_cmpeq_epi8_mask(here, second, all(prefix[i].second));
      const __m512i last = three ? third : second;
      here = _mm512_mask_cmpeq_epi8_mask(here, _mm512_and_si512(last, all(0xC0)), all(0x80));
      const __m512i found =
          _mm512_permutexvar_epi8(last, _mm512_loadu_si512(prefix[i].codes.data()));
      here = _mm512_mask_test_epi8_mask(here, found, found);  // 0: no code
      codes = _mm512_mask_blend_epi8(here, codes, found);
      unknown &= ~here;
      taken |= here << 1 | (three ? here << 2 : 0);
    }
    // Up to the first byte that is no ASCII, no code and no part of a symbol found; a symbol
    // that begins here is taken whole, also over the vector's end.
    const std::uint64_t bad = (unknown | (continuing & ~taken)) & inside;
    const std::size_t good =
        bad == 0 ? (left < kVector ? left : kVector) : static_cast<std::size_t>(_tzcnt_u64(bad));
    const std::uint64_t upto = good == 64 ? ~0ull : (1ull << good) - 1;
    const std::uint64_t keep = upto & ~continuing;
    _mm512_storeu_si512(out + to, _mm512_maskz_compress_epi8(keep, codes));
    to += static_cast<std::size_t>(_mm_popcnt_u64(keep));
    at += good;
    // The rest of a symbol that begins in this vector and ends behind it.
    if (good == kVector) {
      const std::uint64_t begins = keep & high;
      if ((begins >> 63 & 1) != 0) {
        at += p[63] >= 0xE0 ? std::size_t{2} : std::size_t{1};
      } else if ((begins >> 62 & 1) != 0 && p[62] >= 0xE0) {
        at += 1;
      }
    }
    if (bad != 0) break;
  }
  return {at, to};
}

}  // namespace

extern const Translate kTranslateAvx512;
const Translate kTranslateAvx512 = translate;

}  // namespace makemore
