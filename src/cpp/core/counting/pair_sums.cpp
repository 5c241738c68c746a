// The hash table of pairs.
#include "counting/pair_sums.hpp"

#include <algorithm>

namespace makemore {

void PairSums::add_wide(std::uint32_t first, std::uint32_t second, std::uint64_t weight) {
  if (2 * (wide_used_ + 1) > wide_.size()) grow();
  Sum& found = slot(first, second);
  if (found.sum == 0) {
    found = {first, second, 0};
    ++wide_used_;
  }
  found.sum += weight;
}

// The slot of a pair, or the free one that is to be its.
PairSums::Sum& PairSums::slot(std::uint32_t first, std::uint32_t second) {
  constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;
  const std::uint64_t key = static_cast<std::uint64_t>(first) << 32 | second;
  const std::size_t mask = wide_.size() - 1;
  std::size_t at = static_cast<std::size_t>(key * golden_ratio >> 20) & mask;
  while (wide_[at].sum != 0 && (wide_[at].first != first || wide_[at].second != second)) {
    at = (at + 1) & mask;
  }
  return wide_[at];
}

void PairSums::grow() {
  std::vector<Sum> old(std::max<std::size_t>(1024, 2 * wide_.size()));
  std::swap(old, wide_);
  Pace pace(poll_);
  for (const Sum& pair : old) {
    if (pair.sum != 0) slot(pair.first, pair.second) = pair;
    pace.step(8);  // each looks at another place of memory
  }
}

}  // namespace makemore
