// Counts how often each pair of codes stands side by side.
//
// Codes that fit a byte are counted in one 256 x 256 table that stays in the cache or, long
// runs of few symbols, as triples; pairs with a larger code, as in Chinese, go to a hash
// table (wide_pairs). Exact past 2^32: small counters are emptied into 64-bit ones before they
// overflow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "base/zeroed.hpp"
#include "counting/byte_pairs.hpp"
#include "counting/triples.hpp"
#include "counting/wide_pairs.hpp"
#include "counts/ngrams.hpp"
#include "text/text.hpp"

namespace makemore {

class PairCounts {
 public:
  // Polls while it grows; what the poll throws leaves it of no more use.
  explicit PairCounts(Poll poll = {});

  // Counts (previous, codes[0]), (codes[0], codes[1]), ...
  void add(std::uint32_t previous, Bytes codes);
  void add(std::uint32_t previous, std::span<const std::uint32_t> codes);

  // Counts (previous, text[0]), (text[0], text[1]), ... as far as a look at each 16 KiB finds
  // ASCII alone, or a kernel does. Returns how many bytes that was.
  std::size_t add_ascii(std::uint32_t previous, Bytes text);

  // Counts the pairs of words (fewer than 2^31) with a kWordEnd before, between and behind them,
  // without copying them apart: as one long word, and then what each border changes.
  template <class Offset>
  void add(const Joined<Offset>& words);

  // Whether a narrow code stands first in a pair counted so far, or may do so.
  bool has(std::uint32_t first) const;

  // The same for each ASCII code, where codes are below `end` or kWordEnd.
  static constexpr std::uint32_t kAscii = 128;
  std::array<bool, kAscii> ascii_firsts(std::uint32_t end) const;

  // The count of a pair of narrow codes; settle() first.
  std::int64_t narrow(std::uint32_t first, std::uint32_t second) const {
    const std::size_t at = byte_pair(first, second);
    return small_[at] + (large_.empty() ? 0 : large_[at]);
  }
  void settle();

  // Bytes that pairs with a larger code take, and sorting them as n-grams.
  std::size_t memory() const {
    return wide_ ? wide_->memory() + Ngrams::memory_to_sort(wide_->size()) : 0;
  }

  // The pairs with a larger code, if any; settle() first.
  const WidePairs* wide() const { return wide_ ? &*wide_ : nullptr; }

 private:
  static constexpr std::uint32_t kSide = 256;
  TripleCounts::Occurrences occurrences() const;
  void count_narrow(std::uint32_t previous, Bytes codes);
  bool worth_triples(Bytes codes) const;
  std::size_t count_triples(std::uint32_t previous, Bytes codes, CodeKind kind);
  template <class Offset>
  std::int64_t count_borders(const std::uint8_t* values, const Offset* from, const Offset* to);
  Zeroed<std::int64_t>& large();
  void settle_borders();
  void take_triples();
  void flush();

  // The second half is never touched. A block of this size, once freed, makes glibc keep more
  // memory for the next counter; else each would wait for fresh pages from the system.
  Buffer<std::uint32_t> small_;
  Zeroed<std::int64_t> large_;  // empty until the small counters are flushed
  std::size_t since_flush_ = 0;
  Zeroed<std::uint32_t> borders_;  // two tables, by both codes at a border as they lie
  std::size_t border_count_ = 0;
  TripleCounts triples_;
  std::optional<WidePairs> wide_;
  Poll poll_;
};

}  // namespace makemore
