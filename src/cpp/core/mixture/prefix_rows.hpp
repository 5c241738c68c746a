// Rows of numbers kept for the most frequent beginnings of words.
//
// Most positions of words, new ones too, stand behind a prefix that training has seen
// several times: of names four in five. What is predicted there is looked up instead of
// computed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "text/word_list.hpp"

namespace makemore {

class PrefixRows {
 public:
  // A prefix that has a row; rows are numbered from 0 on.
  using Prefix = std::uint32_t;
  static constexpr Prefix kEmpty = 0;  // the prefix of no symbols, always kept
  static constexpr Prefix kNotKept = 0xFFFFFFFF;

  // Finds the prefixes that several of the words have, the most frequent first, for as many
  // rows of `stride` floats as are to be kept. The rows are yet to be filled.
  PrefixRows(const WordList& words, std::size_t stride, const Poll& poll = {});

  std::size_t size() const { return symbols_.size(); }
  float* row(Prefix prefix) { return rows_.data() + prefix * stride_; }
  const float* row(Prefix prefix) const { return rows_.data() + prefix * stride_; }

  // The prefix with one more symbol.
  Prefix longer(Prefix prefix, std::uint32_t symbol) const {
    if (prefix == kNotKept) return kNotKept;
    for (std::size_t at = home(prefix, symbol);; at = at + 1 == table_.size() ? 0 : at + 1) {
      const Prefix found = table_[at];
      if (found == kNotKept) return kNotKept;
      if (shorter_[found] == prefix && symbols_[found] == symbol) return found;
    }
  }

  // The symbols of a prefix.
  std::vector<std::uint32_t> word(Prefix prefix) const;

 private:
  std::size_t home(Prefix prefix, std::uint32_t symbol) const {
    const std::uint64_t key = std::uint64_t{prefix} << 32 | symbol;
    return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15 >> 32) * table_.size() >> 32);
  }
  Prefix append(Prefix shorter, std::uint32_t symbol);

  std::size_t stride_;
  std::vector<Prefix> shorter_;         // by prefix: it without its last symbol
  std::vector<std::uint32_t> symbols_;  // by prefix: its last symbol
  std::vector<Prefix> table_;           // where longer() looks
  Buffer<float> rows_;
};

}  // namespace makemore
