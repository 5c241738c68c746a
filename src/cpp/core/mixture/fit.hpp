// Fitting a mixture of chains to words.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/poll.hpp"
#include "mixture/chain.hpp"
#include "mixture/mixture.hpp"
#include "mixture/share_done.hpp"
#include "text/word_list.hpp"

namespace makemore {

struct FitOptions {
  std::uint64_t seed = 0;
  unsigned threads = 0;
  // In how many orders the weights are learned, of which the mean is taken; from two on, over
  // many positions, with twice the passes.
  std::uint32_t orders = 1;
  ShareDone progress = {};
};

// Counts the chains and learns the weights. The model depends on the words, the chains, the
// orders and the seed alone. Throws Error if there are no words or no chains.
MixtureModel fit(const WordList& words, std::vector<Chain> chains, const FitOptions& options,
                 const Poll& poll);

}  // namespace makemore
