// Draws many words at once: the words of one block side by side, a word a lane.
//
// First comes one quarter (four symbols) of every word, then the next quarter of those that
// go on, and so forth: so every lane is busy, and the waits of one word are filled by others.
// What is drawn depends on the word alone (sampling.hpp), so every variant gives the same.
#pragma once

#include <cstddef>
#include <cstdint>

namespace makemore {

struct LaneBlock {
  static constexpr std::uint32_t kMostWords = 2048;
  static constexpr std::uint32_t kSlot = 16;                      // bytes that stand together
  static constexpr std::uint32_t kLayers = 4;                     // of slots
  static constexpr std::uint32_t kMostSymbols = kLayers * kSlot;  // of a word in a block

  const std::uint32_t* entries;  // of the alias tables, for at most 256 symbols
  unsigned bits;                 // columns a row has, as a power of two
  std::uint64_t seed;
  std::uint64_t first;      // the number of the first word; the low 32 bits of the
                            // others' follow on it without a carry
  std::uint32_t words;      // how many words, at most kMostWords
  std::uint32_t start_row;  // the symbol before the first one drawn
  std::uint32_t quarters;   // to draw of a word that does not end; up to kMostSymbols / 4

  // What is drawn: symbols 16 s to 16 s + 15 of word i from slot(s, i), boundaries included.
  // What stands behind a word's first boundary means nothing.
  std::uint8_t* slots;

  // One more a layer than there are words: vectors are filled up with a word of no use.
  static constexpr std::size_t bytes(std::uint32_t words) {
    return (words + 1) * std::size_t{kMostSymbols};
  }
  std::uint8_t* slot(std::uint32_t layer, std::uint32_t word) const {
    return slots + (layer * (std::size_t{words} + 1) + word) * kSlot;
  }
};

using DrawLanes = void (*)(const LaneBlock&);

// The variant of the active instruction set (cpu.hpp).
DrawLanes draw_lanes();

// The variant in plain C++, for processors that have no other.
void draw_plain(const LaneBlock& block);

}  // namespace makemore
