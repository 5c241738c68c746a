// One text after another, whole or in blocks: in one counter, or in counts that are added up; and
// where memory has no room for all, in a file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/counting_rules.hpp"
#include "counting/bigram_counter.hpp"
#include "counting/ngram_text_count.hpp"
#include "counting/text_count.hpp"
#include "counting/weighted_text_count.hpp"
#include "counts/merged.hpp"
#include "counts/spilled_runs.hpp"
#include "text/line_range.hpp"

namespace makemore {

class LineCounter {
 public:
  // With so many bytes of memory, unless that is 0: then there is a file for what takes more, and
  // the path by which errors name it.
  LineCounter(const Counting& counting, std::uint64_t memory, int descriptor, std::string path)
      : counting_(std::make_shared<const Counting>(counting)), counters_(make(counting)) {
    if (memory == 0) return;
    runs_ = std::make_shared<SpilledRuns>(descriptor, std::move(path), memory);
    const auto spill = [counting = counting_, runs = runs_](Ngrams counts, const Poll& poll) {
      counts = in_order(*counting, std::move(counts), poll);
      runs->add(counting->finished(std::move(counts), nullptr, poll), poll);
    };
    std::visit([&](auto& counters) { counters.spill_to({memory, spill}); }, counters_);
  }
  LineCounter(LineCounter&&) = default;

  // A text that arrives in blocks; of one of which only what follows is counted, the offset where
  // that line begins comes first.
  void begin_text(std::uint64_t offset) {
    std::visit([&](auto& counters) { counters.begin_text(offset); }, counters_);
  }
  void add_bytes(const py::buffer& buffer) {
    const HeldBytes bytes(buffer);
    const ReadText read = bytes.reader();
    const WithoutGil unlocked;
    std::visit([&](auto& counters) { add_pieces(counters, bytes.size(), read); }, counters_);
  }
  void end_text() {
    std::visit([](auto& counters) { counters.end_text(signal_poll()); }, counters_);
  }

  // The lines of a file that begin in [start, stop), by several threads.
  void add_descriptor(int descriptor, std::uint64_t size, std::uint64_t start, std::uint64_t stop,
                      unsigned threads, const py::object& progress) {
    const Progress tell = python_progress(progress);
    const WithoutGil unlocked;
    const ReadText read = reader_of_file(descriptor);
    const TextRange range = lines_that_begin(read, size, {start, stop}, signal_poll());
    try {
      std::visit([&](auto& counters) { add_text(counters, range, read, threads, tell); },
                 counters_);
    } catch (const Error& error) {
      if (range.begin == 0 || !error.index()) throw;
      // Only now it is of interest how many lines stand before the range.
      const std::int64_t before = lines_before(read, range.begin, signal_poll());
      throw error.about("line", *error.index() + before);
    }
  }

  Ngrams counts() {
    const Poll poll = signal_poll();
    if (runs_ && !runs_->empty()) {
      std::visit([&](auto& some) { some.spill_all(poll); }, counters_);
      return runs_->sum(poll);
    }
    Ngrams counts = std::visit([&](auto& some) { return some.counts(poll); }, counters_);
    return counting_->finished(in_order(*counting_, std::move(counts), poll), nullptr, poll);
  }

 private:
  // Bigrams of each text on its own: few beside its symbols, as a rule, and lines are not counted
  // while bigrams are.
  class Bigrams {
   public:
    explicit Bigrams(const CountOptions& options) : options_(options) {}

    // Half of the memory is for counting, and half for the counts of earlier texts.
    void spill_to(Spilling spilling) {
      spilling_ = std::move(spilling);
      spilling_->memory = std::max<std::uint64_t>(spilling_->memory / 2, 1);
    }

    void begin_text(std::uint64_t offset) {
      stream_.emplace(options_);
      stream_->continue_at_line(offset);
    }
    void add(Bytes block, const Poll& poll) {
      if (!stream_) stream_.emplace(options_);
      stream_->add(block);
      if (!spilling_ || stream_->memory() <= spilling_->memory) return;
      spilling_->spill(stream_->counts(), poll);
      stream_->forget();
    }
    void end_text(const Poll& poll) {
      if (!stream_) return;
      stream_->end_text();
      finish(poll);
    }
    void add_text(TextRange range, const ReadText& read, unsigned threads,
                  const Progress& progress) {
      keep(count_text(options_, range, read, threads, progress, kPiece, spilling_), signal_poll());
    }
    void spill_all(const Poll& poll) {
      finish(poll);
      if (!sum_.empty()) spilling_->spill(sum_.take(poll), poll);
    }
    Ngrams counts(const Poll& poll) {
      if (!stream_ && sum_.empty()) stream_.emplace(options_);
      finish(poll);
      return sum_.take(poll);
    }

   private:
    void finish(const Poll& poll) {
      if (!stream_) return;
      keep(stream_->counts(), poll);
      stream_.reset();
    }
    void keep(Ngrams counts, const Poll& poll) {
      sum_.add(std::move(counts), poll);
      if (spilling_ && Ngrams::memory_to_sort(sum_.size()) > spilling_->memory) {
        spilling_->spill(sum_.take(poll), poll);
      }
    }

    CountOptions options_;
    std::optional<Spilling> spilling_;
    std::optional<BigramCounter> stream_;
    NgramsSum sum_;
  };
  using Counters =
      std::variant<Bigrams, PieceCounters<NgramCounter>, PieceCounters<WeightedLineCounter>,
                   PieceCounters<TokenLineCounter>>;

  static Counters make(const Counting& counting) {
    const CountOptions& options = counting.lines;
    if (counting.cutter) return token_counters(token_counting(counting));
    if (counting.weighted) return weighted_counters(options, counting.order, *counting.weighted);
    if (counts_bigrams(counting)) return Bigrams(options);
    return ngram_counters(options, counting.order);
  }

  // In pieces that stay in the second cache.
  template <class SomeCounters>
  static void add_pieces(SomeCounters& counters, std::size_t size, const ReadText& read) {
    constexpr std::size_t most = std::size_t{1} << 18;
    const Poll poll = signal_poll();
    Buffer<std::uint8_t> piece;
    for (std::size_t at = 0; at < size; at += most) {
      counters.add(read(at, std::min(most, size - at), piece), poll);
    }
  }

  static void add_text(Bigrams& bigrams, TextRange range, const ReadText& read, unsigned threads,
                       const Progress& tell) {
    bigrams.add_text(range, read, threads, tell);
  }
  template <class Counter>
  static void add_text(PieceCounters<Counter>& counters, TextRange range, const ReadText& read,
                       unsigned threads, const Progress& tell) {
    count_lines(counters, {range, read, kLinePiece}, threads, tell);
  }

  std::shared_ptr<const Counting> counting_;
  Counters counters_;
  std::shared_ptr<SpilledRuns> runs_;  // if memory is bounded
};

}  // namespace makemore
