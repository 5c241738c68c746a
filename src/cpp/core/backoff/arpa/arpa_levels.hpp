// The n-grams of an ARPA file, sorted, and the model's tables that are made of them.
#pragma once

#include <cstdint>
#include <vector>

#include "backoff/arpa/arpa_tokens.hpp"
#include "backoff/backoff.hpp"
#include "base/poll.hpp"
#include "counts/ngrams.hpp"
#include "text/alphabet.hpp"

namespace makemore::arpa {

struct Entry {
  WideKey key;     // in the layout of its length (ngrams.hpp)
  double log10;    // of its probability
  double backoff;  // log10 of its weight as a context
  std::uint32_t line;
};

struct Levels {
  explicit Levels(char32_t boundary) : alphabet(boundary) {}

  unsigned order = 0;
  Alphabet alphabet;
  KeyLayout layout{};
  std::vector<std::vector<Entry>> entries;  // by length; from 2 on sorted by key
};

// Throws Error with the line of an n-gram that lacks the one without its first or its last
// symbol, or after which the probabilities sum to more than one.
Backoff tables_of(const Levels& levels, const Poll& poll);

}  // namespace makemore::arpa
