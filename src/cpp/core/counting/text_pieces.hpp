// A text counted by several threads, piece by piece: what is the same for every counter.
//
// Each thread has a counter of its own and takes the next piece when it is done with one; what
// the threads counted is added in the end, of all texts. How pieces are cut is the counter's
// business.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "counting/count_options.hpp"
#include "counts/merged.hpp"
#include "counts/ngrams.hpp"
#include "text/line_range.hpp"
#include "text/read_text.hpp"

namespace makemore {

// Told, from the caller's thread, how many bytes were counted so far. May throw, like Poll.
using Progress = std::function<void(std::uint64_t)>;

// The options with another poll.
inline CountOptions with_poll(CountOptions options, const Poll& poll) {
  options.poll = poll;
  return options;
}

// Where counts go for which memory has no room.
struct Spilling {
  std::uint64_t memory;  // bytes that all counters may take
  std::function<void(Ngrams, const Poll&)> spill;
};

struct PiecedText {
  TextRange range;
  const ReadText& read;
  std::size_t piece;  // bytes

  std::uint64_t pieces() const { return (range.end - range.begin + piece - 1) / piece; }
  std::uint64_t begin_of(std::uint64_t number) const { return range.begin + number * piece; }
  std::uint64_t end_of(std::uint64_t from) const {
    return std::min<std::uint64_t>(range.end, from + piece);
  }
};

// Counters of one text after another, one for each thread that was of use so far.
template <class Counter>
class PieceCounters {
 public:
  // make(poll) makes a counter.
  explicit PieceCounters(std::function<Counter(const Poll&)> make) : make_(std::move(make)) {}

  // Before anything is counted.
  void spill_to(Spilling spilling) { spilling_ = std::move(spilling); }

  // Counts a text: count_piece(counter, add, from, buffer, pause) what begins at `from`, with
  // add(bytes) instead of counter.add(bytes). After an error these are of no more use.
  template <class CountPiece>
  void count(const PiecedText& text, unsigned threads, const Progress& progress,
             CountPiece&& count_piece) {
    std::atomic<std::uint64_t> counted{0};
    const Poll poll = [&] {
      if (progress) progress(counted);
    };
    const std::uint64_t pieces = text.pieces();
    const auto workers =
        static_cast<std::size_t>(std::min<std::uint64_t>(thread_count(threads), pieces));
    if (workers_.size() < std::max<std::size_t>(workers, 1)) {
      workers_.resize(std::max<std::size_t>(workers, 1));
    }
    if (spilling_) spill_more_than(share(), poll);
    if (workers <= 1) {
      const InUse worker(*this, 0, poll);
      const auto add = [&](Bytes bytes) { add_to(worker.counter(), bytes, poll); };
      count_in_order(worker.counter(), add, text, counted, progress);
      return;
    }
    std::atomic<std::uint64_t> next{0};
    try {
      parallel_for(workers, static_cast<unsigned>(workers), poll,
                   [&](std::size_t i, const Poll& pause) {
                     const InUse worker(*this, i, pause);
                     const auto add = [&](Bytes bytes) { add_to(worker.counter(), bytes, pause); };
                     Buffer<std::uint8_t> buffer;
                     for (std::uint64_t n = next++; n < pieces; n = next++) {
                       const std::uint64_t from = text.begin_of(n);
                       count_piece(worker.counter(), add, from, buffer, pause);
                       counted += text.end_of(from) - from;
                       pause();
                     }
                   });
    } catch (const Error&) {
      // A piece does not know how many lines stand before it. Counting once more from the
      // start finds the first error, with its line.
      Counter counter = make_(poll);
      counted = 0;
      const auto add = [&](Bytes bytes) {
        counter.add(bytes);
        if (spilling_ && counter.memory() > share()) counter.forget();
      };
      count_in_order(counter, add, text, counted, progress);
      throw;
    }
  }

  // Begins a text that arrives in blocks, at a line that stands at an offset; 0 if nobody says so.
  void begin_text(std::uint64_t offset) {
    if (workers_.empty()) workers_.resize(1);
    InUse(*this, 0, {}).counter().continue_at_line(offset);
    in_stream_ = true;
  }
  void add(Bytes block, const Poll& poll) {
    if (!in_stream_) begin_text(0);
    add_to(InUse(*this, 0, poll).counter(), block, poll);
  }
  void end_text(const Poll& poll) {
    if (!in_stream_) begin_text(0);
    InUse(*this, 0, poll).counter().end_text();
    in_stream_ = false;
  }

  // What was counted of all texts, and not spilled. Then these are of no more use.
  Ngrams counts(const Poll& poll) {
    if (workers_.empty()) workers_.resize(1);
    check_order(poll);
    std::vector<std::optional<Ngrams>> parts(workers_.size());
    parallel_for(parts.size(), static_cast<unsigned>(parts.size()), poll,
                 [&](std::size_t i, const Poll& pause) {
                   parts[i] = InUse(*this, i, pause).counter().counts();
                   workers_[i].reset();
                 });
    std::vector<const Ngrams*> all;
    for (const auto& part : parts) all.push_back(&*part);
    return merged(all, poll);
  }

  // Spills all that was counted. Then these are of no more use.
  void spill_all(const Poll& poll) {
    if (!workers_.empty()) check_order(poll);
    spill_more_than(0, poll);
  }

 private:
  static constexpr std::size_t kAtOnce = std::size_t{1} << 16;  // bytes, to see how counts grow
  static constexpr std::uint64_t kLeastShare = std::uint64_t{1} << 20;

  struct Worker {
    std::unique_ptr<Poll> poll;  // at a place that stays, for the counter to ask
    Counter counter;
  };

  // A counter, made if it is not there, which polls in this way meanwhile.
  class InUse {
   public:
    InUse(PieceCounters& all, std::size_t i, const Poll& poll) {
      std::optional<Worker>& worker = all.workers_[i];
      if (!worker) {
        auto own = std::make_unique<Poll>();
        Counter counter = all.make_([asked = own.get()] {
          if (*asked) (*asked)();
        });
        worker.emplace(Worker{std::move(own), std::move(counter)});
      }
      worker_ = &*worker;
      *worker_->poll = poll;
    }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;
    ~InUse() { *worker_->poll = nullptr; }

    Counter& counter() const { return worker_->counter; }

   private:
    Worker* worker_;
  };

  // Bytes that one counter may take.
  std::uint64_t share() const {
    return std::max(spilling_->memory / std::max<std::size_t>(workers_.size(), 1), kLeastShare);
  }

  void add_to(Counter& counter, Bytes bytes, const Poll& poll) {
    if (!spilling_) return counter.add(bytes);
    const std::uint64_t most = share();
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(kAtOnce, bytes.size()))) {
      counter.add(bytes.first(std::min(kAtOnce, bytes.size())));
      if (counter.memory() > most) spill(counter, poll);
    }
  }

  void spill(Counter& counter, const Poll& poll) {
    spilling_->spill(counter.counts(), poll);
    counter.forget();
  }

  // Lets each counter spill that takes more bytes.
  void spill_more_than(std::uint64_t most, const Poll& poll) {
    parallel_for(workers_.size(), static_cast<unsigned>(workers_.size()), poll,
                 [&](std::size_t i, const Poll& pause) {
                   if (!workers_[i]) return;
                   const InUse worker(*this, i, pause);
                   if (most == 0 || worker.counter().memory() > most) {
                     spill(worker.counter(), pause);
                   }
                 });
  }

  // Throws Error if the order is too high for the symbols of all.
  void check_order(const Poll& poll) {
    if constexpr (requires(const Counter& counter) { counter.check_order(counter.alphabet()); }) {
      // One thread alone does not know all symbols.
      Alphabet all = InUse(*this, 0, poll).counter().alphabet();
      for (const auto& worker : workers_) {
        if (worker) all = united(all, worker->counter.alphabet());
      }
      workers_[0]->counter.check_order(all);
    }
  }

  template <class Add>
  static void count_in_order(Counter& counter, const Add& add, const PiecedText& text,
                             std::atomic<std::uint64_t>& counted, const Progress& progress) {
    Buffer<std::uint8_t> buffer;
    counter.continue_at_line(text.range.begin);
    for (std::uint64_t from = text.range.begin; from < text.range.end;) {
      const std::uint64_t to = text.end_of(from);
      add(text.read(from, static_cast<std::size_t>(to - from), buffer));
      counted = to - text.range.begin;
      if (progress) progress(counted);
      from = to;
    }
    counter.end_text();
  }

  std::function<Counter(const Poll&)> make_;
  std::vector<std::optional<Worker>> workers_;
  bool in_stream_ = false;
  std::optional<Spilling> spilling_;
};

}  // namespace makemore
