// The levels of chains that speak in a mixture, and what kinds of nodes each has.
//
// A level of a chain is one of its features or, above the first one, its root. A node of it
// knows the features up to there. What set of features an earlier level knows already, in
// whatever order, says nothing new: each set speaks once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mixture/chain.hpp"

namespace makemore {

// How much a node has seen, by its N: seven sizes.
inline std::uint8_t size_of_total(double total) {
  constexpr double limits[] = {1.5, 2.5, 3, 5, 12, 60};
  constexpr double rounding = 1e-6;  // sums of the same numbers in other orders are one
  std::uint8_t size = 0;
  while (size < 6 && total > limits[size] - rounding) ++size;
  return size;
}
inline constexpr std::uint8_t kSizes = 7;
inline constexpr std::uint8_t kNoChild = kSizes;  // in place of a child's size: the path ends here

// The kind of a node on a path, by its size and the next node's: 4 x 6 kinds.
inline constexpr std::uint32_t kKinds = 24;
inline std::uint32_t kind_of(std::uint8_t child, std::uint8_t size) {
  constexpr std::uint8_t of_child[] = {1, 1, 1, 2, 2, 3, 3, 0};  // N below 3, below 12, more
  constexpr std::uint8_t of_node[] = {0, 1, 2, 2, 3, 4, 5};      // 1.5, 2.5, 5, 12, 60
  return std::uint32_t{6} * of_child[child] + of_node[size];
}

struct Levels {
  static constexpr std::uint32_t kSilent = 0xFFFFFFFF;

  explicit Levels(std::span<const Chain> chains);

  // By chain and depth (0: the root; f + 1: its feature f), the level's number, or kSilent.
  std::vector<std::vector<std::uint32_t>> of_chain;
  std::size_t number = 0;  // of those that speak
};

}  // namespace makemore
