// The one algorithm behind every variant of draw_lanes; each variant's file gives the vectors.
//
// `V` has the type U, a vector of V::kLanes 32-bit numbers, masks with a bit a lane, and the
// operations used below. Included once by each variant; everything has internal linkage, since
// code made for one instruction set must never be what the linker picks for another.
#pragma once

#include "core/lanes.hpp"

namespace makemore {
namespace {

template <class V>
struct LaneGroup {
  typename V::U word;     // of the block
  typename V::U quarter;  // draws so far / 4
  typename V::U row;      // the last symbol
  std::uint32_t alive;    // lanes that have a word
};

// Philox4x32-10 (philox.hpp) in every lane.
template <class V>
inline void philox(typename V::U counter0, typename V::U counter1, typename V::U counter2,
                   std::uint64_t seed, typename V::U out[4]) {
  typename V::Philox state(counter0, counter1, counter2);
  auto key0 = static_cast<std::uint32_t>(seed);
  auto key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    state.round(key0, key1);
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  state.get(out);
}

template <class V>
inline void step(const LaneBlock& block, LaneGroup<V>& group, std::uint32_t& next) {
  using U = typename V::U;
  const U mask = V::splat((std::uint32_t{1} << block.bits) - 1);
  const auto low = static_cast<std::uint32_t>(block.first);
  const U counter0 = V::add(group.word, V::splat(low));
  const U high = V::splat(static_cast<std::uint32_t>(block.first >> 32));
  const U counter1 = V::add_if(high, V::less(counter0, V::splat(low)));  // the carry
  U draws[4];
  philox<V>(counter0, counter1, group.quarter, block.seed, draws);

  U length = V::shift_left(group.quarter, 2);
  U symbols = V::splat(0);
  std::uint32_t running = group.alive;
  for (unsigned t = 0; t < 4; ++t) {
    const U column = V::both(draws[t], mask);
    const U entry =
        V::gather(block.entries, V::add(V::shift_left(group.row, block.bits), column));
    const std::uint32_t own =
        V::less(V::shift_right(draws[t], block.bits), V::shift_right(entry, block.bits));
    group.row = V::choose(own, column, V::both(entry, mask));
    running &= V::not_zero(group.row);
    length = V::add_if(length, running);
    symbols = V::either(symbols, V::shift_left(group.row, 8 * t));
  }
  // What was drawn after a word's end is written too; it lies behind the word and is not read.
  const U place = V::add(V::shift_left(group.word, 6), V::shift_left(group.quarter, 2));
  V::scatter_bytes(block.staging, place, symbols, group.alive);

  group.quarter = V::add(group.quarter, V::splat(1));
  const std::uint32_t given_up = running & V::equal(group.quarter, V::splat(block.quarters));
  length = V::choose(given_up, V::splat(LaneBlock::kTooLong), length);
  const std::uint32_t done = (group.alive & ~running) | given_up;
  V::scatter(block.lengths, group.word, length, done);

  group.word = V::refill(group.word, done, next);
  next += static_cast<std::uint32_t>(__builtin_popcount(done));
  group.quarter = V::choose(done, V::splat(0), group.quarter);
  group.row = V::choose(done, V::splat(block.start_row), group.row);
  group.alive &= V::less(group.word, V::splat(block.words));
}

template <class V>
void draw(const LaneBlock& block) {
  static_assert(LaneBlock::kStride == 64);
  constexpr int groups = 4;  // enough of them to fill each other's waits
  LaneGroup<V> group[groups];
  std::uint32_t next = 0;
  for (auto& g : group) {
    g.word = V::refill(V::splat(0), V::kAll, next);
    next += V::kLanes;
    g.quarter = V::splat(0);
    g.row = V::splat(block.start_row);
    g.alive = V::less(g.word, V::splat(block.words));
  }
  for (bool any = true; any;) {
    any = false;
    for (auto& g : group) {
      if (g.alive == 0) continue;
      step<V>(block, g, next);
      any = true;
    }
  }
}

}  // namespace
}  // namespace makemore
