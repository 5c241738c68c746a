// Cuts a weighted text at line ends for several threads.
#include "counting/weighted_text_count.hpp"

namespace makemore {
namespace {

// By counters that make(poll) makes.
template <class Make>
Ngrams count_by_lines(Make&& make, bool skip_blank, std::uint64_t size, const ReadText& read,
                      unsigned threads, const Progress& progress, std::size_t piece) {
  using Counter = WeightedLineCounter<decltype(make(Poll()))>;
  const PiecedText text{size, read, piece};
  return count_pieces(
      [&](const Poll& poll) { return Counter(make(poll), skip_blank); }, text, threads, progress,
      [&](Counter& counter, auto&&... one) { count_line_piece(counter, text, one...); });
}

}  // namespace

Ngrams count_weighted(const WeightedCounter::Options& options, bool skip_blank, std::uint64_t size,
                      const ReadText& read, unsigned threads, const Progress& progress,
                      std::size_t piece) {
  return count_by_lines([&](const Poll& poll) { return WeightedCounter(with_poll(options, poll)); },
                        skip_blank, size, read, threads, progress, piece);
}

Ngrams count_weighted(const NgramCounter::Options& options, unsigned order, bool skip_blank,
                      std::uint64_t size, const ReadText& read, unsigned threads,
                      const Progress& progress, std::size_t piece) {
  return count_by_lines(
      [&](const Poll& poll) { return NgramCounter(with_poll(options, poll), order); }, skip_blank,
      size, read, threads, progress, piece);
}

}  // namespace makemore
