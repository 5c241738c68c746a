// A text cut into pieces at line ends, for counters of which no item crosses one. A line longer
// than a piece is counted whole, by the thread that has its start.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "counting/text_pieces.hpp"
#include "text/read_text.hpp"

namespace makemore {

inline constexpr std::size_t kLinePiece = std::size_t{1} << 20;

// The first place in [from, to) that stands behind a \n. `to` if there is none.
inline std::uint64_t next_line(const ReadText& read, std::uint64_t from, std::uint64_t to,
                               Buffer<std::uint8_t>& buffer) {
  constexpr std::uint64_t look = 1 << 12;
  for (std::uint64_t at = from - 1; at + 1 < to;) {
    const Bytes bytes = read(at, static_cast<std::size_t>(std::min(look, to - 1 - at)), buffer);
    const auto found = std::find(bytes.begin(), bytes.end(), '\n');
    at += static_cast<std::uint64_t>(found - bytes.begin());
    if (found != bytes.end()) return at + 1;
  }
  return to;
}

// Counts the lines that begin in a piece; for PieceCounters.
template <class Counter, class Add>
void count_line_piece(Counter& counter, const Add& add, const PiecedText& text, std::uint64_t piece,
                      Buffer<std::uint8_t>& buffer, const Poll& pause) {
  const std::uint64_t end = text.end_of(piece);
  std::uint64_t from = piece;
  if (from > text.range.begin) from = next_line(text.read, from, end, buffer);
  if (from == end) return;
  const std::uint64_t to = next_line(text.read, end, text.range.end, buffer);
  counter.continue_at_line(from);
  while (from < to) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(text.piece, to - from));
    add(text.read(from, now, buffer));
    from += now;
    pause();
  }
  if (to == text.range.end) counter.end_text();
}

// Counts the lines of a text, by several threads.
template <class Counter>
void count_lines(PieceCounters<Counter>& counters, const PiecedText& text, unsigned threads,
                 const Progress& progress) {
  counters.count(text, threads, progress, [&](Counter& counter, const auto& add, auto&&... one) {
    count_line_piece(counter, add, text, one...);
  });
}

}  // namespace makemore
