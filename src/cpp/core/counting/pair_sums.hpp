// Sums of weights by pair of codes (symbol_codes.hpp).
//
// Pairs of codes that fit a byte are kept in a table, others in a hash table. Sums are taken
// modulo 2^64; the caller keeps their total below it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/poll.hpp"

namespace makemore {

class PairSums {
 public:
  // Polls while it grows; what the poll throws leaves it of no more use.
  explicit PairSums(Poll poll = {}) : narrow_(kSide * kSide), poll_(std::move(poll)) {}

  void add(std::uint32_t first, std::uint32_t second, std::uint64_t weight) {
    if ((first | second) < kSide) {
      narrow_[first * kSide + second] += weight;
    } else if (weight != 0) {
      add_wide(first, second, weight);
    }
  }

  // Calls take(first, second, sum) for each sum that is not zero.
  template <class Take>
  void each(Take&& take) const {
    for (std::uint32_t first = 0; first < kSide; ++first) {
      for (std::uint32_t second = 0; second < kSide; ++second) {
        const std::uint64_t sum = narrow_[first * kSide + second];
        if (sum != 0) take(first, second, sum);
      }
    }
    for (const Sum& wide : wide_) {
      if (wide.sum != 0) take(wide.first, wide.second, wide.sum);
    }
  }

 private:
  static constexpr std::uint32_t kSide = 256;
  struct Sum {
    std::uint32_t first;
    std::uint32_t second;
    std::uint64_t sum;  // 0: a free slot
  };
  void add_wide(std::uint32_t first, std::uint32_t second, std::uint64_t weight);
  void grow();
  Sum& slot(std::uint32_t first, std::uint32_t second);

  std::vector<std::uint64_t> narrow_;
  Poll poll_;
  std::vector<Sum> wide_;  // a hash table; its size is a power of two
  std::size_t wide_used_ = 0;
};

}  // namespace makemore
