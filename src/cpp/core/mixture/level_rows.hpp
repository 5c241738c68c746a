// What a node says of the symbols that it has seen: a row of few numbers over the alphabet.
//
// A row is a number of blocks of 32 symbols each: the block's number, a bit for each of its
// symbols that has a number, and those numbers as floats, in the order of symbols. What has no
// number is zero. Many rows stand in one buffer of 32-bit words, which ends in kSlack words that
// are never meant, so that vectors may be read beyond a row's end.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/buffer.hpp"

namespace makemore {

inline constexpr std::uint32_t kBlockSymbols = 32;
inline constexpr std::size_t kSlack = 32;

using RowWords = Buffer<std::uint32_t>;

inline void add_slack(RowWords& words) { words.insert(words.end(), kSlack, 0); }

// Appends a row; `symbols` ascend. Returns the number of its blocks.
inline std::uint32_t append_row(RowWords& words, std::span<const std::uint32_t> symbols,
                                const float* numbers) {
  std::uint32_t blocks = 0;
  for (std::size_t i = 0; i < symbols.size(); ++blocks) {
    const std::uint32_t block = symbols[i] / kBlockSymbols;
    words.push_back(block);
    const std::size_t bits_at = words.size();
    words.push_back(0);
    for (; i < symbols.size() && symbols[i] / kBlockSymbols == block; ++i) {
      words[bits_at] |= std::uint32_t{1} << symbols[i] % kBlockSymbols;
      words.push_back(std::bit_cast<std::uint32_t>(numbers[i]));
    }
  }
  return blocks;
}

// A row as it takes part in a prediction.
struct RowInput {
  const std::uint32_t* words;
  std::uint32_t blocks;
  std::uint32_t slot;          // kKinds x its level + its kind
  std::uint32_t other_symbol;  // has `other` in place of its number; kNoOther for none
  float other;

  static constexpr std::uint32_t kNoOther = 0xFFFFFFFF;
};

}  // namespace makemore
