// The weights of interpolated models that make some words most likely.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"

namespace makemore {

// One position of the words: how often it counts, and what each model says of its symbol.
struct WeightedPositions {
  std::size_t models;
  std::vector<double> logs;   // position by position, one for each model
  std::vector<double> times;  // of each position
};

// Expectation maximisation (A. Dempster, N. Laird and D. Rubin, "Maximum likelihood from
// incomplete data via the EM algorithm", 1977) from the weights at the start, which sum to one:
// each step makes the words as likely as before or more. It ends when a step gains less than
// 10^-10 nats a symbol, or after 10,000. Every position must be possible with the weights.
std::vector<double> learned_weights(const WeightedPositions& positions, std::vector<double> start,
                                    const Poll& poll);

}  // namespace makemore
