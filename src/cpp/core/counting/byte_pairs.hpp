// Counts pairs of neighbouring bytes in one 256 x 256 table: what every machine can do.
#pragma once

#include <cstddef>
#include <cstdint>

#include "text/text.hpp"

namespace makemore {

inline constexpr std::size_t kBytePairs = 256 * 256;

// The counter of two bytes: the number that they are where they lie side by side.
constexpr std::uint32_t byte_pair(std::uint32_t first, std::uint32_t second) {
  return second << 8 | first;
}

// Counts (previous, codes[0]), (codes[0], codes[1]), ...; there is at least one code.
void count_byte_pairs(std::uint32_t previous, Bytes codes, std::uint32_t* table);

}  // namespace makemore
