// Fitting a mixture of chains to words, and growing a fitted one again.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "mixture/chain.hpp"
#include "mixture/mixture.hpp"
#include "text/word_list.hpp"

namespace makemore {

struct FitOptions {
  std::uint64_t seed = 0;
  unsigned threads = 0;
  std::atomic<double>* done = nullptr;  // the share of the work that is done, if wanted
};

// What learning starts from; as many weights as a mixture of these chains has.
MixtureWeights starting_weights(const std::vector<Chain>& chains);

// Counts the chains and learns the weights. The model depends on the words, the chains and
// the seed alone. Throws Error if there are no words or no chains.
MixtureModel fit(std::shared_ptr<const WordList> words, std::vector<Chain> chains,
                 const FitOptions& options, const Poll& poll);

// The same with weights that were learned before: MixtureWeights::values(). Throws Error if
// they are not as many as these chains have, or no numbers that weights can be.
MixtureModel refit(std::shared_ptr<const WordList> words, std::vector<Chain> chains,
                   std::span<const float> weights, unsigned threads, const Poll& poll);

}  // namespace makemore
