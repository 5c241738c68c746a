// Writes runs block by block, and reads them side by side.
#include "counts/spilled_runs.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "base/buffer.hpp"
#include "base/byte_writer.hpp"
#include "base/compiler.hpp"
#include "base/error.hpp"
#include "base/file_at.hpp"
#include "base/varint.hpp"
#include "counts/encoded_alphabet.hpp"
#include "counts/ngram_code.hpp"
#include "counts/renumbered.hpp"
#include "counts/tournament.hpp"

namespace makemore {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;      // bytes that are written at once
constexpr std::size_t kReadAhead = std::size_t{1} << 16;  // bytes of a run in memory
constexpr std::uint64_t kMostAtOnce = 1024;               // runs that are read side by side

}  // namespace

// Writes the n-grams of a run, in the order of their keys.
template <class Key>
class SpilledRuns::Writer {
 public:
  explicit Writer(SpilledRuns& runs) : runs_(runs), bytes_(kBlock) {}

  void put(Key key, std::int64_t count) {
    if (bytes_.size() - used_ < kLongestNgram) flush();
    used_ =
        static_cast<std::size_t>(ngrams_.put(bytes_.data() + used_, key, count) - bytes_.data());
    ++run_.size;
    run_.total += count;
  }
  Run finish(Block alphabet) {
    flush();
    run_.alphabet = alphabet;
    return std::move(run_);
  }

 private:
  void flush() {
    if (used_ > 0) run_.ngrams.push_back(runs_.append({bytes_.data(), used_}));
    used_ = 0;
  }

  SpilledRuns& runs_;
  NgramWriter<Key> ngrams_;
  Buffer<std::uint8_t> bytes_;
  std::size_t used_ = 0;
  Run run_;
};

// Reads the n-grams of a run, with the ids of all runs.
template <class Key>
class SpilledRuns::Source {
 public:
  Source(const SpilledRuns& runs, const Run& run, const Poll& poll)
      : Source(runs, run, runs.alphabet_of(run, poll)) {}

  bool at_end() const { return at_end_; }
  Key key() const { return key_; }
  std::int64_t count() const { return count_; }
  void drop() {
    at_end_ = left_ == 0;
    if (at_end_) return;
    --left_;
    if (bytes_.left() < kLongestNgram) refill();
    const auto next = ngrams_.next(bytes_);
    key_ = static_cast<Key>(renumbered_(WideKey{next.key}));
    count_ = next.count;
  }

 private:
  Source(const SpilledRuns& runs, const Run& run, const Alphabet& own)
      : runs_(&runs),
        blocks_(run.ngrams),
        left_(run.size),
        ngrams_(key_layout(runs.order_, own.size()).size()),
        renumbered_(runs.order_, own, *runs.all_) {
    drop();
  }

  // Takes more bytes behind those that are left.
  void refill() {
    Buffer<std::uint8_t> more(kReadAhead);
    const auto rest = bytes_.take(bytes_.left());
    std::copy(rest.begin(), rest.end(), more.begin());
    std::size_t size = rest.size();
    while (block_ < blocks_.size() && size < more.size()) {
      Block& block = blocks_[block_];
      const std::size_t now = std::min(block.size, more.size() - size);
      runs_->read(block.at, more.data() + size, now);
      size += now;
      block.at += now;
      block.size -= now;
      if (block.size == 0) ++block_;
    }
    buffer_ = std::move(more);
    bytes_ = VarintReader({buffer_.data(), size});
  }

  const SpilledRuns* runs_;
  std::vector<Block> blocks_;  // without what was read of them
  std::size_t block_ = 0;      // that is read next
  std::uint64_t left_;         // n-grams
  Buffer<std::uint8_t> buffer_;
  VarintReader bytes_{{}};
  NgramReader<Key> ngrams_;
  Renumbered renumbered_;
  Key key_ = 0;
  std::int64_t count_ = 0;
  bool at_end_ = false;
};

SpilledRuns::SpilledRuns(int descriptor, std::string path, std::uint64_t memory)
    : descriptor_(descriptor), path_(std::move(path)), memory_(memory) {}

void SpilledRuns::add(const Ngrams& counts, const Poll& poll) {
  Run run = counts.layout().is_narrow() ? written<std::uint64_t>(counts, poll)
                                        : written<WideKey>(counts, poll);
  const std::lock_guard guard(lock_);
  if (!all_) {
    all_ = counts.alphabet();
  } else if (!(*all_ == counts.alphabet())) {
    all_ = united(*all_, counts.alphabet());
  }
  order_ = counts.order();
  runs_.push_back(std::move(run));
}

Ngrams SpilledRuns::sum(const Poll& poll) {
  std::int64_t total = 0;
  for (const Run& run : runs_) {
    if (add_overflows(total, run.total, total)) throw Error("a count went beyond 64 bits");
  }
  const KeyLayout layout = key_layout(order_, all_->size());
  Ngrams::Items items =
      layout.is_narrow() ? all_items<std::uint64_t>(poll) : all_items<WideKey>(poll);
  Ngrams sum(*std::exchange(all_, std::nullopt), order_, std::move(items), poll);
  if (sum.total() != total) fail_damaged();
  return sum;
}

// The items of all runs added up. They are written once more, so that memory is taken for them
// when it is known how many there are.
template <class Key>
Ngrams::Items SpilledRuns::all_items(const Poll& poll) {
  const std::uint64_t each = kReadAhead + sizeof(std::uint32_t) * all_->size();
  const std::uint64_t at_once = std::clamp<std::uint64_t>(memory_ / 2 / each, 2, kMostAtOnce);
  std::vector<Run> runs = std::exchange(runs_, {});
  try {
    while (runs.size() > 1) {
      const auto some = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(at_once, runs.size()));
      Run one = merged<Key>({runs.data(), static_cast<std::size_t>(some)}, poll);
      runs.erase(runs.begin(), runs.begin() + some);
      runs.push_back(std::move(one));
    }
    Ngrams::Items items;
    items.reserve(static_cast<std::size_t>(runs[0].size));
    Pace pace(poll);
    for (Source<Key> source(*this, runs[0], poll); !source.at_end(); source.drop()) {
      items.push_back({WideKey{source.key()}, source.count()});
      pace.step(8);
    }
    return items;
  } catch (const Error&) {
    fail_damaged();
  }
}

// A run of what several hold, with the ids of all.
template <class Key>
SpilledRuns::Run SpilledRuns::merged(std::span<const Run> runs, const Poll& poll) {
  std::vector<Source<Key>> sources;
  for (const Run& run : runs) sources.emplace_back(*this, run, poll);
  Writer<Key> writer(*this);
  Pace pace(poll);
  Key last = 0;
  std::int64_t times = 0;
  each_in_order<Key>(std::span(sources), order_ + 16, pace, [&](Key key, std::int64_t count) {
    if (key != last && times > 0) {
      writer.put(last, times);
      times = 0;
    }
    last = key;
    times += count;
  });
  if (times > 0) writer.put(last, times);
  return writer.finish(append_alphabet(*all_, poll));
}

template <class Key>
SpilledRuns::Run SpilledRuns::written(const Ngrams& counts, const Poll& poll) {
  Writer<Key> writer(*this);
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    writer.put(static_cast<Key>(item.key), item.count);
    pace.step(8);
  }
  return writer.finish(append_alphabet(counts.alphabet(), poll));
}

SpilledRuns::Block SpilledRuns::append_alphabet(const Alphabet& alphabet, const Poll& poll) {
  ByteWriter written = alphabet.vocabulary() == nullptr ? encoded_alphabet(alphabet, poll)
                                                        : encoded_tokens(alphabet, poll);
  return append(written.bytes());
}

Alphabet SpilledRuns::alphabet_of(const Run& run, const Poll& poll) const {
  Buffer<std::uint8_t> bytes(run.alphabet.size);
  read(run.alphabet.at, bytes.data(), bytes.size());
  return all_->vocabulary() == nullptr ? decoded_alphabet(bytes) : decoded_tokens(bytes, poll);
}

SpilledRuns::Block SpilledRuns::append(Bytes bytes) {
  const Block block{end_.fetch_add(bytes.size()), bytes.size()};
  try {
    for (std::size_t done = 0; done < bytes.size();) {
      done += write_at(descriptor_, bytes.data() + done, bytes.size() - done, block.at + done);
    }
  } catch (const std::system_error& error) {
    throw FileError(error, path_);
  }
  return block;
}

void SpilledRuns::read(std::uint64_t from, std::uint8_t* to, std::size_t size) const {
  try {
    for (std::size_t done = 0; done < size;) {
      const std::size_t got = read_at(descriptor_, to + done, size - done, from + done);
      if (got == 0) fail_damaged();
      done += got;
    }
  } catch (const std::system_error& error) {
    throw FileError(error, path_);
  }
}

// What was written is not there any more.
void SpilledRuns::fail_damaged() const {
  throw FileError(std::system_error(EIO, std::generic_category()), path_);
}

}  // namespace makemore
