// A text counted by several threads, piece by piece: what is the same for every counter.
//
// Each thread has a counter of its own and takes the next piece when it is done with one; what
// the threads counted is added in the end. How pieces are cut is the counter's business.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "counting/count_options.hpp"
#include "counts/ngrams.hpp"
#include "text/read_text.hpp"

namespace makemore {

// Told, from the caller's thread, how many bytes were counted so far. May throw, like Poll.
using Progress = std::function<void(std::uint64_t)>;

// The options with another poll.
inline CountOptions with_poll(CountOptions options, const Poll& poll) {
  options.poll = poll;
  return options;
}

struct PiecedText {
  std::uint64_t size;
  const ReadText& read;
  std::size_t piece;  // bytes

  std::uint64_t end_of(std::uint64_t from) const {
    return std::min<std::uint64_t>(size, from + piece);
  }
};

// Counts the whole text in one thread.
template <class Counter>
void count_in_order(Counter& counter, const PiecedText& text, const Progress& progress) {
  Buffer<std::uint8_t> buffer;
  for (std::uint64_t from = 0; from < text.size;) {
    const std::uint64_t to = text.end_of(from);
    counter.add(text.read(from, static_cast<std::size_t>(to - from), buffer));
    if (progress) progress(to);
    from = to;
  }
  counter.end_text();
}

// Counters that make(poll) makes count pieces: count_piece(counter, from, buffer, pause) that
// which begins at `from`.
template <class Make, class CountPiece>
Ngrams count_pieces(Make&& make, const PiecedText& text, unsigned threads, const Progress& progress,
                    CountPiece&& count_piece) {
  std::atomic<std::uint64_t> counted{0};
  const Poll poll = [&] {
    if (progress) progress(counted);
  };
  const auto in_order = [&] {
    auto counter = make(poll);
    count_in_order(counter, text, progress);
    counted = text.size;
    return counter.counts();
  };
  const std::uint64_t pieces = (text.size + text.piece - 1) / text.piece;
  const auto workers =
      static_cast<std::size_t>(std::min<std::uint64_t>(thread_count(threads), pieces));
  if (workers <= 1) return in_order();

  std::vector<std::optional<Ngrams>> parts(workers);
  std::atomic<std::uint64_t> next{0};
  try {
    parallel_for(workers, static_cast<unsigned>(workers), poll,
                 [&](std::size_t worker, const Poll& pause) {
                   auto counter = make(pause);
                   Buffer<std::uint8_t> buffer;
                   for (std::uint64_t i = next++; i < pieces; i = next++) {
                     const std::uint64_t from = i * text.piece;
                     count_piece(counter, from, buffer, pause);
                     counted += text.end_of(from) - from;
                     pause();
                   }
                   parts[worker] = counter.counts();
                 });
    Ngrams all = *std::move(parts[0]);
    for (std::size_t i = 1; i < workers; ++i) {
      all = added(all, *std::exchange(parts[i], {}), poll);
    }
    return all;
  } catch (const Error&) {
    // A piece does not know how many lines stand before it. Counting once more from the
    // start finds the first error, with its line.
    in_order();
    throw;
  }
}

}  // namespace makemore
