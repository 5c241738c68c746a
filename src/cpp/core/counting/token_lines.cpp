// Cuts lines into tokens before they are counted.
#include "counting/token_lines.hpp"

#include <utility>

#include "base/error.hpp"
#include "text/alphabet.hpp"

namespace makemore {

TokenLineCounter::TokenLineCounter(const TokenCounting& counting)
    : poll_(counting.options.poll),
      weighted_(counting.lines.weighted),
      known_(counting.options.alphabet.has_value()),
      cutter_(counting.cutter),
      counter_(counting.options, counting.order),
      lines_(counting.lines) {
  cutter_.leave_out_empty(counting.lines.skip_blank && !counting.lines.weighted);
}

void TokenLineCounter::count() {
  try {
    const Text words = cutter_.cut(lines_.text(), poll_);
    if (weighted_) {
      counter_.add(words, lines_.weights());
    } else {
      counter_.add(words.bytes);
    }
  } catch (const Error& error) {
    throw lines_.located(error);
  }
  lines_.check();
}

Ngrams TokenLineCounter::counts() {
  if (known_) return counter_.counts();
  TokenAlphabet made =
      token_alphabet(counter_.alphabet(), cutter_.tokens(), cutter_.rules(), poll_);
  return counter_.counts_in(std::move(made.alphabet), made.ids);
}

Alphabet TokenLineCounter::alphabet() const {
  if (known_) return counter_.alphabet();
  return token_alphabet(counter_.alphabet(), cutter_.tokens(), cutter_.rules(), poll_).alphabet;
}

PieceCounters<TokenLineCounter> token_counters(const TokenCounting& counting) {
  return PieceCounters<TokenLineCounter>([=](const Poll& poll) {
    TokenCounting with = counting;
    with.options.poll = poll;
    return TokenLineCounter(with);
  });
}

Ngrams count_tokens(const TokenCounting& counting, TextRange range, const ReadText& read,
                    unsigned threads, const Progress& progress, std::size_t piece) {
  auto counters = token_counters(counting);
  count_lines(counters, {range, read, piece}, threads, progress);
  return counters.counts([&] {
    if (progress) progress(range.end - range.begin);
  });
}

}  // namespace makemore
