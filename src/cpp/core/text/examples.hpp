// Training arrays: each symbol of each word, and the symbols that stood before it.
//
// What makemore's lectures build in Python from part 2 on: a window that starts as
// all boundary and moves over the word, one row of X and one entry of Y per symbol,
// the end boundary included.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/poll.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

// Writes one row of `block_size` ids to x and one id to y for each bigram of the words:
// as many rows as Ngrams::total() says. Every symbol must be in the alphabet; Id must
// hold V - 1.
template <class Id>
void fill_examples(Text packed, const Alphabet& alphabet, std::size_t block_size, Id* x, Id* y,
                   const Poll& poll);

}  // namespace makemore
