// The triple kernel for NEON, which every 64-bit ARM has: 32 codes at a time, in two halves.
#include <arm_neon.h>

#include "counting/triple_loop.hpp"

namespace makemore {
namespace {

class Vector {
 public:
  static constexpr std::size_t kBytes = 32;
  static constexpr std::size_t kUnrolled = 2;

  struct Words {
    uint16x8_t even[2];
    uint16x8_t odd[2];
  };
  using Flags = uint8x16_t;
  using Index = uint16x8x2_t;

  // A look-up takes 16 bytes: one for each high half of a byte that has ids.
  Vector(const TripleIds& ids, std::size_t groups) : groups_(groups) {
    for (std::size_t i = 0; i < groups_; ++i) {
      const std::size_t group = ids.groups[i];
      group_[i] = vdupq_n_u8(static_cast<std::uint8_t>(group << 4));
      low_[i] = vld1q_u8(ids.low.data() + 16 * group);
      // Where all look-ups give nothing, kMissing is left: it is turned over here and back below.
      high_[i] = veorq_u8(vld1q_u8(ids.high.data() + 16 * group), missing_bit());
    }
  }

  Words words(const std::uint8_t* codes, Flags& flags) const {
    Words words;
    for (std::size_t half = 0; half < 2; ++half) {
      const uint8x16_t code = vld1q_u8(codes + 16 * half);
      uint8x16_t low = vdupq_n_u8(0);
      uint8x16_t high = vdupq_n_u8(0);
      for (std::size_t i = 0; i < groups_; ++i) {
        const uint8x16_t place = veorq_u8(code, group_[i]);  // 16 and more in other groups
        low = vorrq_u8(low, vqtbl1q_u8(low_[i], place));
        high = vorrq_u8(high, vqtbl1q_u8(high_[i], place));
      }
      high = veorq_u8(high, missing_bit());
      flags = vorrq_u8(flags, high);
      words.even[half] = vreinterpretq_u16_u8(vtrn1q_u8(low, high));
      words.odd[half] = vreinterpretq_u16_u8(vtrn2q_u8(low, high));
    }
    return words;
  }

  static Index index(const Words& here, const Words& next) {
    Index index;
    for (std::size_t half = 0; half < 2; ++half) {
      index.val[half] = vorrq_u16(vorrq_u16(here.even[half], vshlq_n_u16(here.odd[half], 1)),
                                  vshlq_n_u16(third(here, next, half), 2));
    }
    return index;
  }

  static void store(const Index& index, std::uint16_t* out) {
    vst1q_u16(out, index.val[0]);
    vst1q_u16(out + 8, index.val[1]);
  }

  static void store_wide(const Words& here, const Words& next, std::uint32_t* out) {
    const uint16x8_t top = vdupq_n_u16(0x4000);
    const auto without = [&](const Words& words) {
      Words rest;
      for (std::size_t half = 0; half < 2; ++half) {
        rest.even[half] = vbicq_u16(words.even[half], top);
        rest.odd[half] = vbicq_u16(words.odd[half], top);
      }
      return rest;
    };
    const Index few = index(without(here), without(next));
    for (std::size_t half = 0; half < 2; ++half) {
      const uint16x8_t low =
          vorrq_u16(few.val[half], vshlq_n_u16(vandq_u16(here.even[half], top), 1));
      const uint16x8_t high = vorrq_u16(vshrq_n_u16(vandq_u16(here.odd[half], top), 14),
                                        vshrq_n_u16(vandq_u16(third(here, next, half), top), 13));
      vst1q_u32(out + 8 * half, vreinterpretq_u32_u16(vzip1q_u16(low, high)));
      vst1q_u32(out + 8 * half + 4, vreinterpretq_u32_u16(vzip2q_u16(low, high)));
    }
  }

  static unsigned repeated(const Index& index) {
    unsigned lanes = 0;
    for (const uint16x8_t& part : index.val) {
      const uint16x8_t other = vrev32q_u16(part);  // of the same pair of steps
      lanes += vaddvq_u16(vshrq_n_u16(vceqq_u16(part, other), 15));
    }
    return lanes / 2;
  }

  static Flags none() { return vdupq_n_u8(0); }
  static Flags both(Flags a, Flags b) { return vorrq_u8(a, b); }
  static bool slow(Flags flags) { return vmaxvq_u8(flags) >= TripleIds::kBeyond; }
  static bool missing(Flags flags) { return vmaxvq_u8(flags) >= TripleIds::kMissing; }

 private:
  static uint8x16_t missing_bit() { return vdupq_n_u8(TripleIds::kMissing); }

  // The word behind each odd one.
  static uint16x8_t third(const Words& here, const Words& next, std::size_t half) {
    return vextq_u16(here.even[half], half == 0 ? here.even[1] : next.even[0], 1);
  }

  std::size_t groups_;
  uint8x16_t group_[16];
  uint8x16_t low_[16];
  uint8x16_t high_[16];
};

TriplesDone count(Bytes codes, CodeKind kind, const TripleIds& ids, const TripleTables& tables,
                  std::uint32_t* pairs) {
  return TripleLoop<Vector>(codes, kind, ids, tables, pairs).run();
}

}  // namespace

extern const CountTriples kTriplesNeon;
const CountTriples kTriplesNeon = count;

}  // namespace makemore
