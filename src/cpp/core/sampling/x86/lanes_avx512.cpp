// Drawing 16 words a vector, for AVX-512.
#include <immintrin.h>

#include "sampling/lanes_body.hpp"

namespace makemore {
namespace {

struct Avx512 {
  using U = __m512i;
  using Wide = __m512i;
  using Mask = __mmask16;
  static constexpr std::uint32_t kLanes = 16;
  static constexpr std::uint32_t kGroups = 4;
  static constexpr std::uint32_t kHalves = 2;

  static U load(const std::uint32_t* from) { return _mm512_loadu_si512(from); }
  static void store(std::uint32_t* to, U x) { _mm512_storeu_si512(to, x); }
  static U splat(std::uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
  static U count_from(std::uint32_t x) {
    return add(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), splat(x));
  }
  static U add(U a, U b) { return _mm512_add_epi32(a, b); }
  static U both(U a, U b) { return _mm512_and_si512(a, b); }
  static U either(U a, U b) { return _mm512_or_si512(a, b); }
  static U exclusive_or(U a, U b) { return _mm512_xor_si512(a, b); }
  static U exclusive_or(U a, U b, U c) { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
  static U shift_left(U a, unsigned n) {
    return _mm512_sll_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static U shift_right(U a, unsigned n) {
    return _mm512_srl_epi32(a, _mm_cvtsi32_si128(static_cast<int>(n)));
  }
  static Mask less(U a, U b) { return _mm512_cmplt_epu32_mask(a, b); }
  static U choose(Mask m, U yes, U no) { return _mm512_mask_blend_epi32(m, no, yes); }
  static Mask no_zero_byte(U a) {
    const U marks = _mm512_andnot_si512(a, _mm512_sub_epi32(a, splat(0x01010101)));
    return _mm512_testn_epi32_mask(marks, splat(0x80808080));
  }
  static U gather(const std::uint32_t* table, U at) { return _mm512_i32gather_epi32(at, table, 4); }
  static void scatter(std::uint8_t* out, U at, U x) { _mm512_i32scatter_epi32(out, at, x, 1); }
  static std::uint32_t keep(std::uint32_t* out, U x, Mask m, std::uint32_t n) {
    const Mask kept = n < kLanes ? static_cast<Mask>(m & ((1U << n) - 1)) : m;
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(kept, x));
    return static_cast<std::uint32_t>(_mm_popcnt_u32(kept));
  }

  static Wide wide(std::uint32_t x) { return _mm512_set1_epi64(x); }
  static Wide multiply(Wide a, Wide b) { return _mm512_mul_epu32(a, b); }
  static Wide high(Wide a) { return _mm512_srli_epi64(a, 32); }
  static void split(U a, Wide halves[2]) {
    halves[0] = a;
    halves[1] = high(a);
  }
  static U join_low(const Wide a[2]) {
    return _mm512_mask_shuffle_epi32(a[0], 0xAAAA, a[1], _MM_PERM_CCAA);
  }
  static U join_high(const Wide a[2]) {
    return _mm512_mask_shuffle_epi32(a[1], 0x5555, a[0], _MM_PERM_DDBB);
  }
};

}  // namespace

extern const DrawLanes kDrawLanesAvx512;
const DrawLanes kDrawLanesAvx512 = draw<Avx512>;

}  // namespace makemore
