// Counts a text with a word and its weight a line: block by block, or by several threads.
#pragma once

#include <cstdint>
#include <utility>

#include "base/error.hpp"
#include "counting/line_pieces.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/text_pieces.hpp"
#include "counting/weighted_lines.hpp"
#include "counts/ngrams.hpp"
#include "text/read_text.hpp"

namespace makemore {

// A counter of weighted words that takes lines, in blocks cut anywhere.
class WeightedLineCounter {
 public:
  WeightedLineCounter(NgramCounter counter, LineRules rules)
      : counter_(std::move(counter)), lines_(std::move(rules)) {}

  NgramCounter& counter() { return counter_; }
  Ngrams counts() { return counter_.counts(); }

  // Throw Error with the line of the first bad word, or line.
  void add(Bytes block) {
    lines_.take(block);
    count();
  }
  void end_text() {
    lines_.end_text();
    count();
  }

  // As of NgramCounter.
  Alphabet alphabet() const { return counter_.alphabet(); }
  void check_order(const Alphabet& alphabet) const { counter_.check_order(alphabet); }
  std::size_t memory() const { return counter_.memory(); }
  void forget() { counter_.forget(); }
  void continue_at_line(std::uint64_t offset) { lines_.continue_at_line(offset); }

 private:
  void count() {
    try {
      counter_.add(lines_.text(), lines_.weights());
    } catch (const Error& error) {
      throw lines_.located(error);
    }
    lines_.check();
  }

  NgramCounter counter_;
  WeightedLines lines_;
};

// For one text after another; Options::poll is not used.
PieceCounters<WeightedLineCounter> weighted_counters(const CountOptions& options, unsigned order,
                                                     const LineRules& rules);

// Options::poll is not used. Throws what the counter, the lines and `read` throw.
Ngrams count_weighted(const CountOptions& options, unsigned order, const LineRules& rules,
                      TextRange range, const ReadText& read, unsigned threads,
                      const Progress& progress, std::size_t piece = kLinePiece);

}  // namespace makemore
