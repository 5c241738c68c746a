// Counts of every word several times.
#pragma once

#include <cstdint>

#include "base/poll.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

// `times` is from 0 up. Throws Error where a sum goes beyond 64 bits.
Ngrams multiplied(const Ngrams& counts, std::int64_t times, const Poll& poll = {});

}  // namespace makemore
