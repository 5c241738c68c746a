// Drawing 8 words a vector, for AVX2.
#include <immintrin.h>

#include "core/lanes_body.hpp"

namespace makemore {
namespace {

struct Avx2 {
  using U = __m256i;
  static constexpr std::uint32_t kLanes = 8;
  static constexpr std::uint32_t kAll = 0xFF;

  static std::uint32_t bits(__m256i lanes) {
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(lanes)));
  }
  static __m256i lanes(std::uint32_t m) {
    const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    return _mm256_cmpeq_epi32(_mm256_and_si256(splat(m), bit), bit);
  }
  static U splat(std::uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
  static U add(U a, U b) { return _mm256_add_epi32(a, b); }
  static U both(U a, U b) { return _mm256_and_si256(a, b); }
  static U either(U a, U b) { return _mm256_or_si256(a, b); }
  static U shift_left(U a, unsigned n) {
    return _mm256_sll_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static U shift_right(U a, unsigned n) {
    return _mm256_srl_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static U choose(std::uint32_t m, U yes, U no) { return _mm256_blendv_epi8(no, yes, lanes(m)); }
  static U add_if(U a, std::uint32_t m) { return _mm256_sub_epi32(a, lanes(m)); }
  static std::uint32_t less(U a, U b) {
    const __m256i sign = _mm256_set1_epi32(INT32_MIN);
    return bits(_mm256_cmpgt_epi32(_mm256_xor_si256(b, sign), _mm256_xor_si256(a, sign)));
  }
  static std::uint32_t equal(U a, U b) { return bits(_mm256_cmpeq_epi32(a, b)); }
  static std::uint32_t not_zero(U a) { return kAll & ~equal(a, _mm256_setzero_si256()); }
  static U gather(const std::uint32_t* table, U at) {
    return _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), at, 4);
  }
  static void scatter(std::uint32_t* out, U at, U x, std::uint32_t m) {
    alignas(32) std::uint32_t places[kLanes];
    alignas(32) std::uint32_t values[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(places), at);
    _mm256_store_si256(reinterpret_cast<__m256i*>(values), x);
    for (; m != 0; m &= m - 1) {
      const int lane = __builtin_ctz(m);
      out[places[lane]] = values[lane];
    }
  }
  static void scatter_bytes(std::uint8_t* out, U at, U x, std::uint32_t m) {
    alignas(32) std::uint32_t places[kLanes];
    alignas(32) std::uint32_t values[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(places), at);
    _mm256_store_si256(reinterpret_cast<__m256i*>(values), x);
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
      if ((m >> lane & 1) != 0) __builtin_memcpy(out + places[lane], &values[lane], 4);
    }
  }
  // The lanes of m get next, next + 1, ...
  static U refill(U a, std::uint32_t m, std::uint32_t next) {
    alignas(32) std::uint32_t words[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(words), a);
    for (; m != 0; m &= m - 1) words[__builtin_ctz(m)] = next++;
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(words));
  }

  // A 32-bit number in each half of two vectors of 64-bit ones, so that a product's high and
  // low half need no shuffling: vpmuludq reads the low halves only.
  struct Philox {
    __m256i c[4][2];

    Philox(U counter0, U counter1, U counter2) {
      const U from[3] = {counter0, counter1, counter2};
      for (int i = 0; i < 3; ++i) {
        c[i][0] = from[i];
        c[i][1] = _mm256_srli_epi64(from[i], 32);
      }
      c[3][0] = c[3][1] = _mm256_setzero_si256();
    }

    void round(std::uint32_t key0, std::uint32_t key1) {
      const __m256i k0 = _mm256_set1_epi64x(key0);
      const __m256i k1 = _mm256_set1_epi64x(key1);
      const __m256i m0 = _mm256_set1_epi64x(0xD2511F53);
      const __m256i m1 = _mm256_set1_epi64x(0xCD9E8D57);
      for (int half = 0; half < 2; ++half) {
        const __m256i a = _mm256_mul_epu32(c[0][half], m0);
        const __m256i b = _mm256_mul_epu32(c[2][half], m1);
        c[0][half] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(b, 32), c[1][half]), k0);
        c[1][half] = b;
        c[2][half] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(a, 32), c[3][half]), k1);
        c[3][half] = a;
      }
    }

    void get(U out[4]) const {
      for (int i = 0; i < 4; ++i) {
        out[i] = _mm256_blend_epi32(c[i][0], _mm256_slli_epi64(c[i][1], 32), 0xAA);
      }
    }
  };
};

}  // namespace

extern const DrawLanes kDrawLanesAvx2;
const DrawLanes kDrawLanesAvx2 = draw<Avx2>;

}  // namespace makemore
