// Where a key stands among the few of a cache line, without a branch.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/compiler.hpp"

#if defined(MAKEMORE_SSE2)
#include <emmintrin.h>
#elif defined(MAKEMORE_NEON)
#include <arm_neon.h>
#endif

namespace makemore {

namespace portable {

// The place of `key` among n keys, where it stands at most once; n if it is not there.
template <std::uint32_t n, class Key>
constexpr std::uint32_t find_in_line(const Key* keys, Key key) {
  std::uint32_t place = n;
  for (std::uint32_t i = 0; i < n; ++i) place -= keys[i] == key ? n - i : 0;
  return place;
}

}  // namespace portable

// The same.
template <std::uint32_t n, class Key>
std::uint32_t find_in_line(const Key* keys, Key key) {
#if defined(MAKEMORE_SSE2)
  const auto load = [&](std::uint32_t at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(keys + at));
  };
  if constexpr (sizeof(Key) == 4 && n == 8) {
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(key));
    const __m128i equal =
        _mm_packs_epi32(_mm_cmpeq_epi32(load(0), wanted), _mm_cmpeq_epi32(load(4), wanted));
    const auto found = static_cast<std::uint32_t>(_mm_movemask_epi8(equal)) | 1u << (2 * n);
    return static_cast<std::uint32_t>(std::countr_zero(found)) / 2;
  }
#elif defined(MAKEMORE_NEON)
  if constexpr (sizeof(Key) == 4 && n == 8) {
    const uint32x4_t wanted = vdupq_n_u32(key);
    const uint16x8_t equal = vcombine_u16(vmovn_u32(vceqq_u32(vld1q_u32(keys), wanted)),
                                          vmovn_u32(vceqq_u32(vld1q_u32(keys + 4), wanted)));
    const std::uint64_t found = vget_lane_u64(vreinterpret_u64_u8(vmovn_u16(equal)), 0);
    return found == 0 ? n : static_cast<std::uint32_t>(std::countr_zero(found)) / 8;
  }
#endif
  return portable::find_in_line<n>(keys, key);
}

}  // namespace makemore
