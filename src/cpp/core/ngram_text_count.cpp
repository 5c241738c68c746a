// Cutting at lines.
#include "core/ngram_text_count.hpp"

#include <algorithm>

namespace makemore {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

// The first place in [from, to) where a line begins: at 0, or behind a \n. `to` if there is none.
std::uint64_t next_line(const ReadText& read, std::uint64_t from, std::uint64_t to,
                        Buffer<std::uint8_t>& buffer) {
  constexpr std::uint64_t look = 1 << 12;
  if (from == 0) return 0;
  for (std::uint64_t at = from - 1; at + 1 < to;) {
    const Bytes bytes =
        read(at, static_cast<std::size_t>(std::min(look, to - 1 - at)), buffer);
    const auto found = std::find(bytes.begin(), bytes.end(), '\n');
    at += static_cast<std::uint64_t>(found - bytes.begin());
    if (found != bytes.end()) return at + 1;
  }
  return to;
}

}  // namespace

Ngrams count_ngrams(const NgramCounter::Options& options, unsigned order, std::uint64_t size,
                    const ReadText& read, unsigned threads, const Progress& progress) {
  const PiecedText text{size, read, kPiece};
  return count_pieces(
      [&] { return NgramCounter(options, order); }, text, threads, progress,
      [&](NgramCounter& counter, std::uint64_t piece, Buffer<std::uint8_t>& buffer,
          const Poll& pause) {
        const std::uint64_t end = text.end_of(piece);
        std::uint64_t from = next_line(read, piece, end, buffer);
        if (from == end) return;
        const std::uint64_t to = next_line(read, end, size, buffer);
        if (from > 0) counter.continue_at_line();
        while (from < to) {
          const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, to - from));
          counter.add(read(from, now, buffer));
          from += now;
          pause();
        }
        if (to == size) counter.end_text();
      },
      [](const NgramCounter& counter) { return counter.ngrams(); });
}

}  // namespace makemore
