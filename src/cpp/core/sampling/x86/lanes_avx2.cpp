// Drawing 8 words a vector, for AVX2.
#include <immintrin.h>

#include <array>
#include <cstring>

#include "sampling/lanes_body.hpp"

namespace makemore {
namespace {

// For each set of lanes, where they stand: what brings them to the front.
constexpr auto kToFront = [] {
  std::array<std::array<std::uint8_t, 8>, 256> places{};
  for (unsigned set = 0; set < 256; ++set) {
    unsigned n = 0;
    for (std::uint8_t lane = 0; lane < 8; ++lane) {
      if ((set >> lane & 1) != 0) places[set][n++] = lane;
    }
  }
  return places;
}();

struct Avx2 {
  using U = __m256i;
  using Wide = __m256i;
  using Mask = __m256i;  // all bits of a lane alike
  static constexpr std::uint32_t kLanes = 8;
  static constexpr std::uint32_t kGroups = 4;
  static constexpr std::uint32_t kHalves = 2;

  static U load(const std::uint32_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  }
  static void store(std::uint32_t* to, U x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), x);
  }
  static U splat(std::uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
  static U count_from(std::uint32_t x) {
    return add(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), splat(x));
  }
  static U add(U a, U b) { return _mm256_add_epi32(a, b); }
  static U both(U a, U b) { return _mm256_and_si256(a, b); }
  static U either(U a, U b) { return _mm256_or_si256(a, b); }
  static U exclusive_or(U a, U b) { return _mm256_xor_si256(a, b); }
  static U exclusive_or(U a, U b, U c) { return exclusive_or(exclusive_or(a, b), c); }
  static U shift_left(U a, unsigned n) {
    return _mm256_sll_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static U shift_right(U a, unsigned n) {
    return _mm256_srl_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static Mask less(U a, U b) {
    const U sign = _mm256_set1_epi32(INT32_MIN);
    return _mm256_cmpgt_epi32(exclusive_or(b, sign), exclusive_or(a, sign));
  }
  static U choose(Mask m, U yes, U no) { return _mm256_blendv_epi8(no, yes, m); }
  static Mask no_zero_byte(U a) {
    const U zero = _mm256_setzero_si256();
    return _mm256_cmpeq_epi32(_mm256_cmpeq_epi8(a, zero), zero);
  }
  static U gather(const std::uint32_t* table, U at) {
    return _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), at, 4);
  }
  static void scatter(std::uint8_t* out, U at, U x) {
    alignas(32) std::uint32_t places[kLanes];
    alignas(32) std::uint32_t values[kLanes];
    store(places, at);
    store(values, x);
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
      std::memcpy(out + places[lane], &values[lane], 4);
    }
  }
  static std::uint32_t keep(std::uint32_t* out, U x, Mask m, std::uint32_t n) {
    auto kept = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(m)));
    if (n < kLanes) kept &= (1U << n) - 1;
    const __m256i to_front = _mm256_cvtepu8_epi32(
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kToFront[kept].data())));
    store(out, _mm256_permutevar8x32_epi32(x, to_front));
    return static_cast<std::uint32_t>(_mm_popcnt_u32(kept));
  }

  static Wide wide(std::uint32_t x) { return _mm256_set1_epi64x(x); }
  static Wide multiply(Wide a, Wide b) { return _mm256_mul_epu32(a, b); }
  static Wide high(Wide a) { return _mm256_srli_epi64(a, 32); }
  static void split(U a, Wide halves[2]) {
    halves[0] = a;
    halves[1] = high(a);
  }
  static U join_low(const Wide a[2]) {
    return _mm256_blend_epi32(a[0], _mm256_slli_epi64(a[1], 32), 0xAA);
  }
  static U join_high(const Wide a[2]) { return _mm256_blend_epi32(high(a[0]), a[1], 0xAA); }
};

}  // namespace

extern const DrawLanes kDrawLanesAvx2;
const DrawLanes kDrawLanesAvx2 = draw<Avx2>;

}  // namespace makemore
