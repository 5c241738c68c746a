// Draws many words at once: the words of one block side by side, a word a lane.
//
// A step draws the next symbol in every lane, so the waits of one word are filled by the
// others; a lane whose word has ended takes the next word of the block. What a lane draws
// depends on its word alone (sampler.hpp), so every variant gives the same words.
#pragma once

#include <cstddef>
#include <cstdint>

namespace makemore {

struct LaneBlock {
  static constexpr std::size_t kStride = 64;    // bytes a word has in `staging`
  static constexpr std::uint32_t kTooLong = ~std::uint32_t{0};

  const std::uint32_t* entries;  // of the alias tables, for at most 256 symbols
  unsigned bits;                 // columns a row has, as a power of two
  std::uint64_t seed;
  std::uint64_t first;           // the number of the block's first word in the stream
  std::uint32_t words;           // how many words; below 2^24
  std::uint32_t start_row;       // the symbol before the first one drawn
  std::uint32_t quarters;        // a word is given up after 4 * quarters symbols; 1 to 16
  std::uint8_t* staging;         // words * kStride bytes: the ids of word i from i * kStride
  std::uint32_t* lengths;        // words: symbols drawn, kTooLong for a word given up
};

using DrawLanes = void (*)(const LaneBlock&);

// The variant of the active instruction set (cpu.hpp).
DrawLanes draw_lanes();

}  // namespace makemore
