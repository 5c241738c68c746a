// A chain as the mixture uses it: for each node, how much it raises each symbol that it has seen,
//
//   x(c) = ln(1 + (n(c) - d(n(c))) / ((G + theta) q(c)))
//
// with q the prediction of its parent; and what it would have said at training positions, had
// these not been counted.
//
// Weights learned on rows that know the answer would trust the longest path always. So the
// position's own count is taken away first, along its own path: from the deepest node up, a node
// loses r of its symbol, r = 1 at first, and hands up the less for it: r <- d(n) - d(n - r).
// Where three and more are left, nothing is handed up less. So at the topmost node that loses
// something only its own symbol's number changes (and N), above it nothing; the rows below it
// change as a whole. A node that nothing is left of was never there. Where a node has seen very
// many symbols, the numbers of the others are left as they are: G hardly changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "mixture/chain_counts.hpp"
#include "mixture/level_rows.hpp"
#include "mixture/levels.hpp"

namespace makemore {

struct ChainRows {
  struct Node {
    std::uint32_t first;   // of its words in `words`
    std::uint32_t blocks;  // of its row
    std::uint32_t parent;  // comes before its children; the root is its own
    std::uint32_t value;   // of the feature
    std::uint8_t feature;  // by its place in the chain
    std::uint8_t depth;    // 0: the root
    std::uint8_t size;     // size_of_total of its N

    // Its place among the levels of its chain.
    std::size_t level() const { return depth == 0 ? 0 : feature + std::size_t{1}; }
  };

  Buffer<Node> nodes;
  RowWords words;  // with slack
};

// A position's outcome without the position, in 32-bit words: first these; then the stored rows of
// which its own symbol's number is another, the deepest first, each as a Patched; then the rows
// that are changed as a whole, each as its slot, its numbers of blocks and of words, and the row.
// Levels that are silent have none.
struct HeldOut {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::uint32_t node = kNone;  // the deepest node that speaks as it is stored
  std::uint32_t slot = 0;      // of that node
  std::uint32_t symbol = 0;    // the position's own
  std::uint32_t patched = 0;   // how many
  std::uint32_t changed = 0;

  struct Patched {
    std::uint32_t node;
    std::uint32_t slot;
    float number;
  };

  static constexpr std::size_t kWords = 5;
  static constexpr std::size_t kPatchedWords = 3;
  static constexpr std::size_t kRowWords = 3;  // before each changed row
};

// Rows of all nodes; and, if they are wanted, of the outcomes of the counts' sample, written to
// `held_out` from the words held_out_at[outcome] on. `levels` are those of the chain.
ChainRows make_rows(const ChainCounts& counts, std::span<const std::uint32_t> levels,
                    RowWords* held_out, std::vector<std::uint32_t>* held_out_at, const Poll& pause);

}  // namespace makemore
