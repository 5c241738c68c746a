// Counts pairs of bytes by loads of 16 bits.
#include "counting/byte_pairs.hpp"

#include <cstring>

namespace makemore {

void count_byte_pairs(std::uint32_t previous, Bytes codes, std::uint32_t* table) {
  constexpr std::size_t step = 8;
  const std::uint8_t* p = codes.data();
  const std::uint8_t* const last = p + codes.size() - 1;
  ++table[byte_pair(previous, *p)];
  for (; last - p >= static_cast<std::ptrdiff_t>(step) + 2; p += step) {
    // A run of one code, or of two in turn, would wait for the same counter again and again:
    // it is added at once.
    std::uint64_t here = 0;
    std::uint64_t further = 0;
    std::memcpy(&here, p, step);
    std::memcpy(&further, p + 2, step);
    if (here == further) {
      table[byte_pair(p[0], p[1])] += step / 2;
      table[byte_pair(p[1], p[0])] += step / 2;
      continue;
    }
    for (std::size_t i = 0; i < step; ++i) ++table[byte_pair(p[i], p[i + 1])];
  }
  for (; p < last; ++p) ++table[byte_pair(p[0], p[1])];
}

}  // namespace makemore
