// A chain made ready for predicting: its nodes in a hash table.
//
// A node's place depends on its path alone and not on where its parent is, so all nodes of
// a path can be asked for at once, and memory be waited for once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/hash_table.hpp"
#include "base/poll.hpp"
#include "mixture/chain.hpp"
#include "mixture/chain_rows.hpp"
#include "mixture/level_rows.hpp"
#include "mixture/levels.hpp"
#include "mixture/symbol_order.hpp"

namespace makemore {

class ChainTable {
 public:
  // `columns` says where in a position's values (below) each feature of the chain stands;
  // `levels` are those of the chain. Rows are kept in the order of symbols.
  ChainTable(ChainRows rows, const SymbolOrder& order, std::vector<std::size_t> columns,
             std::vector<std::uint32_t> levels, const Poll& pause);

  std::size_t nodes() const { return nodes_; }

  // What it was made of.
  ChainRows rows(const SymbolOrder& order, const Poll& pause) const;

  // A position on its way through the table.
  struct Path {
    std::uint32_t length;                        // features that are there
    std::uint32_t codes[Chain::kMostFeatures];   // each feature and its value
    std::size_t homes[Chain::kMostFeatures];     // where its node is looked for
    std::uint32_t used;                          // nodes that are there, but for the root
    std::uint32_t places[Chain::kMostFeatures];  // those nodes
  };

  // Three steps, so that others can be done while memory is waited for: where the path's
  // nodes would be, given the values of all features; how far it goes; and what it says, the
  // deepest node first: the end of what is written is returned.
  void start(std::span<const std::uint32_t> values, Path& path) const;
  void follow(Path& path) const;
  RowInput* inputs(const Path& path, RowInput* out) const;

 private:
  struct Node {
    std::uint32_t parent = kNone;
    std::uint32_t code = 0;   // of the feature and its value
    std::uint32_t first = 0;  // of its words
    std::uint32_t info = 0;   // blocks, and how much it has seen

    bool used() const { return parent != kNone; }
    std::uint32_t blocks() const { return info >> 3; }
    std::uint8_t size() const { return info & 7; }
  };

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  static constexpr std::uint32_t kRoot = 0xFFFFFFFE;

  static std::uint32_t code(std::size_t feature, std::uint32_t value) {
    return static_cast<std::uint32_t>(feature) << 24 | value;
  }

  std::vector<std::size_t> columns_;
  std::vector<std::uint32_t> levels_;
  std::size_t nodes_;
  Node root_;
  HashTable<Node> table_;
  RowWords words_;
};

}  // namespace makemore
