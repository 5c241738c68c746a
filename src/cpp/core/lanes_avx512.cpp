// Drawing 16 words a vector, for AVX-512.
#include <immintrin.h>

#include "core/lanes_body.hpp"

namespace makemore {
namespace {

struct Avx512 {
  using U = __m512i;
  static constexpr std::uint32_t kLanes = 16;
  static constexpr std::uint32_t kAll = 0xFFFF;

  static __mmask16 mask(std::uint32_t bits) { return static_cast<__mmask16>(bits); }
  static U splat(std::uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
  static U add(U a, U b) { return _mm512_add_epi32(a, b); }
  static U both(U a, U b) { return _mm512_and_si512(a, b); }
  static U either(U a, U b) { return _mm512_or_si512(a, b); }
  static U shift_left(U a, unsigned n) {
    return _mm512_sll_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static U shift_right(U a, unsigned n) {
    return _mm512_srl_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static U choose(std::uint32_t m, U yes, U no) { return _mm512_mask_blend_epi32(mask(m), no, yes); }
  static U add_if(U a, std::uint32_t m) {
    return _mm512_mask_add_epi32(a, mask(m), a, _mm512_set1_epi32(1));
  }
  static std::uint32_t less(U a, U b) { return _mm512_cmplt_epu32_mask(a, b); }
  static std::uint32_t equal(U a, U b) { return _mm512_cmpeq_epi32_mask(a, b); }
  static std::uint32_t not_zero(U a) { return _mm512_test_epi32_mask(a, a); }
  static U gather(const std::uint32_t* table, U at) { return _mm512_i32gather_epi32(at, table, 4); }
  static void scatter(std::uint32_t* out, U at, U x, std::uint32_t m) {
    _mm512_mask_i32scatter_epi32(out, mask(m), at, x, 4);
  }
  static void scatter_bytes(std::uint8_t* out, U at, U x, std::uint32_t m) {
    _mm512_mask_i32scatter_epi32(out, mask(m), at, x, 1);
  }
  // The lanes of m get next, next + 1, ...
  static U refill(U a, std::uint32_t m, std::uint32_t next) {
    const U iota = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm512_mask_expand_epi32(a, mask(m), add(iota, splat(next)));
  }

  // A 32-bit number in each half of two vectors of 64-bit ones, so that a product's high and
  // low half need no shuffling: vpmuludq reads the low halves only.
  struct Philox {
    __m512i c[4][2];

    Philox(U counter0, U counter1, U counter2) {
      const U from[3] = {counter0, counter1, counter2};
      for (int i = 0; i < 3; ++i) {
        c[i][0] = from[i];
        c[i][1] = _mm512_srli_epi64(from[i], 32);
      }
      c[3][0] = c[3][1] = _mm512_setzero_si512();
    }

    void round(std::uint32_t key0, std::uint32_t key1) {
      const __m512i k0 = _mm512_set1_epi64(key0);
      const __m512i k1 = _mm512_set1_epi64(key1);
      const __m512i m0 = _mm512_set1_epi64(0xD2511F53);
      const __m512i m1 = _mm512_set1_epi64(0xCD9E8D57);
      constexpr int exclusive_or = 0x96;
      for (int half = 0; half < 2; ++half) {
        const __m512i a = _mm512_mul_epu32(c[0][half], m0);
        const __m512i b = _mm512_mul_epu32(c[2][half], m1);
        c[0][half] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(b, 32), c[1][half], k0,
                                               exclusive_or);
        c[1][half] = b;
        c[2][half] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(a, 32), c[3][half], k1,
                                               exclusive_or);
        c[3][half] = a;
      }
    }

    void get(U out[4]) const {
      for (int i = 0; i < 4; ++i) {
        out[i] = _mm512_mask_blend_epi32(0xAAAA, c[i][0], _mm512_slli_epi64(c[i][1], 32));
      }
    }
  };
};

}  // namespace

extern const DrawLanes kDrawLanesAvx512;
const DrawLanes kDrawLanesAvx512 = draw<Avx512>;

}  // namespace makemore
