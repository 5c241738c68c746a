// Counts of tokens, from those of the symbols that tokens had while they were counted.
#pragma once

#include "base/poll.hpp"
#include "counts/ngrams.hpp"
#include "text/tokens/token_table.hpp"
#include "text/tokens/vocabulary.hpp"

namespace makemore {

// The tokens that occur, of those met by a TokenCutter, become a vocabulary, and their symbols its
// symbols: so the order in which tokens were met does not matter. The boundary of the counts must
// be Vocabulary::kBoundarySymbol.
Ngrams with_vocabulary(const Ngrams& counts, const TokenTable& met, const TokenRules& rules,
                       const Poll& poll = {});

}  // namespace makemore
