// Cutting at lines.
#include "core/weighted_text_count.hpp"

#include "core/line_pieces.hpp"

namespace makemore {
namespace {

// Counters that make() makes; counts_of a counter can be added.
template <class Make, class CountsOf>
auto count_by_lines(Make&& make, bool skip_blank, std::uint64_t size, const ReadText& read,
                    unsigned threads, const Progress& progress, CountsOf&& counts_of) {
  using Counter = WeightedLineCounter<decltype(make())>;
  const PiecedText text{size, read, kLinePiece};
  return count_pieces(
      [&] { return Counter(make(), skip_blank); }, text, threads, progress,
      [&](Counter& counter, auto&&... piece) { count_line_piece(counter, text, piece...); },
      [&](const Counter& counter) { return counts_of(counter.counter()); });
}

}  // namespace

Bigrams count_weighted(const WeightedCounter::Options& options, bool skip_blank,
                       std::uint64_t size, const ReadText& read, unsigned threads,
                       const Progress& progress) {
  return count_by_lines([&] { return WeightedCounter(options); }, skip_blank, size, read, threads,
                        progress, [](const WeightedCounter& counter) { return counter.bigrams(); });
}

Ngrams count_weighted(const NgramCounter::Options& options, unsigned order, bool skip_blank,
                      std::uint64_t size, const ReadText& read, unsigned threads,
                      const Progress& progress) {
  return count_by_lines([&] { return NgramCounter(options, order); }, skip_blank, size, read,
                        threads, progress,
                        [](const NgramCounter& counter) { return counter.ngrams(); });
}

}  // namespace makemore
