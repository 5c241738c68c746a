// Counts n-grams as keys of so many bits: in a table where there are few keys, else hashed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/poll.hpp"
#include "counting/key_counts.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

class GramCounts {
 public:
  // Polls while it grows; what the poll throws leaves it of no more use.
  explicit GramCounts(unsigned bits, const Poll& poll = {}) : bits_(bits), poll_(poll) {
    if (bits <= kSmallTable) {
      store_ = Table(std::size_t{1} << bits);
    } else if (bits <= 32) {
      store_ = KeyCounts<std::uint32_t>(poll);
    } else if (bits <= 64) {
      store_ = KeyCounts<std::uint64_t>(poll);
    } else {
      store_ = KeyCounts<WideKey>(poll);
    }
  }

  // Keys are WideKey if they have more than 64 bits.
  template <class Key>
  void add(std::span<const Key> keys, std::int64_t weight = 1) {
    make_table_for(keys.size());
    if (std::uint64_t* const counts = table()) {
      const auto more = static_cast<std::uint64_t>(weight);
      for (const Key key : keys) counts[static_cast<std::size_t>(key)] += more;
      return;
    }
    with_hashed([&](auto& hashed) { hashed.add(keys, weight); });
  }

  // A key of any width that has no more bits than the keys here.
  void add_key(WideKey key, std::int64_t count) {
    if (bits_ <= kLargeTable) {
      const auto narrow = static_cast<std::uint64_t>(key);
      add(std::span(&narrow, 1), count);
    } else {
      with_hashed([&]<class Hashed>(KeyCounts<Hashed>& hashed) {
        hashed.add(static_cast<Hashed>(key), count);
      });
    }
  }

  // The counts by key, modulo 2^64; nullptr where keys are hashed.
  std::uint64_t* table() {
    Table* const counts = std::get_if<Table>(&store_);
    return counts == nullptr ? nullptr : counts->data();
  }

  // No more than so many keys were counted.
  std::size_t size() const {
    return std::visit([](const auto& store) { return store.size(); }, store_);
  }

  // Bytes that it takes where keys are hashed: then it grows with them.
  std::size_t memory() const {
    return std::visit(
        [](const auto& store) -> std::size_t {
          if constexpr (std::is_same_v<std::decay_t<decltype(store)>, Table>) {
            return 0;
          } else {
            return store.memory();
          }
        },
        store_);
  }

  // Calls use(key, count) for each key that was counted, in no particular order.
  template <class Use>
  void each(Use&& use) {
    if (const Table* const counts = std::get_if<Table>(&store_)) {
      for (std::uint64_t key = 0; key < counts->size(); ++key) {
        const auto count = static_cast<std::int64_t>((*counts)[key]);
        if (count != 0) use(key, count);
      }
    } else {
      with_hashed([&](auto& hashed) { hashed.each(use); });
    }
  }

 private:
  using Table = std::vector<std::uint64_t>;
  static constexpr unsigned kSmallTable = 12;
  static constexpr unsigned kLargeTable = 16;  // lies in the second cache

  // Calls use(hashed) with the counts by key, where there is no table.
  template <class Use>
  void with_hashed(Use&& use) {
    std::visit(
        [&](auto& store) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(store)>, Table>) use(store);
        },
        store_);
  }

  // A large table is made once there are so many keys that making it costs less than hashing.
  void make_table_for(std::size_t keys) {
    if (bits_ > kLargeTable || bits_ <= kSmallTable) return;
    if (added_ >= std::size_t{1} << bits_) return;
    added_ += keys;
    if (added_ < std::size_t{1} << bits_) return;
    Table counts(std::size_t{1} << bits_);
    each([&](auto key, std::int64_t count) {
      counts[static_cast<std::size_t>(key)] = static_cast<std::uint64_t>(count);
    });
    store_ = std::move(counts);
  }

  unsigned bits_;
  Poll poll_;
  std::size_t added_ = 0;  // keys so far, until there is a table
  std::variant<Table, KeyCounts<std::uint32_t>, KeyCounts<std::uint64_t>, KeyCounts<WideKey>>
      store_;
};

}  // namespace makemore
