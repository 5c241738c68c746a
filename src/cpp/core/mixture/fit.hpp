// Fitting a mixture of chains to words.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/poll.hpp"
#include "mixture/chain.hpp"
#include "mixture/mixture.hpp"
#include "text/word_list.hpp"

namespace makemore {

struct FitOptions {
  std::uint64_t seed = 0;
  unsigned threads = 0;
  double passes = 0;                    // over the positions; 0: as many as suit their number
  std::atomic<double>* done = nullptr;  // the share of the work that is done, if wanted
};

// Counts the chains and learns the weights. The model depends on the words, the chains, the
// passes and the seed alone. Throws Error if there are no words or no chains.
MixtureModel fit(const WordList& words, std::vector<Chain> chains, const FitOptions& options,
                 const Poll& poll);

}  // namespace makemore
