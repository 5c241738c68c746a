// Counts a text of tokens, a word a line, with weights or without: block by block, or by several
// threads.
#pragma once

#include <cstdint>

#include "counting/line_pieces.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/text_pieces.hpp"
#include "counting/weighted_lines.hpp"
#include "counts/ngrams.hpp"
#include "text/tokens/token_cutter.hpp"

namespace makemore {

// How lines of tokens are counted.
struct TokenCounting {
  // Of packed words; its alphabet, if one is given, is that of the cutter's vocabulary.
  CountOptions options;
  unsigned order;
  LineRules lines;     // to skip blank ones means those without a token
  TokenCutter cutter;  // as it is before the first word
};

class TokenLineCounter {
 public:
  explicit TokenLineCounter(const TokenCounting& counting);

  // Take lines, in blocks cut anywhere. Throw Error with the line of the first bad word, or line.
  void add(Bytes block) {
    lines_.take(block);
    count();
  }
  void end_text() {
    lines_.end_text();
    count();
  }

  // As of NgramCounter.
  Alphabet alphabet() const;
  void check_order(const Alphabet& alphabet) const { counter_.check_order(alphabet); }
  std::size_t memory() const { return counter_.memory(); }
  void forget() { counter_.forget(); }
  void continue_at_line(std::uint64_t offset) { lines_.continue_at_line(offset); }

  Ngrams counts();

 private:
  void count();

  Poll poll_;
  bool weighted_;
  bool known_;  // the tokens are those of a vocabulary
  TokenCutter cutter_;
  NgramCounter counter_;
  WeightedLines lines_;
};

// For one text after another; the counting's poll is not used.
PieceCounters<TokenLineCounter> token_counters(const TokenCounting& counting);

// The counting's poll is not used. Throws what the counter and `read` throw.
Ngrams count_tokens(const TokenCounting& counting, TextRange range, const ReadText& read,
                    unsigned threads, const Progress& progress, std::size_t piece = kLinePiece);

}  // namespace makemore
