// A hash table whose user says what a slot holds and which one is looked for.
//
// Open addressing with linear probing. Kept at most half full, a slot is found in about one
// look at memory, which is what large tables cost; with prefetch() many are waited for at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/buffer.hpp"
#include "base/compiler.hpp"
#include "base/poll.hpp"

namespace makemore {

// The hash of a key, whose high bits differ for keys that are alike; different for different
// keys. That of a longer key is hash_of(hash_of(its beginning) ^ what follows).
constexpr std::uint64_t hash_of(std::uint64_t key) {
  return (key ^ key >> 29) * 0x9E3779B97F4A7C15;  // 2^64 / the golden ratio, odd
}

// A Slot says whether it is used(), which Slot{} is not, and, in a table that grows, its hash().
template <class Slot>
class HashTable {
 public:
  explicit HashTable(std::size_t slots = 1024, const Poll& poll = {}) : slots_(slots) {
    constexpr std::size_t some = std::size_t{1} << 12;
    Pace pace(poll);
    for (std::size_t at = 0; at < slots; at += some) {
      std::fill_n(&slots_[at], std::min(some, slots - at), Slot{});
      pace.step(some);
    }
  }

  std::size_t used() const { return used_; }
  std::span<const Slot> slots() const { return slots_; }
  const Slot& operator[](std::size_t place) const { return slots_[place]; }
  Slot& operator[](std::size_t place) { return slots_[place]; }

  // Where to begin to look.
  std::size_t home(std::uint64_t hash) const {
    return static_cast<std::size_t>(multiply_high(hash, slots_.size()));
  }
  void prefetch(std::uint64_t hash) const { makemore::prefetch(&slots_[home(hash)]); }

  // The place of the slot that is looked for, from a home on, or of the free one to take for it.
  template <class IsIt>
  std::size_t find(std::size_t at, IsIt&& is_it) const {
    while (slots_[at].used() && !is_it(slots_[at])) at = at + 1 == slots_.size() ? 0 : at + 1;
    return at;
  }
  std::size_t find_free(std::uint64_t hash) const {
    return find(home(hash), [](const Slot&) { return false; });
  }

  // To be told that a free slot was taken: the table grows. What the poll throws leaves it whole.
  void taken(const Poll& poll) {
    if (2 * ++used_ <= slots_.size()) return;
    constexpr std::size_t miss = 8;  // steps that a look at memory takes
    HashTable larger(2 * slots_.size(), poll);
    Pace pace(poll);
    for (const Slot& slot : slots_) {
      if (slot.used()) larger[larger.find_free(slot.hash())] = slot;
      pace.step(miss);
    }
    slots_ = std::move(larger.slots_);
  }

 private:
  Buffer<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace makemore
