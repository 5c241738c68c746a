// Counts as bytes: few, checked, the same for equal counts; for other machines and processes.
//
//   "MFCOUNTS"  eight bytes
//   1           the version of the format
//   n           how many sections follow, a byte
//   n sections  each a byte that says its kind, a number, and so many bytes; kinds go up
//   checksum    four bytes, the lowest first: CRC-32 of all that stands before it
//
// Numbers are varints (base/varint.hpp). The sections:
//
//   1, alphabet how many symbols; the code point of the boundary; of each other symbol, in the
//               order of their code points, how many code points lie between it and the one before
//   2, n-grams  the order; how many n-grams; of each, in the order of their keys (ngrams.hpp), four
//               times how many keys lie between it and the one before, and how often it occurs,
//               less one, if that is below 3; otherwise 3, and another number: the count less four
//   3, tokens   instead of 1, if symbols are tokens: how words are cut (TokenRules::Cut); 1
//               if there is an unknown symbol, or 0; the boundary; the separator, or an empty
//               text; how many pieces, and each; how many tokens, and each. A text is its size
//               in bytes and its UTF-8; pieces and tokens stand in the order of their code points
//
// A later version may add kinds, which an earlier one refuses: what it does not know, such as what
// symbols mean, could change what all counts mean.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "counts/ngrams.hpp"
#include "text/text.hpp"

namespace makemore {

Buffer<std::uint8_t> encoded(const Ngrams& counts, const Poll& poll = {});

// What is asked of bytes that are read, beside that they are whole and hold n-grams of their
// symbols.
enum class Checked : std::uint8_t {
  kForm,   // nothing: for what our own processes send each other
  kWords,  // that some words have these counts, which takes longer than all else
};

// Makes counts again of bytes that anybody may have made, and that others may change meanwhile.
// Throws Error for what encoded() would not have made of any counts of words.
Ngrams decoded(Bytes bytes, Checked checked, const Poll& poll = {});

}  // namespace makemore
