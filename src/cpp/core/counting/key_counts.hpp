// Counts keys of one length in a hash table that grows; made for many keys, few of them new.
//
// The table has lines as long as a cache line, each with some keys and small counters: a key is
// found in one look at memory, and without a branch on where in its line it stands. Keys come in
// batches, so that the lines of many can be fetched at once. What is large for a small counter
// goes to sums of 64 bits.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/buffer.hpp"
#include "base/compiler.hpp"
#include "base/find_in_line.hpp"
#include "base/hash_table.hpp"
#include "base/poll.hpp"

namespace makemore {

template <class Key>
class KeyCounts {
 public:
  // Polls while it grows; what the poll throws leaves it of no more use.
  explicit KeyCounts(Poll poll = {}) : poll_(std::move(poll)), lines_(empty_lines(kFirstLines)) {}

  // Counts each of these keys so many times. They may have a wider type, but no higher value.
  template <class Given>
  void add(std::span<const Given> keys, std::int64_t count = 1) {
    while (!keys.empty()) {
      const auto now = keys.first(std::min(keys.size(), kAtOnce));
      keys = keys.subspan(now.size());
      if (count < 0 || count > kMostSmall) {
        for (const Given key : now) sums_.prefetch(hash(static_cast<Key>(key)));
        for (const Given key : now) add_sum(static_cast<Key>(key), count);
        continue;
      }
      const auto small = static_cast<std::uint32_t>(count);
      if (in_lines_ + now.size() * small > kMostInLines) move_to_sums();
      in_lines_ += now.size() * small;
      if (small > 0) add_at_once(now, small);
    }
  }

  void add(Key key, std::int64_t count) { add(std::span<const Key>(&key, 1), count); }

  // No more than so many keys were counted.
  std::size_t size() const { return used_ + sums_.used() + 1; }

  // Bytes that it takes.
  std::size_t memory() const {
    return lines_.size() * sizeof(Line) + sums_.slots().size() * sizeof(Sum);
  }

  // Calls use(key, count) for each key, in no particular order.
  template <class Use>
  void each(Use&& use) const {
    if (zeros_ != 0) use(Key{0}, zeros_);
    for (const Line& line : lines_) {
      for (std::uint32_t i = 0; i < Line::kSlots && line.counts[i] != 0; ++i) {
        const Key key = line.keys[i];
        use(key, line.counts[i] + (sums_.used() > 0 ? sums_[place_of_sum(key)].count : 0));
      }
    }
    for (const Sum& sum : sums_.slots()) {
      if (sum.used() && !is_in_lines(sum.key)) use(sum.key, sum.count);
    }
  }

 private:
  static constexpr std::size_t kFirstLines = 128;
  static constexpr std::size_t kAtOnce = 64;  // keys whose lines are fetched together
  static constexpr std::uint64_t kMostInLines = std::uint64_t{1} << 31;  // a counter holds as much
  static constexpr std::int64_t kMostSmall = 256;  // or the lines would be full after few keys

  struct alignas(64) Line {
    static constexpr std::uint32_t kSlots = 64 / (sizeof(Key) + sizeof(std::uint32_t));
    std::array<Key, kSlots> keys{};
    std::array<std::uint32_t, kSlots> counts{};  // 0: free; used from the front on

    // The place of a key other than 0; kSlots if it is not here.
    std::uint32_t find(Key key) const { return makemore::find_in_line<kSlots>(keys.data(), key); }
    std::uint32_t used() const {
      std::uint32_t used = 0;
      for (const std::uint32_t count : counts) used += count != 0 ? 1 : 0;
      return used;
    }
  };
  static_assert(sizeof(Line) == 64);

  struct Sum {
    Key key;
    std::int64_t count;  // 0: free

    bool used() const { return count != 0; }
    std::uint64_t hash() const { return KeyCounts::hash(key); }
  };

  static std::uint64_t hash(Key key) {
    const std::uint64_t low = hash_of(static_cast<std::uint64_t>(key));
    if constexpr (sizeof(Key) > 8) return hash_of(low ^ static_cast<std::uint64_t>(key >> 64));
    return low;
  }

  static std::size_t home(Key key, std::size_t lines) {  // a power of two
    return static_cast<std::size_t>(hash(key) >> 24) & (lines - 1);
  }

  Buffer<Line> empty_lines(std::size_t n) const {
    constexpr std::size_t some = std::size_t{1} << 12;
    Buffer<Line> lines(n);
    Pace pace(poll_);
    for (std::size_t at = 0; at < n; at += some) {
      std::fill_n(&lines[at], std::min(some, n - at), Line{});
      pace.step(some);
    }
    return lines;
  }

  template <class Given>
  void add_at_once(std::span<const Given> keys, std::uint32_t count) {
    std::array<std::size_t, kAtOnce> homes;
    const std::size_t size = lines_.size();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      homes[i] = home(static_cast<Key>(keys[i]), size);
      prefetch_to_write(&lines_[homes[i]]);
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto key = static_cast<Key>(keys[i]);
      Line& line = lines_[homes[i]];
      const std::uint32_t place = line.find(key);
      if (place < Line::kSlots && key != 0) {
        line.counts[place] += count;
        continue;
      }
      add_small(key, count);
      if (lines_.size() == size) continue;
      return add_at_once(keys.subspan(i + 1), count);  // all homes have changed
    }
  }

  // Counts in a line; key 0, which is what free slots have, on its own.
  void add_small(Key key, std::uint32_t count) {
    if (key == 0) {
      zeros_ += count;
      return;
    }
    for (std::size_t at = home(key, lines_.size());; at = (at + 1) & (lines_.size() - 1)) {
      Line& line = lines_[at];
      std::uint32_t place = line.find(key);
      if (place == Line::kSlots) {
        place = line.used();
        if (place == Line::kSlots) continue;
        if (8 * (used_ + 1) > 5 * Line::kSlots * lines_.size()) {  // five eighths full
          grow();
          return add_small(key, count);
        }
        line.keys[place] = key;
        ++used_;
      }
      line.counts[place] += count;
      return;
    }
  }

  void grow() {
    Buffer<Line> old = empty_lines(2 * lines_.size());
    std::swap(old, lines_);
    used_ = 0;
    each_in(old, [&](Key key, std::uint32_t count) { add_small(key, count); });
  }

  void move_to_sums() {
    each_in(lines_, [&](Key key, std::uint32_t count) { add_sum(key, count); });
    lines_ = empty_lines(lines_.size());
    used_ = 0;
    in_lines_ = 0;
  }

  template <class Use>
  void each_in(const Buffer<Line>& lines, Use&& use) const {
    constexpr std::size_t miss = 8;  // steps that a look at memory takes
    Pace pace(poll_);
    for (const Line& line : lines) {
      pace.step(miss * Line::kSlots);
      for (std::uint32_t i = 0; i < Line::kSlots && line.counts[i] != 0; ++i) {
        use(line.keys[i], line.counts[i]);
      }
    }
  }

  std::size_t place_of_sum(Key key) const {
    return sums_.find(sums_.home(hash(key)), [&](const Sum& sum) { return sum.key == key; });
  }

  bool is_in_lines(Key key) const {
    for (std::size_t at = home(key, lines_.size());; at = (at + 1) & (lines_.size() - 1)) {
      const std::uint32_t place = lines_[at].find(key);
      if (place < Line::kSlots) return true;
      if (lines_[at].used() < Line::kSlots) return false;
    }
  }

  void add_sum(Key key, std::int64_t count) {
    if (key == 0 || count == 0) {
      zeros_ += key == 0 ? count : 0;
      return;
    }
    Sum& sum = sums_[place_of_sum(key)];
    const bool fresh = !sum.used();
    sum.key = key;
    sum.count += count;
    if (fresh) sums_.taken(poll_);
  }

  Poll poll_;
  Buffer<Line> lines_;  // a power of two
  std::size_t used_ = 0;
  std::uint64_t in_lines_ = 0;  // the sum of all counters in lines, or more
  std::int64_t zeros_ = 0;      // how often key 0 was counted
  HashTable<Sum> sums_{kFirstLines};
};

}  // namespace makemore
