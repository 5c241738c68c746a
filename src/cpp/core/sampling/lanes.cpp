// The lanes that every machine can run, and the choice between the variants.
#include "sampling/lanes.hpp"

#include <cstring>

#include "base/cpu.hpp"
#include "sampling/lanes_body.hpp"

namespace makemore {
namespace {

// One word at a time; the processor itself overlaps what does not depend on each other.
struct Plain {
  using U = std::uint32_t;
  using Wide = std::uint64_t;
  using Mask = bool;
  static constexpr std::uint32_t kLanes = 1;
  static constexpr std::uint32_t kGroups = 4;
  static constexpr std::uint32_t kHalves = 1;

  static U load(const std::uint32_t* from) { return *from; }
  static void store(std::uint32_t* to, U x) { *to = x; }
  static U splat(std::uint32_t x) { return x; }
  static U count_from(std::uint32_t x) { return x; }
  static U add(U a, U b) { return a + b; }
  static U both(U a, U b) { return a & b; }
  static U either(U a, U b) { return a | b; }
  static U exclusive_or(U a, U b, U c) { return a ^ b ^ c; }
  static U shift_left(U a, unsigned n) { return a << n; }
  static U shift_right(U a, unsigned n) { return a >> n; }
  static Mask less(U a, U b) { return a < b; }
  static U choose(Mask m, U yes, U no) {
    const std::uint32_t all = 0 - std::uint32_t{m};  // a branch would be guessed wrong
    return no ^ ((no ^ yes) & all);
  }
  static Mask no_zero_byte(U a) { return ((a - 0x01010101) & ~a & 0x80808080) == 0; }
  static U gather(const std::uint32_t* table, U at) { return table[at]; }
  static void scatter(std::uint8_t* out, U at, U x) { std::memcpy(out + at, &x, 4); }
  static std::uint32_t keep(std::uint32_t* out, U x, Mask m, std::uint32_t n) {
    *out = x;
    return std::uint32_t{m} & std::uint32_t{n > 0};
  }

  static Wide wide(std::uint32_t x) { return x; }
  static Wide multiply(Wide a, Wide b) { return low_half(a) * b; }
  static Wide high(Wide a) { return a >> 32; }
  static Wide exclusive_or(Wide a, Wide b) { return a ^ b; }
  static Wide exclusive_or(Wide a, Wide b, Wide c) { return a ^ b ^ c; }
  static void split(U a, Wide halves[1]) { halves[0] = a; }
  static U join_low(const Wide a[1]) { return low_half(a[0]); }
  static U join_high(const Wide a[1]) { return high_half(a[0]); }
};

}  // namespace

void draw_plain(const LaneBlock& block) { draw<Plain>(block); }

#ifdef MAKEMORE_X86_KERNELS
extern const DrawLanes kDrawLanesSse2;
extern const DrawLanes kDrawLanesAvx2;
extern const DrawLanes kDrawLanesAvx512;
#endif
#ifdef MAKEMORE_ARM_KERNELS
extern const DrawLanes kDrawLanesNeon;
#endif

DrawLanes draw_lanes() {
  return best_of<DrawLanes>({
#ifdef MAKEMORE_X86_KERNELS
      {Isa::avx512, kDrawLanesAvx512},
      {Isa::avx2, kDrawLanesAvx2},
      {Isa::baseline, kDrawLanesSse2},
#endif
#ifdef MAKEMORE_ARM_KERNELS
      {Isa::baseline, kDrawLanesNeon},
#endif
      {Isa::baseline, draw_plain},
  });
}

}  // namespace makemore
