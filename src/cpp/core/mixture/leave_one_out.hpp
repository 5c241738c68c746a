// What a chain would have predicted at a training position, had it not been counted.
//
// Weights learned on predictions that know the answer would trust the longest path always.
// So the position's own count is taken away first, along its own path: from the deepest
// node up, a node loses r of its symbol, r = 1 at first, and hands up the less for it:
// r <- d(n) - d(n - r). Nothing changes for other symbols but through N and G, nor above
// the node where r gets zero. A node that nothing is left of was never there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/buffer.hpp"
#include "mixture/chain_counts.hpp"

namespace makemore {

// The predictions for the outcomes of a sample; two positions of one outcome share theirs.
struct HeldOutRows {
  Buffer<float> log_probabilities;    // ln p(c): a row an outcome
  std::vector<std::uint8_t> buckets;  // weight_bucket of each
};

HeldOutRows leave_one_out(const ChainCounts& counts, const Poll& pause);

}  // namespace makemore
