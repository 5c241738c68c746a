// Cuts a weighted text at line ends for several threads.
#include "counting/weighted_text_count.hpp"

namespace makemore {

PieceCounters<WeightedLineCounter> weighted_counters(const CountOptions& options, unsigned order,
                                                     const LineRules& rules) {
  return PieceCounters<WeightedLineCounter>([=](const Poll& poll) {
    return WeightedLineCounter(NgramCounter(with_poll(options, poll), order), rules);
  });
}

Ngrams count_weighted(const CountOptions& options, unsigned order, const LineRules& rules,
                      TextRange range, const ReadText& read, unsigned threads,
                      const Progress& progress, std::size_t piece) {
  auto counters = weighted_counters(options, order, rules);
  count_lines(counters, {range, read, piece}, threads, progress);
  return counters.counts([&] {
    if (progress) progress(range.end - range.begin);
  });
}

}  // namespace makemore
