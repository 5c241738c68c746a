// Cuts a text at line ends for several threads.
#include "counting/ngram_text_count.hpp"

namespace makemore {

PieceCounters<NgramCounter> ngram_counters(const CountOptions& options, unsigned order) {
  return PieceCounters<NgramCounter>(
      [=](const Poll& poll) { return NgramCounter(with_poll(options, poll), order); });
}

Ngrams count_ngrams(const CountOptions& options, unsigned order, TextRange range,
                    const ReadText& read, unsigned threads, const Progress& progress,
                    std::size_t piece) {
  auto counters = ngram_counters(options, order);
  count_lines(counters, {range, read, piece}, threads, progress);
  return counters.counts([&] {
    if (progress) progress(range.end - range.begin);
  });
}

}  // namespace makemore
