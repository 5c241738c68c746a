// The seed of a stream, from a number: the first two outputs of NumPy's PCG64 of that number, of
// which NumPy promises that they stay. Here because importing numpy.random takes longer than all
// else that the first words need.
//
// Sources: M. O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms
// for random number generation", 2014 (XSL-RR 128/64); M. O'Neill, "Developing a seed_seq
// alternative", 2015, as NumPy's SeedSequence has it. Checked against NumPy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/compiler.hpp"

namespace makemore {

// SeedSequence: a pool of four words that each bit of the number reaches, and the words made of it.
class SeedPool {
 public:
  explicit SeedPool(std::uint64_t number) {
    const std::array<std::uint32_t, 4> words{static_cast<std::uint32_t>(number),
                                             static_cast<std::uint32_t>(number >> 32), 0, 0};
    Hash hash{0x43b0d7e5, 0x931e8875};
    for (std::size_t i = 0; i < pool_.size(); ++i) pool_[i] = hash(words[i]);
    for (std::size_t from = 0; from < pool_.size(); ++from) {
      for (std::size_t to = 0; to < pool_.size(); ++to) {
        if (from == to) continue;
        const std::uint32_t mixed = 0xca01f9dd * pool_[to] - 0x4973f715 * hash(pool_[from]);
        pool_[to] = mixed ^ mixed >> 16;
      }
    }
  }

  // Four numbers of 64 bits, low words first.
  std::array<std::uint64_t, 4> numbers() const {
    Hash hash{0x8b51f9dd, 0x58f38ded};
    std::array<std::uint64_t, 4> made{};
    for (std::size_t i = 0; i < 8; ++i) {
      made[i / 2] |= std::uint64_t{hash(pool_[i % 4])} << 32 * (i % 2);
    }
    return made;
  }

 private:
  struct Hash {
    std::uint32_t constant, multiplier;

    std::uint32_t operator()(std::uint32_t word) {
      word ^= constant;
      constant *= multiplier;
      word *= constant;
      return word ^ word >> 16;
    }
  };

  std::array<std::uint32_t, 4> pool_{};
};

// PCG64: a linear congruence of 128 bits, whose halves are folded and turned.
class Pcg64 {
 public:
  explicit Pcg64(std::uint64_t number) {
    const std::array<std::uint64_t, 4> seeds = SeedPool(number).numbers();
    increment_ = {seeds[2] << 1 | seeds[3] >> 63, seeds[3] << 1 | 1};
    state_ = sum(increment_, {seeds[0], seeds[1]});
    step();
  }

  std::uint64_t operator()() {
    step();
    const std::uint64_t folded = state_.high ^ state_.low;
    const auto turn = static_cast<unsigned>(state_.high >> 58);
    return folded >> turn | folded << (-turn & 63u);
  }

 private:
  struct Wide {
    std::uint64_t high, low;
  };

  static Wide sum(Wide a, Wide b) {
    const std::uint64_t low = a.low + b.low;
    return {a.high + b.high + (low < b.low), low};
  }

  void step() {
    constexpr Wide by{0x2360ed051fc65da4, 0x4385df649fccf645};
    const Wide product{
        multiply_high(state_.low, by.low) + state_.high * by.low + state_.low * by.high,
        state_.low * by.low};
    state_ = sum(product, increment_);
  }

  Wide increment_{}, state_{};
};

// The first output, with the second moved up by 32 bits and xor-ed onto it.
inline std::uint64_t stream_seed(std::uint64_t number) {
  Pcg64 generator(number);
  const std::uint64_t first = generator();
  return first ^ generator() << 32;
}

}  // namespace makemore
