// The tables of a back-off model that a file or a pickle kept, which anybody may have made.
#pragma once

#include "backoff/backoff.hpp"
#include "base/poll.hpp"

namespace makemore {

// Checks whatever tables say before anything follows them, and makes the masks, which are not
// kept. Throws Error, which names the table, unless
//
//   - states stand by the length of their contexts, shorter ones first, and each but those of
//     one symbol is behind exactly one follower;
//   - a follower leads to the context that it makes with the one before it, or where that is as
//     long as the order to the same without its first symbol;
//   - all numbers are probabilities or their logarithms, those of a follower agree with each
//     other and with the shorter context's, and what follows a context does not sum to more
//     than one.
//
// The number of symbols and the order must be those of an alphabet (key_layout).
void complete_restored(Backoff& tables, const Poll& poll);

}  // namespace makemore
