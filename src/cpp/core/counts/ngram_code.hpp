// N-grams as bytes, sorted: of each, how far its key lies from the one before, and its count.
//
// An n-gram is a number of its own, gap * 4 + n: n is its count less one, up to 3, of which 3 says
// that the count less four follows. It is written in two parts, as it may have 130 bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/varint.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

inline constexpr std::size_t kLongestNgram = 2 * kLongestVarint;  // bytes
inline constexpr unsigned kGapBits = 5;  // in the first byte, above those of n

// Writes n-grams in the order of their keys, to where there is room.
template <class Key>
class NgramWriter {
 public:
  std::uint8_t* put(std::uint8_t* out, Key key, std::int64_t count) {
    const Key gap = any_ ? static_cast<Key>(key - before_ - Key{1}) : key;
    before_ = key;
    any_ = true;
    const auto more = static_cast<std::uint64_t>(count) - 1;
    const auto low = static_cast<std::uint8_t>(static_cast<std::uint8_t>(gap) & 0x1F);
    const auto n = static_cast<std::uint8_t>(std::min<std::uint64_t>(more, 3));
    const Key rest = gap >> kGapBits;
    *out++ = static_cast<std::uint8_t>(low << 2 | n | (rest > Key{0} ? 0x80 : 0));
    if (rest > Key{0}) out = put_varint(out, rest);
    return n == 3 ? put_varint(out, more - 3) : out;
  }

 private:
  Key before_ = 0;
  bool any_ = false;
};

// Reads them, of keys of so many bits; throws Error for what no writer writes.
template <class Key>
class NgramReader {
 public:
  explicit NgramReader(unsigned bits)
      : bits_(bits),
        most_(static_cast<Key>(static_cast<Key>(~Key{0}) >> (8 * sizeof(Key) - bits))) {}

  struct Read {
    Key key;
    std::int64_t count;
  };
  Read next(VarintReader& reader) {
    Key gap = 0;
    std::uint64_t more = 0;
    if (std::uint64_t number = 0; reader.next_short(number)) {
      gap = static_cast<Key>(number >> 2);
      more = number & 3;
    } else {
      const std::uint8_t first = reader.take(1)[0];
      gap = static_cast<Key>(first >> 2 & 0x1F);
      more = first & 3;
      if (first >= 0x80) {
        const auto rest = reader.next<Key>(bits_ > kGapBits ? bits_ - kGapBits : 0);
        if (rest == Key{0}) {
          VarintReader::fail(reader.at(), "a number has more bytes than it needs");
        }
        gap |= rest << kGapBits;
      }
    }
    const Key room = any_ ? most_ - before_ : most_;  // for this key and one more
    if (gap > room || (any_ && gap == room)) {
      VarintReader::fail(reader.at(), "an n-gram lies behind the last that is possible");
    }
    before_ = any_ ? before_ + gap + Key{1} : gap;
    any_ = true;
    if (more == 3) more += reader.next<std::uint64_t>(63);
    if (more >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      VarintReader::fail(reader.at(), "a count goes beyond 64 bits");
    }
    return {before_, static_cast<std::int64_t>(more) + 1};
  }

 private:
  unsigned bits_;
  Key most_;
  Key before_ = 0;
  bool any_ = false;
};

}  // namespace makemore
