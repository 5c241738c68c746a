// What drawn words are asked to be like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace makemore {

// Says of some words which are accepted. Word i is ids[ends[i - 1] .. ends[i]), the first from 0
// on; accepted[i] is 0 before the call.
using AcceptWords =
    std::function<void(std::span<const std::uint32_t> ids, std::span<const std::int64_t> ends,
                       std::span<std::uint8_t> accepted)>;

struct WordConditions {
  std::size_t min_length = 0;  // symbols
  std::size_t max_length = 0;  // 0: any number
  std::vector<std::uint32_t> suffix;
  std::vector<std::uint32_t> contains;  // side by side
  AcceptWords match;                    // or none; asked about words that meet the others

  bool any() const {
    return min_length > 0 || max_length > 0 || !suffix.empty() || !contains.empty() || match;
  }
};

}  // namespace makemore
