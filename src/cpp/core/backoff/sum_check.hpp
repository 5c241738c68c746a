// Whether what a back-off model says after each context can be probabilities: none is above one,
// nor is their sum.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "backoff/backoff.hpp"
#include "base/poll.hpp"

namespace makemore {

// How far numbers near one, rounded to as few as four decimals of their logarithms, can be off.
inline constexpr double kSumRounding = 2e-4;

// Told what is wrong after a state, Backoff::kNone for the empty context; throws.
using SumFailure = std::function<void(std::uint32_t state, const std::string& problem)>;

// Looks at every state but those behind the end of a word, where nothing comes. The sums have
// room for files whose writers were careless, and for what rounding in the file becomes where a
// large weight multiplies it.
void check_sums(const Backoff& model, const SumFailure& fail, const Poll& poll);

}  // namespace makemore
