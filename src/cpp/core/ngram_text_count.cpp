// Sharing out lines.
#include "core/ngram_text_count.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace makemore {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

Ngrams count_in_order(const NgramCounter::Options& options, unsigned order, std::uint64_t size,
                      const ReadText& read, const Progress& progress) {
  NgramCounter counter(options, order);
  Buffer<std::uint8_t> buffer;
  for (std::uint64_t from = 0; from < size; from += kPiece) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size - from));
    counter.add(read(from, now, buffer));
    if (progress) progress(from + now);
  }
  counter.end_text();
  return counter.ngrams();
}

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

// Counts the lines that begin in a piece.
void count_piece(NgramCounter& counter, std::uint64_t size, const ReadText& read,
                 std::uint64_t piece, Buffer<std::uint8_t>& buffer, const Poll& pause) {
  const std::uint64_t end = std::min<std::uint64_t>(size, (piece + 1) * kPiece);
  std::uint64_t from = next_line(read, piece * kPiece, end, buffer);
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
}

}  // namespace

Ngrams count_ngrams(const NgramCounter::Options& options, unsigned order, std::uint64_t size,
                    const ReadText& read, unsigned threads, const Progress& progress) {
  const std::uint64_t pieces = (size + kPiece - 1) / kPiece;
  const auto workers =
      static_cast<std::size_t>(std::min<std::uint64_t>(thread_count(threads), pieces));
  if (workers <= 1) return count_in_order(options, order, size, read, progress);

  std::vector<std::optional<Ngrams>> parts(workers);
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> counted{0};
  const Poll poll = [&] {
    if (progress) progress(counted);
  };
  try {
    parallel_for(workers, static_cast<unsigned>(workers), poll,
                 [&](std::size_t worker, const Poll& pause) {
                   NgramCounter counter(options, order);
                   Buffer<std::uint8_t> buffer;
                   for (std::uint64_t piece = next++; piece < pieces; piece = next++) {
                     count_piece(counter, size, read, piece, buffer, pause);
                     counted += std::min<std::uint64_t>(kPiece, size - piece * kPiece);
                     pause();
                   }
                   parts[worker] = counter.ngrams();
                 });
  } catch (const Error&) {
    // A piece does not know how many lines stand before it. Counting once more from the
    // start finds the first error, with its line.
    count_in_order(options, order, size, read, progress);
    throw;
  }
  Ngrams all = *std::move(parts[0]);
  for (std::size_t i = 1; i < workers; ++i) all = added(all, *std::exchange(parts[i], std::nullopt));
  return all;
}

}  // namespace makemore
