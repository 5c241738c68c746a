// A vector of 16 floats, for AVX-512.
#include <immintrin.h>

#include "mixture/kernels_body.hpp"

namespace makemore {
namespace {

struct Avx512 {
  __m512 x;

  static Avx512 load(const float* from) { return {_mm512_loadu_ps(from)}; }
  void store(float* to) const { _mm512_storeu_ps(to, x); }
  static Avx512 all(float x) { return {_mm512_set1_ps(x)}; }
  static Avx512 expand(std::uint32_t bits, const std::uint32_t* words) {
    return {_mm512_maskz_expand_ps(static_cast<__mmask16>(bits), _mm512_loadu_ps(words))};
  }
  Avx512 replaced(std::uint32_t lane, float other) const {
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __mmask16 wanted =
        _mm512_cmpeq_epi32_mask(lanes, _mm512_set1_epi32(static_cast<int>(lane)));
    return {_mm512_mask_mov_ps(x, wanted, _mm512_set1_ps(other))};
  }
  friend Avx512 operator+(Avx512 a, Avx512 b) { return {_mm512_add_ps(a.x, b.x)}; }
  friend Avx512 operator-(Avx512 a, Avx512 b) { return {_mm512_sub_ps(a.x, b.x)}; }
  friend Avx512 operator*(Avx512 a, Avx512 b) { return {_mm512_mul_ps(a.x, b.x)}; }
  friend Avx512 operator/(Avx512 a, Avx512 b) { return {_mm512_div_ps(a.x, b.x)}; }
  Avx512 root() const { return {_mm512_sqrt_ps(x)}; }
  static Avx512 greater(Avx512 a, Avx512 b) { return {_mm512_max_ps(a.x, b.x)}; }
  static Avx512 power_of_two(Avx512 k) {
    const __m512i exponent = _mm512_add_epi32(_mm512_cvttps_epi32(k.x), _mm512_set1_epi32(127));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(exponent, 23))};
  }
  static Avx512 fraction(Avx512 x, Avx512& k) {
    const __m512i first = _mm512_set1_epi32(0x3F2AAAAB);
    const __m512i above = _mm512_sub_epi32(_mm512_castps_si512(x.x), first);
    k.x = _mm512_cvtepi32_ps(_mm512_srai_epi32(above, 23));
    const __m512i rest = _mm512_and_si512(above, _mm512_set1_epi32(0x007FFFFF));
    return {_mm512_castsi512_ps(_mm512_add_epi32(rest, first))};
  }
  static __m256 upper(__m512 a) {
    return _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a), 1));
  }
  float sum() const {
    const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(x), upper(x));
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_shuffle_ps(s, s, 1)));
  }
  float largest() const {
    const __m256 eight = _mm256_max_ps(_mm512_castps512_ps256(x), upper(x));
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_shuffle_ps(s, s, 1)));
  }
};

}  // namespace

extern const MixtureKernels kMixtureKernelsAvx512;
const MixtureKernels kMixtureKernelsAvx512 = kernels_of<Avx512>();

}  // namespace makemore
