// Rows of numbers kept for the most frequent beginnings of words.
//
// Most positions of words, new ones too, stand behind a prefix that training has seen
// several times: of names four in five. What is predicted there is looked up instead of
// computed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/hash_table.hpp"
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
  // rows of `stride` floats as are to be kept. The rows are yet to be made, and filled.
  PrefixRows(const WordList& words, std::size_t stride, const Poll& poll = {});

  // Prefixes that were found before: of each it without its last symbol, which stands before
  // it, and that symbol. The first is the empty one. Throws Error if they are not such.
  PrefixRows(std::vector<Prefix> shorter, std::vector<std::uint32_t> symbols, std::size_t stride,
             std::size_t alphabet);

  void make_rows(std::size_t stride);

  std::span<const Prefix> shorter() const { return shorter_; }
  std::span<const std::uint32_t> symbols() const { return symbols_; }
  std::size_t size() const { return symbols_.size(); }
  float* row(Prefix prefix) { return rows_.data() + prefix * stride_; }
  const float* row(Prefix prefix) const { return rows_.data() + prefix * stride_; }

  // The prefix with one more symbol.
  Prefix longer(Prefix prefix, std::uint32_t symbol) const {
    if (prefix == kNotKept) return kNotKept;
    const auto is_it = [&](Slot slot) {
      return shorter_[slot.prefix] == prefix && symbols_[slot.prefix] == symbol;
    };
    return table_[table_.find(table_.home(hash(prefix, symbol)), is_it)].prefix;
  }

  // The symbols of a prefix.
  std::vector<std::uint32_t> word(Prefix prefix) const;

 private:
  struct Slot {
    Prefix prefix = kNotKept;

    bool used() const { return prefix != kNotKept; }
  };

  static std::uint64_t hash(Prefix prefix, std::uint32_t symbol) {
    return hash_of(std::uint64_t{prefix} << 32 | symbol);
  }
  Prefix append(Prefix shorter, std::uint32_t symbol);

  std::size_t stride_ = 0;
  std::vector<Prefix> shorter_;         // by prefix: it without its last symbol
  std::vector<std::uint32_t> symbols_;  // by prefix: its last symbol
  HashTable<Slot> table_;               // where longer() looks
  Buffer<float> rows_;
};

}  // namespace makemore
