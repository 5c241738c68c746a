// Counts keys in a hash table that grows; made for many keys, of which few are new.
//
// Keys come in batches, so that the slots of the next ones can be fetched while one is counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/hash_table.hpp"
#include "base/poll.hpp"

namespace makemore {

template <class Key>
class KeyCounts {
 public:
  // Polls while it grows.
  explicit KeyCounts(Poll poll = {}) : poll_(std::move(poll)) {}

  void add(std::span<const Key> keys) {
    constexpr std::size_t ahead = 12;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i + ahead < keys.size()) table_.prefetch(hash(keys[i + ahead]));
      add(keys[i], 1);
    }
  }

  void add(Key key, std::int64_t count) {
    const auto has_key = [&](const Slot& slot) { return slot.key == key; };
    Slot& slot = table_[table_.find(table_.home(hash(key)), has_key)];
    const bool fresh = !slot.used();
    slot.key = key;
    slot.count += count;
    if (fresh) table_.taken(poll_);
  }

  std::size_t size() const { return table_.used(); }

  // Calls use(key, count) for each key, in no particular order.
  template <class Use>
  void each(Use&& use) const {
    for (const Slot& slot : table_.slots()) {
      if (slot.used()) use(slot.key, slot.count);
    }
  }

 private:
  struct Slot {
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

  Poll poll_;
  HashTable<Slot> table_;
};

}  // namespace makemore
