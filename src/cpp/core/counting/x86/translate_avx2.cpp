// Translation for AVX2: 32 bytes at a time.
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#include "base/compiler.hpp"
#include "counting/translate.hpp"

namespace makemore {
namespace {

constexpr std::size_t kVector = 32;
constexpr std::size_t kBehind = 3;         // bytes of a symbol behind its first
constexpr std::size_t kAhead = 16 * 1024;  // a prefetch beyond the text does no harm

__m256i all(int byte) { return _mm256_set1_epi8(static_cast<char>(byte)); }

__m256i load(const std::uint8_t* bytes) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}

std::uint32_t mask(__m256i bytes) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}

std::uint32_t equal(__m256i a, __m256i b) { return mask(_mm256_cmpeq_epi8(a, b)); }

// For each set of eight bytes to keep, the places of those bytes in order.
using Places = std::array<std::uint8_t, 8>;
constexpr std::array<Places, 256> kPlaces = [] {
  std::array<Places, 256> places{};
  for (unsigned set = 0; set < 256; ++set) {
    std::size_t n = 0;
    for (std::uint8_t i = 0; i < 8; ++i) {
      if ((set >> i & 1) != 0) places[set][n++] = i;
    }
  }
  return places;
}();

// Writes those of 16 bytes that are kept, and maybe eight more; returns the end of those kept.
std::uint8_t* compress(__m128i bytes, std::uint32_t keep, std::uint8_t* out) {
  const auto places = [](std::uint32_t set) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kPlaces[set & 0xFF].data()));
  };
  const __m128i low = places(keep);
  const __m128i high = _mm_or_si128(places(keep >> 8), _mm_set1_epi8(8));
  const __m128i kept = _mm_shuffle_epi8(bytes, _mm_unpacklo_epi64(low, high));
  std::uint8_t* const second = out + _mm_popcnt_u32(keep & 0xFF);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), kept);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(second), _mm_unpackhi_epi64(kept, kept));
  return second + _mm_popcnt_u32(keep >> 8 & 0xFF);
}

// Translates texts whose symbols have at most so many bytes.
template <std::size_t longest>
class Translation {
 public:
  Translation(Bytes text, const Prefixes& prefixes, Layout layout, std::uint8_t* out)
      : text_(text), prefixes_(prefixes.all()), packed_(layout == Layout::packed), out_(out) {}

  Translated run() const {
    State state;
    while (state.good && text_.size() - state.read >= kVector + kBehind) {
      const std::uint8_t* const p = text_.data() + state.read;
      prefetch(p + kAhead);
      state = step(state, p, kVector);
    }
    while (state.good && state.read < text_.size()) {
      const std::size_t left = text_.size() - state.read;
      std::array<std::uint8_t, kVector + kBehind> end{};  // zeros behind the text
      std::memcpy(end.data(), text_.data() + state.read, std::min(left, end.size()));
      state = step(state, end.data(), std::min(left, kVector));
    }
    return {state.read, state.written};
  }

 private:
  struct State {
    std::size_t read = 0;
    std::size_t written = 0;
    std::uint32_t carry = 0;  // bytes that continue the last symbol of the vector before
    bool good = true;         // whether all could be translated
  };

  // Translates one vector, of which so many bytes are text.
  State step(State state, const std::uint8_t* p, std::size_t size) const {
    std::uint8_t* out = out_ + state.written;
    const __m256i v = load(p);
    std::uint32_t high = mask(v);
    if (packed_) high &= ~equal(v, all(kWordEnd));
    if (high == 0) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), v);
      return {state.read + size, state.written + size, 0, true};
    }
    const __m256i codes = codes_at(p, v);
    const __m256i none = _mm256_cmpeq_epi8(codes, _mm256_setzero_si256());
    // Which bytes continue a symbol: those below 0xC0, as signed numbers.
    const std::uint32_t behind = mask(_mm256_cmpgt_epi8(all(0xC0), v));
    const std::uint64_t found = ~mask(none);
    std::uint64_t taken = state.carry | found << 1;
    if constexpr (longest > 2) {
      // Bits of a symbol's first byte say whether it has three bytes or more, and four.
      const std::uint64_t three = found & mask(_mm256_slli_epi16(v, 2));
      const std::uint64_t four = three & mask(_mm256_slli_epi16(v, 3));
      taken |= three << 2 | four << 3;
    }
    const auto unknown = static_cast<std::uint32_t>(high & ~behind & ~found);
    const std::uint32_t inside = size == kVector ? ~0u : (1u << size) - 1;
    const std::uint32_t bad = (unknown | (behind & ~static_cast<std::uint32_t>(taken))) & inside;
    const __m256i result = _mm256_blendv_epi8(codes, v, none);
    std::uint32_t keep = ~behind & inside;
    if (bad != 0) {  // up to the first byte that is no ASCII, no code and no part of a symbol
      size = static_cast<std::size_t>(std::countr_zero(bad));
      keep &= (1u << size) - 1;
    }
    out = compress(_mm256_castsi256_si128(result), keep, out);
    out = compress(_mm256_extracti128_si256(result, 1), keep >> 16, out);
    return {state.read + size, static_cast<std::size_t>(out - out_),
            static_cast<std::uint32_t>(taken >> 32), bad == 0};
  }

  // The codes of symbols, where they begin; 0 where there is none.
  __m256i codes_at(const std::uint8_t* p, __m256i v) const {
    const __m256i second = load(p + 1);
    const __m256i third = longest > 2 ? load(p + 2) : second;
    const __m256i fourth = longest > 3 ? load(p + 3) : second;
    __m256i codes = _mm256_setzero_si256();
    for (const Prefix& prefix : prefixes_) {
      __m256i here = _mm256_cmpeq_epi8(v, all(prefix.bytes[0]));
      // A prefix that is not here is skipped where so many are looked for that it helps.
      if (!few_ && _mm256_testz_si256(here, here) != 0) continue;
      __m256i last = second;
      if (longest > 2 && prefix.size > 2) {
        here = _mm256_and_si256(here, _mm256_cmpeq_epi8(second, all(prefix.bytes[1])));
        last = third;
      }
      if (longest > 3 && prefix.size > 3) {
        here = _mm256_and_si256(here, _mm256_cmpeq_epi8(third, all(prefix.bytes[2])));
        last = fourth;
      }
      __m256i found = _mm256_setzero_si256();
      for (unsigned quarter = 0; quarter < 4; ++quarter) {
        if ((prefix.quarters >> quarter & 1) == 0) continue;
        // 0x70 and more where the last byte is in this quarter, with its low half below; else
        // 0x80 and more, where a look-up gives nothing.
        const __m256i place = _mm256_adds_epu8(
            _mm256_xor_si256(last, all(static_cast<int>(0x80 + 16 * quarter))), all(0x70));
        const __m256i table = _mm256_broadcastsi128_si256(
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(prefix.codes.data() + 16 * quarter)));
        found = _mm256_or_si256(found, _mm256_shuffle_epi8(table, place));
      }
      codes = _mm256_or_si256(codes, _mm256_and_si256(found, here));
    }
    return codes;
  }

  Bytes text_;
  std::span<const Prefix> prefixes_;
  bool packed_;
  bool few_ = prefixes_.size() <= 4;
  std::uint8_t* out_;
};

Translated translate(Bytes text, const Prefixes& prefixes, Layout layout, std::uint8_t* out) {
  if (prefixes.longest() <= 2) return Translation<2>(text, prefixes, layout, out).run();
  if (prefixes.longest() == 3) return Translation<3>(text, prefixes, layout, out).run();
  return Translation<4>(text, prefixes, layout, out).run();
}

}  // namespace

extern const Translate kTranslateAvx2;
const Translate kTranslateAvx2 = translate;

}  // namespace makemore
