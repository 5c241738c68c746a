// Counts pairs of codes that do not fit a byte, as of Chinese symbols.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "counting/key_counts.hpp"

namespace makemore {

class WidePairs {
 public:
  // Polls while it grows; what the poll throws leaves it of no more use.
  explicit WidePairs(const Poll& poll) : short_(poll), long_(poll) {}

  // Counts (previous, codes[0]), (codes[0], codes[1]), ...
  void add(std::uint32_t previous, std::span<const std::uint32_t> codes);

  // No more than so many pairs were counted.
  std::size_t size() const { return short_.size() + long_.size(); }

  // Bytes that it takes.
  std::size_t memory() const { return short_.memory() + long_.memory(); }

  struct Pair {
    std::uint32_t first;
    std::uint32_t second;
    std::int64_t count;
  };

  // Calls f(pair) for each of them, in any order.
  template <class F>
  void for_each(F&& f) const {
    short_.each(
        [&](std::uint32_t key, std::int64_t count) { f(Pair{key >> 16, key & 0xFFFF, count}); });
    long_.each([&](std::uint64_t key, std::int64_t count) {
      f(Pair{static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), count});
    });
  }

 private:
  KeyCounts<std::uint32_t> short_;  // of two codes of 16 bits
  KeyCounts<std::uint64_t> long_;   // of others
  Buffer<std::uint32_t> short_keys_;
  Buffer<std::uint64_t> long_keys_;
};

}  // namespace makemore
