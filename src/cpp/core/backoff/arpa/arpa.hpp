// ARPA files: back-off models as text, which KenLM, SRILM and others read and write.
//
// A line holds log10 P(last | others), the n-gram's tokens, and log10 of what its context
// leaves to a shorter one. A symbol is a token as it is; white space and control characters,
// which could not be told from what separates tokens, are written as their code point, as in
// U+0020. The boundary is <s> before a word and </s> behind it. -99 and less stand for the
// logarithm of zero.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "backoff/backoff.hpp"
#include "base/poll.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

struct ArpaModel {
  Alphabet alphabet;
  Backoff backoff;
};

// Throws Error with the line of what is malformed or missing: every n-gram needs those
// without its first and without its last symbol, and what follows a context may not sum to
// more than one. <unk> is the unknown symbol. `names` are tokens of other files and the symbols
// that they stand for.
using TokenNames = std::map<std::string, char32_t, std::less<>>;
ArpaModel read_arpa(Bytes text, char32_t boundary, const TokenNames& names, const Poll& poll);

// The same of a model whose symbols are tokens.
ArpaModel read_arpa(Bytes text, const TokenRules& rules, const Poll& poll);

// Calls sink(text) with one part of the file after another. Numbers have 12 digits. What is
// below 10^-99 is written as zero.
void write_arpa(const Alphabet& alphabet, const Backoff& backoff,
                const std::function<void(std::string_view)>& sink, const Poll& poll);

}  // namespace makemore
