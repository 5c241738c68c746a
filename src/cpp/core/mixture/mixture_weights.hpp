// The weights of a log-linear mixture of chains, and how they are learned.
//
//   P(c) is proportional to exp(sum over chains m of a_m ln p_m(c) + a_e [c is the end])
//
// with a_m = base[m] + by_position[min(t, 15)][m] + by_bucket[m][b_m] and a_e the first two
// terms of its own. b_m says how far down chain m was followed and how sure it is there
// (HeldOutRows::buckets). Learned by plain stochastic gradient steps on the likelihood,
// which is concave in the weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "mixture/leave_one_out.hpp"

namespace makemore {

class MixtureWeights {
 public:
  static constexpr std::size_t kPositions = 16;  // of which the last stands for all beyond

  MixtureWeights() = default;

  // To start from: every chain the same share. `buckets` says how many each chain has.
  explicit MixtureWeights(std::span<const std::size_t> buckets);

  std::size_t chains() const { return first_bucket_.size() - 1; }

  // a_m, and a_e.
  float of_chain(std::size_t t, std::size_t m, std::size_t bucket) const {
    return values_[m] + values_[place(t, m)] + values_[first_bucket_[m] + bucket];
  }
  float of_end(std::size_t t) const { return values_[chains()] + values_[place(t, chains())]; }

  void move_chain(std::size_t t, std::size_t m, std::size_t bucket, float step) {
    values_[m] += step;
    values_[place(t, m)] += step;
    values_[first_bucket_[m] + bucket] += step;
  }
  void move_end(std::size_t t, float step) {
    values_[chains()] += step;
    values_[place(t, chains())] += step;
  }

  // All of them in one row: base (M + 1), by_position (16 x (M + 1)), by_bucket; the end's
  // stand behind those of the chains.
  std::span<const float> values() const { return values_; }
  std::span<float> values() { return values_; }

 private:
  std::size_t place(std::size_t t, std::size_t m) const {
    return (1 + (t < kPositions ? t : kPositions - 1)) * (chains() + 1) + m;
  }

  std::vector<float> values_;
  std::vector<std::size_t> first_bucket_{0};
};

// The training positions that weights are learned from.
struct Lesson {
  struct Position {
    std::uint32_t symbol;
    std::uint32_t t;
  };
  struct Outcome {
    std::uint32_t row;
    std::uint32_t bucket;
  };
  std::size_t symbols = 0;  // of the alphabet
  std::vector<Position> positions;
  std::vector<Outcome> outcomes;    // by position and chain
  std::vector<Buffer<float>> rows;  // by chain: ln p(c) by outcome and symbol
};

// Takes `passes` steps from each position, in an order shuffled anew each time.
void learn(MixtureWeights& weights, const Lesson& lesson, unsigned passes, std::uint64_t seed,
           const Poll& poll);

}  // namespace makemore
