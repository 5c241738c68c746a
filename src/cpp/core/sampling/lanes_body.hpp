// The one algorithm behind every variant of draw_lanes; each variant's file gives the vectors.
//
// `V` has the types U, a vector of V::kLanes 32-bit numbers, Mask, a truth value for each of
// them, and Wide, 64-bit numbers of which V::kHalves vectors make a U; and the operations used
// below. Included once by each variant; everything has internal linkage, since code made for
// one instruction set must never be what the linker picks for another.
#pragma once

#include "sampling/lanes.hpp"

namespace makemore {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;

constexpr std::uint32_t high_half(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }
constexpr std::uint32_t low_half(std::uint64_t x) { return static_cast<std::uint32_t>(x); }

// Philox4x32-10 (philox.hpp) for words whose counters differ in the first number only. What
// depends on the others alone is worked out here, which is half of the first two rounds.
struct PhiloxPlan {
  std::uint32_t key0[10];
  std::uint32_t key1[10];
  std::uint32_t second0;  // what goes into the state after two rounds
  std::uint32_t second2;
  std::uint32_t second3;

  explicit PhiloxPlan(std::uint64_t seed) {
    for (std::uint32_t round = 0; round < 10; ++round) {
      key0[round] = low_half(seed) + round * 0x9E3779B9;
      key1[round] = high_half(seed) + round * 0xBB67AE85;
    }
  }
  void set_counter(std::uint32_t second, std::uint32_t third) {
    const std::uint64_t b = std::uint64_t{kMultiplier1} * third;
    const std::uint64_t a = std::uint64_t{kMultiplier0} * (high_half(b) ^ second ^ key0[0]);
    second0 = low_half(b) ^ key0[1];
    second2 = high_half(a) ^ key1[1];
    second3 = low_half(a);
  }
};

// A product stays where it was made, in 64 bits: the next multiplication reads low halves only.
template <class V>
inline void philox(const PhiloxPlan& plan, typename V::U counter, typename V::U out[4]) {
  using Wide = typename V::Wide;
  constexpr std::uint32_t halves = V::kHalves;
  const Wide m0 = V::wide(kMultiplier0);
  const Wide m1 = V::wide(kMultiplier1);
  Wide c0[halves], c1[halves], c2[halves], c3[halves];
  V::split(counter, c0);
  for (std::uint32_t h = 0; h < halves; ++h) {
    const Wide a = V::multiply(c0[h], m0);
    const Wide b = V::multiply(V::exclusive_or(V::high(a), V::wide(plan.key1[0])), m1);
    c0[h] = V::exclusive_or(V::high(b), V::wide(plan.second0));
    c1[h] = b;
    c2[h] = V::exclusive_or(a, V::wide(plan.second2));
    c3[h] = V::wide(plan.second3);
  }
  for (int round = 2; round < 9; ++round) {
    const Wide k0 = V::wide(plan.key0[round]);
    const Wide k1 = V::wide(plan.key1[round]);
    for (std::uint32_t h = 0; h < halves; ++h) {
      const Wide a = V::multiply(c0[h], m0);
      const Wide b = V::multiply(c2[h], m1);
      c0[h] = V::exclusive_or(V::high(b), c1[h], k0);
      c1[h] = b;
      c2[h] = V::exclusive_or(V::high(a), c3[h], k1);
      c3[h] = a;
    }
  }
  Wide a[halves], b[halves];
  for (std::uint32_t h = 0; h < halves; ++h) {
    a[h] = V::multiply(c0[h], m0);
    b[h] = V::multiply(c2[h], m1);
  }
  out[0] = V::exclusive_or(V::join_high(b), V::join_low(c1), V::splat(plan.key0[9]));
  out[1] = V::join_low(b);
  out[2] = V::exclusive_or(V::join_high(a), V::join_low(c3), V::splat(plan.key1[9]));
  out[3] = V::join_low(a);
}

// Draws the next four symbols of several vectors of words, whose last symbols are `row`. They
// become the bytes of one number; the last of them stays in `row`. A step is made for all
// vectors before the next, so that each one's wait for the tables is filled by the others.
template <class V, std::uint32_t groups>
inline void walk(const LaneBlock& block, const typename V::U (&draws)[groups][4],
                 typename V::U (&row)[groups], typename V::U (&symbols)[groups]) {
  using U = typename V::U;
  const U mask = V::splat((std::uint32_t{1} << block.bits) - 1);
  for (unsigned t = 0; t < 4; ++t) {
    U entry[groups];
    for (std::uint32_t g = 0; g < groups; ++g) {
      const U column = V::both(draws[g][t], mask);
      entry[g] = V::gather(block.entries, V::either(V::shift_left(row[g], block.bits), column));
    }
    for (std::uint32_t g = 0; g < groups; ++g) {
      // Is the draw below the threshold? Their low bits, column and alias, do not decide it.
      const typename V::Mask own = V::less(V::either(draws[g][t], mask), entry[g]);
      row[g] = V::both(V::choose(own, draws[g][t], entry[g]), mask);
      symbols[g] = t == 0 ? row[g] : V::either(symbols[g], V::shift_left(row[g], 8 * t));
    }
  }
}

// A quarter at a time, for all words; those that go on stand packed in a list.
template <class V>
void draw(const LaneBlock& block) {
  using U = typename V::U;
  constexpr std::uint32_t groups = V::kGroups;
  constexpr std::uint32_t step = groups * V::kLanes;
  static_assert(LaneBlock::kSlot == 16);
  std::uint32_t list[LaneBlock::kMostWords + step];  // word << 8 | last symbol
  for (std::uint32_t i = 0; i < block.words; i += V::kLanes) {
    V::store(list + i, V::either(V::shift_left(V::count_from(i), 8), V::splat(block.start_row)));
  }
  PhiloxPlan plan(block.seed);
  const U first = V::splat(low_half(block.first));
  std::uint32_t going = block.words;
  for (std::uint32_t quarter = 0; quarter < block.quarters && going > 0; ++quarter) {
    plan.set_counter(high_half(block.first), quarter);
    std::uint8_t* const place = block.slot(quarter / 4, 0) + quarter % 4 * 4;
    for (std::uint32_t lane = 0; lane < step; ++lane) list[going + lane] = block.words << 8;
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < going; i += step) {
      U word[groups], row[groups], draws[groups][4], symbols[groups];
      for (std::uint32_t g = 0; g < groups; ++g) {
        const U packed = V::load(list + i + g * V::kLanes);
        word[g] = V::shift_right(packed, 8);
        row[g] = V::both(packed, V::splat(0xFF));
        philox<V>(plan, V::add(first, word[g]), draws[g]);
      }
      walk<V, groups>(block, draws, row, symbols);
      for (std::uint32_t g = 0; g < groups; ++g) {
        V::scatter(place, V::shift_left(word[g], 4), symbols[g]);
        const std::uint32_t before = i + g * V::kLanes;
        kept += V::keep(list + kept, V::either(V::shift_left(word[g], 8), row[g]),
                        V::no_zero_byte(symbols[g]), going > before ? going - before : 0);
      }
    }
    going = kept;
  }
}

}  // namespace
}  // namespace makemore
