// Whether some words have these counts, which may have come from anywhere.
//
// The context of an n-gram is its first order - 1 symbols; an n-gram leads from its context to
// that of the next one in the word, its last order - 1 symbols, or ends the word with the
// boundary. Words go from the context of boundaries to an end, so counts are those of some
// words exactly if
//
//   - no boundary stands in a context behind a symbol,
//   - every other context is entered as often as it is left, and
//   - every context is connected with the one at which words start.
//
// (The n-grams then form a circuit through the start, by Euler's theorem.) Of order 1 there is
// only one context, and all that counts of words need is an end.
#pragma once

#include "base/poll.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

// Throws Error, with a context that shows it, if no words have these counts.
void check_words(const Ngrams& counts, const Poll& poll = {});

}  // namespace makemore
