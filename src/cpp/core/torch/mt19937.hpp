// MT19937, the Mersenne Twister: the generator behind torch's CPU streams.
//
// Source: M. Matsumoto, T. Nishimura, "Mersenne twister: a 623-dimensionally
// equidistributed uniform pseudo-random number generator", ACM TOMACS 8, 1998, with the
// seeding of 2002. Outputs are made a block of 624 at a time, when the first is asked for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace makemore {

class Mt19937 {
 public:
  static constexpr std::size_t kBlock = 624;
  using State = std::array<std::uint32_t, kBlock>;

  explicit Mt19937(std::uint32_t seed);

  // From a state and how many of its block's outputs were used; 624: the next output
  // starts a new block.
  Mt19937(const State& state, std::size_t used);

  // From a state of zeros only zeros follow; of the first word only the highest bit counts.
  static bool possible(const State& state);

  const State& state() const { return state_; }
  std::size_t used() const { return used_; }
  bool operator==(const Mt19937&) const = default;

  // What is left of this block, never nothing; `advance` says how much of it was used.
  std::span<const std::uint32_t> rest() {
    if (used_ == kBlock) refill();
    return std::span<const std::uint32_t>(outputs_).subspan(used_);
  }
  void advance(std::size_t n) { used_ += n; }

  // The next n outputs; they stand in `spare` or in the generator, until its next use.
  const std::uint32_t* take(std::size_t n, std::vector<std::uint32_t>& spare) {
    if (n > kBlock - used_) return take_across(n, spare);
    used_ += n;
    return &outputs_[used_ - n];
  }

 private:
  void refill();
  void temper();
  const std::uint32_t* take_across(std::size_t n, std::vector<std::uint32_t>& spare);

  State state_;
  State outputs_;
  std::size_t used_ = kBlock;
};

}  // namespace makemore
