// The triple kernel for AVX-512 with VBMI: 64 codes at a time.
#include <immintrin.h>

#include "counting/triple_loop.hpp"

namespace makemore {
namespace {

// There is a class for codes of which some from 128 on have ids, and one for those of which none
// has: whether such a code stands in a vector is no question for a branch.
template <bool high_codes>
class Vector {
 public:
  static constexpr std::size_t kBytes = 64;
  static constexpr std::size_t kUnrolled = 4;

  struct Words {
    __m512i even;
    __m512i odd;
  };
  using Flags = __m512i;

  Vector(const TripleIds& ids, std::size_t) {
    for (int i = 0; i < 4; ++i) {
      low_[i] = _mm512_load_si512(ids.low.data() + 64 * i);
      high_[i] = _mm512_load_si512(ids.high.data() + 64 * i);
    }
  }

  Words words(const std::uint8_t* codes, Flags& flags) const {
    const __m512i code = _mm512_loadu_si512(codes);
    // A look-up in 256 bytes: two halves of 128, chosen by the code's high bit.
    __m512i low = _mm512_permutex2var_epi8(low_[0], code, low_[1]);
    __m512i high = _mm512_permutex2var_epi8(high_[0], code, high_[1]);
    const __mmask64 above = _mm512_movepi8_mask(code);
    if constexpr (high_codes) {
      low = _mm512_mask_blend_epi8(above, low, _mm512_permutex2var_epi8(low_[2], code, low_[3]));
      high =
          _mm512_mask_blend_epi8(above, high, _mm512_permutex2var_epi8(high_[2], code, high_[3]));
    } else {
      high = _mm512_mask_blend_epi8(above, high,
                                    _mm512_set1_epi8(static_cast<char>(TripleIds::kMissing)));
    }
    flags = _mm512_or_si512(flags, high);
    const __m512i low_bytes = _mm512_set1_epi16(0xFF);
    constexpr int choose = 0xCA;  // the first operand says which of the other two, bit by bit
    return {
        _mm512_ternarylogic_epi32(low_bytes, low, _mm512_slli_epi16(high, 8), choose),
        _mm512_ternarylogic_epi32(low_bytes, _mm512_srli_epi16(low, 8), high, choose),
    };
  }

  static __m512i index(const Words& here, const Words& next) {
    constexpr int any = 0xFE;
    return _mm512_ternarylogic_epi32(here.even, _mm512_slli_epi16(here.odd, 1),
                                     _mm512_slli_epi16(third(here, next), 2), any);
  }

  static void store(__m512i index, std::uint16_t* out) { _mm512_store_si512(out, index); }

  static void store_wide(const Words& here, const Words& next, std::uint32_t* out) {
    const __m512i top = _mm512_set1_epi16(0x4000);
    const auto without = [&](const Words& words) {
      return Words{_mm512_andnot_si512(top, words.even), _mm512_andnot_si512(top, words.odd)};
    };
    const __m512i low = _mm512_or_si512(index(without(here), without(next)),
                                        _mm512_slli_epi16(_mm512_and_si512(here.even, top), 1));
    const __m512i high =
        _mm512_or_si512(_mm512_srli_epi16(_mm512_and_si512(here.odd, top), 14),
                        _mm512_srli_epi16(_mm512_and_si512(third(here, next), top), 13));
    _mm512_store_si512(out, _mm512_unpacklo_epi16(low, high));
    _mm512_store_si512(out + 16, _mm512_unpackhi_epi16(low, high));
  }

  static unsigned repeated(__m512i index) {
    const __m512i other = _mm512_rol_epi32(index, 16);  // of the same pair of steps
    return static_cast<unsigned>(_mm_popcnt_u32(_mm512_cmpeq_epi16_mask(index, other))) / 2;
  }

  static Flags none() { return _mm512_setzero_si512(); }
  static Flags both(Flags a, Flags b) { return _mm512_or_si512(a, b); }
  static bool slow(Flags flags) {
    return _mm512_test_epi8_mask(flags, _mm512_set1_epi8(static_cast<char>(0xC0))) != 0;
  }
  static bool missing(Flags flags) { return _mm512_movepi8_mask(flags) != 0; }

 private:
  // The word behind each odd one.
  static __m512i third(const Words& here, const Words& next) {
    // Shifts the two vectors together by one word: by 32 bits within them and 16 within each.
    const __m512i behind = _mm512_alignr_epi32(next.even, here.even, 1);
    return _mm512_or_si512(_mm512_srli_epi32(here.even, 16), _mm512_slli_epi32(behind, 16));
  }

  __m512i low_[4];
  __m512i high_[4];
};

TriplesDone count(Bytes codes, CodeKind kind, const TripleIds& ids, const TripleTables& tables,
                  std::uint32_t* pairs) {
  if (kind == CodeKind::text || ids.group_count == ids.ascii_groups) {
    return TripleLoop<Vector<false>>(codes, kind, ids, tables, pairs).run();
  }
  return TripleLoop<Vector<true>>(codes, kind, ids, tables, pairs).run();
}

}  // namespace

extern const CountTriples kTriplesAvx512;
const CountTriples kTriplesAvx512 = count;

}  // namespace makemore
