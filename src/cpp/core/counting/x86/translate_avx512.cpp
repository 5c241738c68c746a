// Translation for AVX-512 with VBMI2: 64 bytes at a time.
#include <immintrin.h>

#include "base/compiler.hpp"
#include "counting/translate.hpp"

namespace makemore {
namespace {

constexpr std::size_t kVector = 64;
constexpr std::size_t kAhead = 16 * 1024;  // a prefetch beyond the text does no harm

__m512i all(int byte) { return _mm512_set1_epi8(static_cast<char>(byte)); }

// Which bytes continue a symbol.
std::uint64_t continuing(__m512i bytes) {
  return _mm512_cmpeq_epi8_mask(_mm512_and_si512(bytes, all(0xC0)), all(0x80));
}

Translated translate(Bytes text, const Prefixes& prefixes, Layout layout, std::uint8_t* out) {
  const std::size_t longest = prefixes.longest();
  const bool packed = layout == Layout::packed;
  std::size_t at = 0;
  std::size_t to = 0;
  std::uint64_t carry = 0;  // bytes that continue the last symbol of the vector before
  while (at < text.size()) {
    // The last vectors of a text are loaded in part; what lies behind it reads as zero.
    const std::size_t left = text.size() - at;
    const std::uint8_t* const p = text.data() + at;
    const bool whole = left >= kVector + 3;
    const auto load = [&](std::size_t skip) {
      if (whole) return _mm512_loadu_si512(p + skip);
      const std::size_t n = left > skip ? left - skip : 0;
      return _mm512_maskz_loadu_epi8(_cvtu64_mask64(n >= kVector ? ~0ull : (1ull << n) - 1),
                                     p + skip);
    };
    prefetch(p + kAhead);
    const __m512i v = load(0);
    const std::size_t size = left < kVector ? left : kVector;
    std::uint64_t high = _mm512_movepi8_mask(v);
    if (packed) high &= ~_mm512_cmpeq_epi8_mask(v, all(kWordEnd));
    if (high == 0) {
      _mm512_storeu_si512(out + to, v);
      at += size;
      to += size;
      continue;
    }
    const __m512i following[3] = {load(1), longest > 2 ? load(2) : v, longest > 3 ? load(3) : v};
    // The codes of symbols, where they begin; 0 where there is none.
    __m512i codes = _mm512_setzero_si512();
    for (const Prefix& prefix : prefixes.all()) {
      __mmask64 here = _mm512_cmpeq_epi8_mask(v, all(prefix.bytes[0]));
      const std::size_t last = prefix.size - 2u;
      for (std::size_t k = 0; k < last; ++k) {
        here = _mm512_mask_cmpeq_epi8_mask(here, following[k], all(prefix.bytes[k + 1]));
      }
      // The look-up takes the six low bits of a last byte, and whether it is one is seen below.
      const __m512i table = _mm512_loadu_si512(prefix.codes.data());
      codes = _mm512_or_si512(codes, _mm512_maskz_permutexvar_epi8(here, following[last], table));
    }
    const std::uint64_t behind = continuing(v);
    const std::uint64_t coded = _mm512_test_epi8_mask(codes, codes);
    std::uint64_t found = coded & continuing(following[0]);
    std::uint64_t three = 0;  // where symbols of at least so many bytes begin
    std::uint64_t four = 0;
    if (longest > 2) {
      three = found & _mm512_test_epi8_mask(v, all(0x20));
      found &= ~three | continuing(following[1]);
      four = found & three & _mm512_test_epi8_mask(v, all(0x10));
      if (longest > 3) found &= ~four | continuing(following[2]);
      three &= found;
      four &= found;
    }
    const std::uint64_t unknown = high & ~behind & ~found;
    const std::uint64_t taken = carry | found << 1 | three << 2 | four << 3;
    const std::uint64_t inside = left >= kVector ? ~0ull : (1ull << left) - 1;
    const std::uint64_t bad = (unknown | (behind & ~taken)) & inside;
    // Up to the first byte that is no ASCII, no code and no part of a symbol found.
    const std::size_t good = bad == 0 ? size : static_cast<std::size_t>(_tzcnt_u64(bad));
    const std::uint64_t keep = ~behind & (good == 64 ? ~0ull : (1ull << good) - 1);
    const __m512i result = _mm512_mask_blend_epi8(coded, v, codes);
    _mm512_storeu_si512(out + to, _mm512_maskz_compress_epi8(keep, result));
    to += static_cast<std::size_t>(_mm_popcnt_u64(keep));
    at += good;
    if (bad != 0) break;
    carry = found >> 63 | three >> 62 | four >> 61;
  }
  return {at, to};
}

}  // namespace

extern const Translate kTranslateAvx512;
const Translate kTranslateAvx512 = translate;

}  // namespace makemore
