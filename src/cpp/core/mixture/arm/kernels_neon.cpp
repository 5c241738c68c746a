// Four vectors of 4 floats, for NEON, which every 64-bit ARM has.
#include <arm_neon.h>

#include "mixture/kernels_body.hpp"

namespace makemore {
namespace {

// For each set of lanes, which bytes of a row's next numbers come to each lane. What is beyond a
// table's end becomes zero.
struct NeonLanes {
  std::uint8_t bytes[16][16];
};
constexpr NeonLanes kNeonLanes = [] {
  NeonLanes places{};
  for (unsigned set = 0; set < 16; ++set) {
    unsigned n = 0;
    for (unsigned lane = 0; lane < 4; ++lane) {
      const bool there = (set >> lane & 1) != 0;
      for (unsigned byte = 0; byte < 4; ++byte) {
        places.bytes[set][4 * lane + byte] = static_cast<std::uint8_t>(there ? 4 * n + byte : 0xFF);
      }
      n += there ? 1 : 0;
    }
  }
  return places;
}();

struct NeonFloats {
  static constexpr std::size_t kParts = 4;
  float32x4_t parts[kParts];

  template <class Of>
  static NeonFloats made(Of&& of) {
    return {{of(0), of(1), of(2), of(3)}};
  }
  static NeonFloats load(const float* from) {
    return made([&](std::size_t i) { return vld1q_f32(from + 4 * i); });
  }
  void store(float* to) const {
    for (std::size_t i = 0; i < kParts; ++i) vst1q_f32(to + 4 * i, parts[i]);
  }
  static NeonFloats all(float x) {
    const float32x4_t four = vdupq_n_f32(x);
    return {{four, four, four, four}};
  }
  static NeonFloats expand(std::uint32_t bits, const std::uint32_t* words) {
    return made([&](std::size_t i) {
      const std::uint32_t set = bits >> 4 * i & 0xF;
      const uint8x16_t numbers = vreinterpretq_u8_u32(vld1q_u32(words));
      words += std::popcount(set);
      return vreinterpretq_f32_u8(vqtbl1q_u8(numbers, vld1q_u8(kNeonLanes.bytes[set])));
    });
  }
  NeonFloats replaced(std::uint32_t lane, float x) const {
    constexpr std::uint32_t numbers[] = {0, 1, 2, 3};
    const uint32x4_t first = vld1q_u32(numbers);
    return made([&](std::size_t i) {
      const uint32x4_t wanted = vdupq_n_u32(lane - static_cast<std::uint32_t>(4 * i));
      return vbslq_f32(vceqq_u32(first, wanted), vdupq_n_f32(x), parts[i]);
    });
  }
  friend NeonFloats operator+(NeonFloats a, NeonFloats b) {
    return made([&](std::size_t i) { return vaddq_f32(a.parts[i], b.parts[i]); });
  }
  friend NeonFloats operator-(NeonFloats a, NeonFloats b) {
    return made([&](std::size_t i) { return vsubq_f32(a.parts[i], b.parts[i]); });
  }
  friend NeonFloats operator*(NeonFloats a, NeonFloats b) {
    return made([&](std::size_t i) { return vmulq_f32(a.parts[i], b.parts[i]); });
  }
  friend NeonFloats operator/(NeonFloats a, NeonFloats b) {
    return made([&](std::size_t i) { return vdivq_f32(a.parts[i], b.parts[i]); });
  }
  NeonFloats root() const {
    return made([&](std::size_t i) { return vsqrtq_f32(parts[i]); });
  }
  // NEON's own maximum is another one of zeros of both signs.
  static float32x4_t greater4(float32x4_t a, float32x4_t b) {
    return vbslq_f32(vcgtq_f32(a, b), a, b);
  }
  static NeonFloats greater(NeonFloats a, NeonFloats b) {
    return made([&](std::size_t i) { return greater4(a.parts[i], b.parts[i]); });
  }
  static NeonFloats power_of_two(NeonFloats k) {
    return made([&](std::size_t i) {
      const int32x4_t exponent = vaddq_s32(vcvtq_s32_f32(k.parts[i]), vdupq_n_s32(127));
      return vreinterpretq_f32_s32(vshlq_n_s32(exponent, 23));
    });
  }
  static NeonFloats fraction(NeonFloats x, NeonFloats& k) {
    const uint32x4_t first = vdupq_n_u32(0x3F2AAAAB);
    const NeonFloats from = x;  // which k may be
    return made([&](std::size_t i) {
      const uint32x4_t above = vsubq_u32(vreinterpretq_u32_f32(from.parts[i]), first);
      k.parts[i] = vcvtq_f32_s32(vshrq_n_s32(vreinterpretq_s32_u32(above), 23));
      const uint32x4_t rest = vandq_u32(above, vdupq_n_u32(0x007FFFFF));
      return vreinterpretq_f32_u32(vaddq_u32(rest, first));
    });
  }
  float sum() const {
    const float32x4_t four =
        vaddq_f32(vaddq_f32(parts[0], parts[2]), vaddq_f32(parts[1], parts[3]));
    const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
  }
  float largest() const {
    const float32x4_t four = greater4(greater4(parts[0], parts[2]), greater4(parts[1], parts[3]));
    const float low = vgetq_lane_f32(four, 0) > vgetq_lane_f32(four, 1) ? vgetq_lane_f32(four, 0)
                                                                        : vgetq_lane_f32(four, 1);
    const float high = vgetq_lane_f32(four, 2) > vgetq_lane_f32(four, 3) ? vgetq_lane_f32(four, 2)
                                                                         : vgetq_lane_f32(four, 3);
    return low > high ? low : high;
  }
};

}  // namespace

extern const MixtureKernels kMixtureKernelsNeon;
const MixtureKernels kMixtureKernelsNeon = kernels_of<NeonFloats>();

}  // namespace makemore
