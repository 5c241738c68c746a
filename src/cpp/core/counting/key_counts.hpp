// Counts keys in a hash table that grows; made for many keys, of which few are new.
//
// Open addressing with linear probing, at most half full. Keys come in batches, so that the
// slots of the next ones can be fetched while one is counted: the table is larger than the
// caches, and waiting for it is what counting costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/buffer.hpp"
#include "base/compiler.hpp"
#include "base/poll.hpp"

namespace makemore {

template <class Key>
class KeyCounts {
 public:
  // Polls while it grows; what the poll throws leaves it of no more use.
  explicit KeyCounts(Poll poll = {}) : poll_(std::move(poll)), shift_(64 - 12) {
    make_slots(std::size_t{1} << 12);
  }

  void add(std::span<const Key> keys) {
    constexpr std::size_t ahead = 12;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i + ahead < keys.size()) prefetch_to_write(&slots_[home(keys[i + ahead])]);
      Slot& slot = find(keys[i]);
      if (slot.count++ == 0) {
        slot.key = keys[i];
        if (2 * ++used_ > slots_.size()) grow();
      }
    }
  }

  void add(Key key, std::int64_t count) {
    Slot& slot = find(key);
    slot.key = key;
    const bool fresh = slot.count == 0;
    slot.count += count;
    if (fresh && 2 * ++used_ > slots_.size()) grow();
  }

  std::size_t size() const { return used_; }

  // Calls use(key, count) for each key, in no particular order.
  template <class Use>
  void each(Use&& use) const {
    for (const Slot& slot : slots_) {
      if (slot.count != 0) use(slot.key, slot.count);
    }
  }

 private:
  struct Slot {
    Key key;
    std::int64_t count;  // 0: free
  };

  std::size_t home(Key key) const {
    auto low = static_cast<std::uint64_t>(key);
    if constexpr (sizeof(Key) > 8) {
      low = (low ^ low >> 32) * 0xD6E8FEB86659FD93 + static_cast<std::uint64_t>(key >> 64);
    }
    return static_cast<std::size_t>((low ^ low >> 29) * 0x9E3779B97F4A7C15 >> shift_);
  }

  Slot& find(Key key) {
    std::size_t at = home(key);
    while (slots_[at].count != 0 && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }

  void make_slots(std::size_t n) {
    Pace pace(poll_);
    slots_ = Buffer<Slot>(n);
    for (Slot& slot : slots_) {
      slot = {};
      pace.step();
    }
  }

  void grow() {
    constexpr std::size_t miss = 8;  // steps that a look at memory takes
    const Buffer<Slot> old = std::move(slots_);
    make_slots(2 * old.size());
    --shift_;
    Pace pace(poll_);
    for (const Slot& slot : old) {
      if (slot.count != 0) find(slot.key) = slot;
      pace.step(miss);
    }
  }

  Poll poll_;
  Buffer<Slot> slots_;
  unsigned shift_;
  std::size_t used_ = 0;
};

}  // namespace makemore
