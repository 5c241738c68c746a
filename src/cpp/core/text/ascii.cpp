// Looks for a byte with its high bit set.
#include "text/ascii.hpp"

#include <algorithm>
#include <cstdint>

namespace makemore {

bool all_ascii(Bytes bytes) {
  constexpr std::size_t block = 1024;  // text of another script is told by its first
  while (!bytes.empty()) {
    std::uint8_t seen = 0;
    const std::size_t n = std::min(bytes.size(), block);
    for (const std::uint8_t byte : bytes.first(n)) seen |= byte;
    if (seen >= 0x80) return false;
    bytes = bytes.subspan(n);
  }
  return true;
}

}  // namespace makemore
