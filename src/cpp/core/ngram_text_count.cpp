// Cutting at lines.
#include "core/ngram_text_count.hpp"

#include "core/line_pieces.hpp"

namespace makemore {

Ngrams count_ngrams(const NgramCounter::Options& options, unsigned order, std::uint64_t size,
                    const ReadText& read, unsigned threads, const Progress& progress) {
  const PiecedText text{size, read, kLinePiece};
  return count_pieces(
      [&] { return NgramCounter(options, order); }, text, threads, progress,
      [&](NgramCounter& counter, auto&&... piece) { count_line_piece(counter, text, piece...); },
      [](const NgramCounter& counter) { return counter.ngrams(); });
}

}  // namespace makemore
