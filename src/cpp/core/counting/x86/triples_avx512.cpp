// The triple kernels for AVX-512 with VBMI: 64 codes at a time.
#include <immintrin.h>

#include "counting/x86/triples_x86.hpp"

namespace makemore {
namespace {

class Vector {
 public:
  static constexpr std::size_t kBytes = 64;

  explicit Vector(const std::uint8_t* ids) {
    for (int i = 0; i < 4; ++i) ids_[i] = _mm512_loadu_si512(ids + 64 * i);
  }

  // A look-up in 256 bytes: two halves of 128, chosen by the code's high bit.
  __m512i ids_at(const std::uint8_t* codes) const {
    const __m512i code = _mm512_loadu_si512(codes);
    const __m512i low = _mm512_permutex2var_epi8(ids_[0], code, ids_[1]);
    const __mmask64 above = _mm512_movepi8_mask(code);
    if (above == 0) return low;
    return _mm512_mask_blend_epi8(above, low, _mm512_permutex2var_epi8(ids_[2], code, ids_[3]));
  }

  static __m512i none() { return _mm512_setzero_si512(); }
  static __m512i both(__m512i a, __m512i b) { return _mm512_or_si512(a, b); }
  static bool any_missing(__m512i seen) { return _mm512_movepi8_mask(seen) != 0; }

  // 5 bits: the index of TripleKernels::index in 16 bits.
  static Alike store(__m512i first, __m512i third, std::uint16_t* out) {
    const __m512i ab = _mm512_maddubs_epi16(first, _mm512_set1_epi16(0x2001));
    const __m512i row = _mm512_and_si512(_mm512_slli_epi16(third, 5), _mm512_set1_epi16(0x3E0));
    const __m512i all = _mm512_xor_si512(_mm512_or_si512(ab, _mm512_slli_epi16(third, 10)), row);
    _mm512_store_si512(out, all);
    const __m512i one = _mm512_broadcastw_epi16(_mm512_castsi512_si128(all));
    const __m512i other = _mm512_rol_epi32(all, 16);  // of the same pair of steps
    return {_mm512_cmpneq_epi16_mask(all, one) == 0,
            static_cast<unsigned>(_mm_popcnt_u32(_mm512_cmpeq_epi16_mask(all, other)))};
  }

  // 6 bits: the same in 32 bits.
  static Alike store(__m512i first, __m512i third, std::uint32_t* out) {
    const __m512i c = _mm512_and_si512(third, _mm512_set1_epi16(0xFF));
    const __m512i ab = _mm512_xor_si512(_mm512_maddubs_epi16(first, _mm512_set1_epi16(0x4001)),
                                        _mm512_slli_epi16(c, 6));
    const auto half = [](__m256i x, __m256i y) {
      return _mm512_or_si512(_mm512_cvtepu16_epi32(x),
                             _mm512_slli_epi32(_mm512_cvtepu16_epi32(y), 12));
    };
    const __m512i low = half(_mm512_castsi512_si256(ab), _mm512_castsi512_si256(c));
    const __m512i high = half(_mm512_extracti64x4_epi64(ab, 1), _mm512_extracti64x4_epi64(c, 1));
    _mm512_store_si512(out, low);
    _mm512_store_si512(out + 16, high);
    const __m512i one = _mm512_broadcastd_epi32(_mm512_castsi512_si128(low));
    return {(_mm512_cmpneq_epi32_mask(low, one) | _mm512_cmpneq_epi32_mask(high, one)) == 0, 0};
  }

 private:
  __m512i ids_[4];
};

}  // namespace

extern const TripleKernels kTriplesAvx512;
const TripleKernels kTriplesAvx512 = {
    count_triples5<Vector>,
    count_triples6<Vector>,
    largest_counter,
    drain_counters,
};

}  // namespace makemore
