// How words and texts are counted, as Python has said it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "bindings/python.hpp"
#include "counting/text_pieces.hpp"
#include "counting/token_lines.hpp"
#include "counting/weighted_lines.hpp"
#include "counts/ngrams.hpp"
#include "counts/token_counts.hpp"

namespace makemore {

struct Counting {
  CountOptions words;  // in memory
  CountOptions lines;  // of texts
  unsigned order;
  std::optional<LineRules> weighted;  // how a line is a word and its weight, if it is

  // Over which alphabet the counts are to be; with an unknown symbol, that is made of what was
  // counted. Otherwise the counters see to the alphabet, and say which word does not fit.
  std::optional<Alphabet> alphabet{};
  bool unknown = false;

  // Where symbols are tokens: what cuts the words, as it is before the first.
  std::optional<TokenCutter> cutter{};

  // `met` has cut the words, if symbols are tokens.
  Ngrams finished(Ngrams counts, const TokenCutter* met, const Poll& poll) const {
    if (met != nullptr && !words.alphabet) {
      counts = with_vocabulary(counts, met->tokens(), met->rules(), poll);
    }
    if (!unknown) return counts;
    const Alphabet& base = alphabet ? *alphabet : counts.alphabet();
    return in_alphabet(counts, with_unknown(base), poll);
  }
};

// Single symbols are counted as bigrams too, which is the fastest way.
inline bool counts_bigrams(const Counting& counting) { return counting.order <= 2; }

inline Ngrams in_order(const Counting& counting, Ngrams counts, const Poll& poll) {
  if (counts.order() == counting.order) return counts;
  return lowered(counts, counting.order, poll);
}

// Looks for Ctrl-C and tells a Python callable how many bytes were counted; for core calls
// made without the GIL. Not at each piece: taking the GIL may mean waiting for it.
inline Progress python_progress(const py::object& callable) {
  using Clock = std::chrono::steady_clock;
  return [&callable, last = Clock::time_point()](std::uint64_t bytes) mutable {
    if (Clock::now() - last < std::chrono::milliseconds(20)) return;
    const WithGil gil;
    check_signals();
    if (!callable.is_none()) callable(bytes);
    last = Clock::now();
  };
}

inline TokenCounting token_counting(const Counting& self) {
  LineRules rules(self.lines.skip_blank);
  rules.weighted = self.weighted.has_value();
  if (self.weighted) rules = *self.weighted;
  return {self.lines, self.order, rules, *self.cutter};
}

}  // namespace makemore
