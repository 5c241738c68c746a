// Cuts a text at line ends for several threads.
#include "counting/ngram_text_count.hpp"

namespace makemore {

Ngrams count_ngrams(const CountOptions& options, unsigned order, std::uint64_t size,
                    const ReadText& read, unsigned threads, const Progress& progress,
                    std::size_t piece) {
  const PiecedText text{size, read, piece};
  return count_pieces(
      [&](const Poll& poll) { return NgramCounter(with_poll(options, poll), order); }, text,
      threads, progress,
      [&](NgramCounter& counter, auto&&... one) { count_line_piece(counter, text, one...); });
}

}  // namespace makemore
