// Drawing 4 words a vector, for NEON, which every 64-bit ARM has.
#include <arm_neon.h>

#include <bit>
#include <cstring>

#include "sampling/lanes_body.hpp"

namespace makemore {
namespace {

// For each set of lanes, the bytes that bring them to the front.
struct ToFront {
  std::uint8_t bytes[16][16];
};
constexpr ToFront kToFront = [] {
  ToFront places{};
  for (unsigned set = 0; set < 16; ++set) {
    unsigned n = 0;
    for (unsigned lane = 0; lane < 4; ++lane) {
      if ((set >> lane & 1) == 0) continue;
      for (unsigned byte = 0; byte < 4; ++byte) {
        places.bytes[set][n++] = static_cast<std::uint8_t>(4 * lane + byte);
      }
    }
  }
  return places;
}();

struct Neon {
  using U = uint32x4_t;
  using Wide = uint64x2_t;
  using Mask = uint32x4_t;  // all bits of a lane alike
  static constexpr std::uint32_t kLanes = 4;
  static constexpr std::uint32_t kGroups = 4;
  static constexpr std::uint32_t kHalves = 2;

  static U load(const std::uint32_t* from) { return vld1q_u32(from); }
  static void store(std::uint32_t* to, U x) { vst1q_u32(to, x); }
  static U splat(std::uint32_t x) { return vdupq_n_u32(x); }
  static U count_from(std::uint32_t x) {
    constexpr std::uint32_t numbers[] = {0, 1, 2, 3};
    return add(load(numbers), splat(x));
  }
  static U add(U a, U b) { return vaddq_u32(a, b); }
  static U both(U a, U b) { return vandq_u32(a, b); }
  static U either(U a, U b) { return vorrq_u32(a, b); }
  static U exclusive_or(U a, U b, U c) { return veorq_u32(veorq_u32(a, b), c); }
  static U shift_left(U a, unsigned n) { return vshlq_u32(a, vdupq_n_s32(static_cast<int>(n))); }
  static U shift_right(U a, unsigned n) { return vshlq_u32(a, vdupq_n_s32(-static_cast<int>(n))); }
  static Mask less(U a, U b) { return vcltq_u32(a, b); }
  static U choose(Mask m, U yes, U no) { return vbslq_u32(m, yes, no); }
  static Mask no_zero_byte(U a) {
    return vceqzq_u32(vreinterpretq_u32_u8(vceqzq_u8(vreinterpretq_u8_u32(a))));
  }
  static U gather(const std::uint32_t* table, U at) {
    U entries = splat(table[vgetq_lane_u32(at, 0)]);
    entries = vld1q_lane_u32(table + vgetq_lane_u32(at, 1), entries, 1);
    entries = vld1q_lane_u32(table + vgetq_lane_u32(at, 2), entries, 2);
    return vld1q_lane_u32(table + vgetq_lane_u32(at, 3), entries, 3);
  }
  static void scatter(std::uint8_t* out, U at, U x) {
    const auto put = [&](std::uint32_t place, std::uint32_t value) {
      std::memcpy(out + place, &value, 4);
    };
    put(vgetq_lane_u32(at, 0), vgetq_lane_u32(x, 0));
    put(vgetq_lane_u32(at, 1), vgetq_lane_u32(x, 1));
    put(vgetq_lane_u32(at, 2), vgetq_lane_u32(x, 2));
    put(vgetq_lane_u32(at, 3), vgetq_lane_u32(x, 3));
  }
  static std::uint32_t keep(std::uint32_t* out, U x, Mask m, std::uint32_t n) {
    constexpr std::uint32_t bits[] = {1, 2, 4, 8};
    std::uint32_t kept = vaddvq_u32(both(m, load(bits)));
    if (n < kLanes) kept &= (1U << n) - 1;
    const uint8x16_t to_front = vld1q_u8(kToFront.bytes[kept]);
    store(out, vreinterpretq_u32_u8(vqtbl1q_u8(vreinterpretq_u8_u32(x), to_front)));
    return static_cast<std::uint32_t>(std::popcount(kept));
  }

  static Wide wide(std::uint32_t x) { return vdupq_n_u64(x); }
  static Wide multiply(Wide a, Wide b) { return vmull_u32(vmovn_u64(a), vmovn_u64(b)); }
  static Wide high(Wide a) { return vshrq_n_u64(a, 32); }
  static Wide exclusive_or(Wide a, Wide b) { return veorq_u64(a, b); }
  static Wide exclusive_or(Wide a, Wide b, Wide c) { return exclusive_or(exclusive_or(a, b), c); }
  // The lower two lanes are one half, the upper two the other: as the long multiplication has it.
  static void split(U a, Wide halves[2]) {
    halves[0] = vmovl_u32(vget_low_u32(a));
    halves[1] = vmovl_high_u32(a);
  }
  static U join_low(const Wide a[2]) { return vmovn_high_u64(vmovn_u64(a[0]), a[1]); }
  static U join_high(const Wide a[2]) { return vshrn_high_n_u64(vshrn_n_u64(a[0], 32), a[1], 32); }
};

}  // namespace

extern const DrawLanes kDrawLanesNeon;
const DrawLanes kDrawLanesNeon = draw<Neon>;

}  // namespace makemore
