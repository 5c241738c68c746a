// What comes after a context, whatever stood before it: a row of the counts of a lower order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

// How often each symbol of the alphabet follows `context`, ids from first to last, at most
// order - 1 of them.
std::vector<std::int64_t> following(const Ngrams& counts, std::span<const std::uint32_t> context,
                                    const Poll& poll = {});

}  // namespace makemore
