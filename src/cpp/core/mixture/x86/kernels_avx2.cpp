// Two vectors of 8 floats, for AVX2.
#include <immintrin.h>

#include <array>

#include "mixture/kernels_body.hpp"

namespace makemore {
namespace {

// For each set of lanes, which of the numbers in a row comes to each lane.
constexpr auto kToLanes = [] {
  std::array<std::array<std::uint8_t, 8>, 256> places{};
  for (unsigned set = 0; set < 256; ++set) {
    std::uint8_t n = 0;
    for (unsigned lane = 0; lane < 8; ++lane) {
      places[set][lane] = n;
      n = static_cast<std::uint8_t>(n + (set >> lane & 1));
    }
  }
  return places;
}();

struct Avx2 {
  __m256 low;
  __m256 high;

  static Avx2 load(const float* from) { return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)}; }
  void store(float* to) const {
    _mm256_storeu_ps(to, low);
    _mm256_storeu_ps(to + 8, high);
  }
  static Avx2 all(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
  static __m256i lane_bits() { return _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128); }
  static __m256 expand8(std::uint32_t bits, const std::uint32_t* words) {
    const __m256i numbers = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
    const __m256i places = _mm256_cvtepu8_epi32(
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kToLanes[bits].data())));
    const __m256i set = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), lane_bits());
    const __m256i there = _mm256_cmpeq_epi32(set, lane_bits());
    return _mm256_castsi256_ps(
        _mm256_and_si256(_mm256_permutevar8x32_epi32(numbers, places), there));
  }
  static Avx2 expand(std::uint32_t bits, const std::uint32_t* words) {
    const std::uint32_t below = bits & 0xFF;
    return {expand8(below, words), expand8(bits >> 8, words + std::popcount(below))};
  }
  Avx2 replaced(std::uint32_t lane, float x) const {
    const __m256i wanted = _mm256_set1_epi32(static_cast<int>(lane));
    const __m256i first = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i second = _mm256_setr_epi32(8, 9, 10, 11, 12, 13, 14, 15);
    const __m256 of_all = _mm256_set1_ps(x);
    return {
        _mm256_blendv_ps(low, of_all, _mm256_castsi256_ps(_mm256_cmpeq_epi32(first, wanted))),
        _mm256_blendv_ps(high, of_all, _mm256_castsi256_ps(_mm256_cmpeq_epi32(second, wanted)))};
  }
  friend Avx2 operator+(Avx2 a, Avx2 b) {
    return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
  }
  friend Avx2 operator-(Avx2 a, Avx2 b) {
    return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
  }
  friend Avx2 operator*(Avx2 a, Avx2 b) {
    return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
  }
  friend Avx2 operator/(Avx2 a, Avx2 b) {
    return {_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)};
  }
  Avx2 root() const { return {_mm256_sqrt_ps(low), _mm256_sqrt_ps(high)}; }
  static Avx2 greater(Avx2 a, Avx2 b) {
    return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
  }
  static __m256 power8(__m256 k) {
    const __m256i exponent = _mm256_add_epi32(_mm256_cvttps_epi32(k), _mm256_set1_epi32(127));
    return _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23));
  }
  static Avx2 power_of_two(Avx2 k) { return {power8(k.low), power8(k.high)}; }
  static __m256 fraction8(__m256 x, __m256& k) {
    const __m256i first = _mm256_set1_epi32(0x3F2AAAAB);
    const __m256i above = _mm256_sub_epi32(_mm256_castps_si256(x), first);
    k = _mm256_cvtepi32_ps(_mm256_srai_epi32(above, 23));
    const __m256i rest = _mm256_and_si256(above, _mm256_set1_epi32(0x007FFFFF));
    return _mm256_castsi256_ps(_mm256_add_epi32(rest, first));
  }
  static Avx2 fraction(Avx2 x, Avx2& k) {
    const __m256 m = fraction8(x.low, k.low);
    return {m, fraction8(x.high, k.high)};
  }
  float sum() const {
    const __m256 eight = _mm256_add_ps(low, high);
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_shuffle_ps(s, s, 1)));
  }
  float largest() const {
    const __m256 eight = _mm256_max_ps(low, high);
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_shuffle_ps(s, s, 1)));
  }
};

}  // namespace

extern const MixtureKernels kMixtureKernelsAvx2;
const MixtureKernels kMixtureKernelsAvx2 = kernels_of<Avx2>();

}  // namespace makemore
