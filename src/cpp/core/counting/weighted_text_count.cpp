// Cuts a weighted text at line ends for several threads.
#include "counting/weighted_text_count.hpp"

namespace makemore {
Ngrams count_weighted(const CountOptions& options, unsigned order, const LineRules& rules,
                      std::uint64_t size, const ReadText& read, unsigned threads,
                      const Progress& progress, std::size_t piece) {
  const PiecedText text{size, read, piece};
  return count_pieces(
      [&](const Poll& poll) {
        return WeightedLineCounter(NgramCounter(with_poll(options, poll), order), rules);
      },
      text, threads, progress,
      [&](WeightedLineCounter& counter, auto&&... one) {
        count_line_piece(counter, text, one...);
      });
}

}  // namespace makemore
