// A chain made ready for predicting: nodes in a hash table, logarithms instead of counts.
//
// In logarithms a node changes its parent's prediction by one number for all symbols, which
// a mixture that is normalised at the end may leave out, and by
//
//   delta(c) = ln(1 + (n(c) - d(n(c))) / ((G + theta) p_parent(c)))
//
// for the few symbols c that it has seen. So nothing is divided and no logarithm taken while
// predicting. Where a node has seen a quarter of the alphabet, the whole row is kept instead;
// where it has seen one symbol only, the delta stands in the node.
//
// A node's place depends on its path alone and not on where its parent is, so all nodes of
// a path can be asked for at once, and memory be waited for once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/hash_table.hpp"
#include "base/poll.hpp"
#include "mixture/chain.hpp"
#include "mixture/chain_counts.hpp"

namespace makemore {

class ChainTable {
 public:
  // `columns` says where in a position's values (below) each feature of the chain stands.
  ChainTable(const ChainCounts& counts, std::vector<std::size_t> columns, const Poll& pause);

  std::size_t nodes() const { return nodes_; }

  // A position on its way through the table.
  struct Path {
    std::uint32_t length;                       // features that are there
    std::uint32_t codes[Chain::kMostFeatures];  // each feature and its value
    std::size_t homes[Chain::kMostFeatures];    // where its node is looked for
    std::uint32_t bucket;                       // as HeldOutRows has it
    std::uint32_t below;                        // nodes below the row
    std::uint32_t nodes[Chain::kMostFeatures];  // those nodes
    const float* row;                           // of the deepest node that has one
  };

  // Three steps, so that others can be done while memory is waited for: where the path's
  // nodes would be, given the values of all features; how far it goes; and what it says,
  // z(c) += a * (ln p(c) + some number) for every symbol c.
  void start(std::span<const std::uint32_t> values, Path& path) const;
  void follow(Path& path) const;
  void add(const Path& path, float a, float* z) const;

 private:
  struct Node {
    std::uint32_t parent = kNone;
    std::uint32_t code = 0;  // of the feature and its value
    union {
      std::uint32_t first = 0;  // of its deltas, or the number of its row
      float delta;              // of the only symbol
    };
    std::uint32_t info = 0;  // the number of deltas or the only symbol, its form, its class

    bool used() const { return parent != kNone; }
  };
  enum Form : std::uint32_t { many, one, row };

  struct Delta {
    std::uint32_t symbol;
    float value;
  };

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  static constexpr std::uint32_t kRoot = 0xFFFFFFFE;

  static std::uint32_t info(std::uint32_t number, Form form, std::uint32_t weight_class) {
    return number << 4 | form << 2 | weight_class;
  }
  static Form form(const Node& node) { return static_cast<Form>(node.info >> 2 & 3); }

  static std::uint32_t code(std::size_t feature, std::uint32_t value) {
    return static_cast<std::uint32_t>(feature) << 24 | value;
  }

  std::vector<std::size_t> columns_;
  std::size_t stride_;
  std::size_t nodes_;
  Node root_;
  HashTable<Node> table_;
  Buffer<Delta> deltas_;
  Buffer<float> rows_;
};

}  // namespace makemore
