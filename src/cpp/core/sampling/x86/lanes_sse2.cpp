// Drawing 4 words a vector, for what every x86-64 has.
#include <emmintrin.h>

#include <cstring>

#include "sampling/lanes_body.hpp"

namespace makemore {
namespace {

struct Sse2 {
  using U = __m128i;
  using Wide = __m128i;
  using Mask = __m128i;  // all bits of a lane alike
  static constexpr std::uint32_t kLanes = 4;
  static constexpr std::uint32_t kGroups = 4;
  static constexpr std::uint32_t kHalves = 2;

  static U load(const std::uint32_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  }
  static void store(std::uint32_t* to, U x) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), x); }
  static U splat(std::uint32_t x) { return _mm_set1_epi32(static_cast<int>(x)); }
  static U count_from(std::uint32_t x) { return add(_mm_setr_epi32(0, 1, 2, 3), splat(x)); }
  static U add(U a, U b) { return _mm_add_epi32(a, b); }
  static U both(U a, U b) { return _mm_and_si128(a, b); }
  static U either(U a, U b) { return _mm_or_si128(a, b); }
  static U exclusive_or(U a, U b) { return _mm_xor_si128(a, b); }
  static U exclusive_or(U a, U b, U c) { return exclusive_or(exclusive_or(a, b), c); }
  static U shift_left(U a, unsigned n) {
    return _mm_sll_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static U shift_right(U a, unsigned n) {
    return _mm_srl_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static Mask less(U a, U b) {
    const U sign = _mm_set1_epi32(INT32_MIN);
    return _mm_cmpgt_epi32(exclusive_or(b, sign), exclusive_or(a, sign));
  }
  static U choose(Mask m, U yes, U no) { return exclusive_or(no, both(m, exclusive_or(yes, no))); }
  static Mask no_zero_byte(U a) {
    const U zero = _mm_setzero_si128();
    return _mm_cmpeq_epi32(_mm_cmpeq_epi8(a, zero), zero);
  }
  static U gather(const std::uint32_t* table, U at) {
    alignas(16) std::uint32_t places[kLanes];
    store(places, at);
    const auto entry = [&](std::uint32_t lane) { return static_cast<int>(table[places[lane]]); };
    return _mm_setr_epi32(entry(0), entry(1), entry(2), entry(3));
  }
  static void scatter(std::uint8_t* out, U at, U x) {
    alignas(16) std::uint32_t places[kLanes];
    alignas(16) std::uint32_t values[kLanes];
    store(places, at);
    store(values, x);
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
      std::memcpy(out + places[lane], &values[lane], 4);
    }
  }
  static std::uint32_t keep(std::uint32_t* out, U x, Mask m, std::uint32_t n) {
    alignas(16) std::uint32_t values[kLanes];
    store(values, x);
    auto kept = static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(m)));
    if (n < kLanes) kept &= (1U << n) - 1;
    std::uint32_t* end = out;
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
      *end = values[lane];
      end += kept >> lane & 1;
    }
    return static_cast<std::uint32_t>(end - out);
  }

  static Wide wide(std::uint32_t x) { return _mm_set1_epi64x(x); }
  static Wide multiply(Wide a, Wide b) { return _mm_mul_epu32(a, b); }
  static Wide high(Wide a) { return _mm_srli_epi64(a, 32); }
  static void split(U a, Wide halves[2]) {
    halves[0] = a;
    halves[1] = high(a);
  }
  static U join_low(const Wide a[2]) {
    return either(both(a[0], wide(0xFFFFFFFF)), _mm_slli_epi64(a[1], 32));
  }
  static U join_high(const Wide a[2]) {
    return either(high(a[0]), _mm_andnot_si128(wide(0xFFFFFFFF), a[1]));
  }
};

}  // namespace

extern const DrawLanes kDrawLanesSse2;
const DrawLanes kDrawLanesSse2 = draw<Sse2>;

}  // namespace makemore
