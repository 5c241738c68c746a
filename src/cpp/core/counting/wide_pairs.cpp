// Makes keys of pairs of codes.
#include "counting/wide_pairs.hpp"

#include <algorithm>

namespace makemore {

void WidePairs::add(std::uint32_t previous, std::span<const std::uint32_t> codes) {
  std::uint32_t highest = previous;
  for (const std::uint32_t code : codes) highest = std::max(highest, code);
  if (highest <= 0xFFFF) {
    short_keys_.resize(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
      short_keys_[i] = previous << 16 | codes[i];
      previous = codes[i];
    }
    short_.add(std::span<const std::uint32_t>(short_keys_));
    return;
  }
  short_keys_.clear();
  long_keys_.clear();
  for (const std::uint32_t code : codes) {
    if ((previous | code) <= 0xFFFF) {
      short_keys_.push_back(previous << 16 | code);
    } else {
      long_keys_.push_back(std::uint64_t{previous} << 32 | code);
    }
    previous = code;
  }
  short_.add(std::span<const std::uint32_t>(short_keys_));
  long_.add(std::span<const std::uint64_t>(long_keys_));
}

}  // namespace makemore
