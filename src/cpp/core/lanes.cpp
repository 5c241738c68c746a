// The variant that every machine runs, and the choice between the variants.
#include "core/lanes.hpp"

#include "core/alias.hpp"
#include "core/cpu.hpp"
#include "core/philox.hpp"

namespace makemore {
namespace {

// Plain code keeps a few words in flight by hand; more only spill registers.
constexpr std::uint32_t kLanes = 4;

struct Lane {
  std::uint32_t word;
  std::uint32_t quarter;
  std::uint32_t row;
};

void draw_plain(const LaneBlock& block) {
  const std::uint32_t mask = (std::uint32_t{1} << block.bits) - 1;
  Lane lanes[kLanes];
  std::uint32_t next = 0;
  for (Lane& lane : lanes) lane = {next++, 0, block.start_row};
  for (std::uint32_t alive = kLanes; alive > 0;) {
    alive = 0;
    for (Lane& lane : lanes) {
      if (lane.word >= block.words) continue;
      ++alive;
      const std::uint64_t number = block.first + lane.word;
      const PhiloxBlock draws =
          philox4x32({static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32),
                      lane.quarter, 0},
                     block.seed);
      std::uint8_t* const out =
          block.staging + lane.word * LaneBlock::kStride + std::size_t{4} * lane.quarter;
      std::uint32_t length = 0;
      std::uint32_t running = 1;
      for (unsigned t = 0; t < 4; ++t) {
        const std::uint32_t column = draws[t] & mask;
        const std::uint32_t entry =
            block.entries[(static_cast<std::size_t>(lane.row) << block.bits) + column];
        lane.row = draws[t] >> block.bits < entry >> block.bits ? column : entry & mask;
        running &= static_cast<std::uint32_t>(lane.row != 0);
        length += running;
        out[t] = static_cast<std::uint8_t>(lane.row);
      }
      length += 4 * lane.quarter;
      ++lane.quarter;
      const bool given_up = running != 0 && lane.quarter == block.quarters;
      if (running == 0 || given_up) {
        block.lengths[lane.word] = given_up ? LaneBlock::kTooLong : length;
        lane = {next++, 0, block.start_row};
      }
    }
  }
}

}  // namespace

#ifdef MAKEMORE_X86_KERNELS
extern const DrawLanes kDrawLanesAvx2;
extern const DrawLanes kDrawLanesAvx512;
#endif

DrawLanes draw_lanes() {
  switch (active_isa()) {
#ifdef MAKEMORE_X86_KERNELS
    case Isa::avx512: return kDrawLanesAvx512;
    case Isa::avx2: return kDrawLanesAvx2;
#endif
    default: return draw_plain;
  }
}

}  // namespace makemore
