// The counts of one back-off chain: a trie of the paths that positions take, each node with
// how often every symbol followed, discounted mass handed up.
//
// A position adds one for its symbol at the deepest node of its path only. Then, children
// before parents, each node hands its discounted counts up: n_parent(c) += d(n_node(c)),
// where d is linear between (0, 0), (1, 0.5), (2, 0.6), (3, 0.65) and flat beyond. Going
// down, what a node's counts keep is mixed with what was predicted above it,
//
//   p(c) <- (n(c) - d(n(c)) + (G + theta) p(c)) / (N + theta)
//
// with N the sum of the n(c), G that of the d(n(c)), from p(c) = 1 / V above the root on.
// (Modified Kneser-Ney smoothing hands up 1 where this hands up d.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "mixture/chain.hpp"
#include "text/word_list.hpp"

namespace makemore {

inline constexpr double kTheta = 0.1;
inline constexpr double kNothing = 1e-9;  // counts below are what rounding left of zero

// d(n), as the sum of what each of the first three counts adds.
inline double discount(double n) {
  const double first = n < 1 ? n : 1;
  const double second = n < 1 ? 0 : n < 2 ? n - 1 : 1;
  const double third = n < 2 ? 0 : n < 3 ? n - 2 : 1;
  return 0.5 * first + 0.1 * second + 0.05 * third;
}

class ChainCounts {
 public:
  struct Node {
    std::uint64_t first_entry;
    std::uint32_t entries;
    std::uint32_t parent;  // comes before its children; the root is its own
    std::uint32_t value;   // of the feature
    std::uint8_t feature;  // by its place in the chain
    std::uint8_t depth;    // 0: the root
  };

  // A symbol that was told at the end of a path.
  struct Outcome {
    std::uint32_t node;
    std::uint32_t symbol;
  };

  // Counts every position of the words, as often as its word counts. `sample` lists positions of
  // the words that are held (by number, ascending) of which is wanted what became of them.
  ChainCounts(const Chain& chain, const WordList& words, const SymbolClasses& classes,
              std::span<const std::uint64_t> sample, const Poll& pause);

  // The memory that counting takes for a while.
  static std::size_t key_bytes(const Chain& chain, const WordList& words, std::size_t sample);

  std::size_t symbols() const { return symbols_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  std::span<const std::uint32_t> entry_symbols(const Node& node) const {
    return std::span(entry_symbols_).subspan(node.first_entry, node.entries);
  }
  std::span<const double> entry_counts(const Node& node) const {
    return std::span(entry_counts_).subspan(node.first_entry, node.entries);
  }

  // The different outcomes of the sample, in the order of their nodes; and the outcome of
  // each position of the sample.
  const std::vector<Outcome>& outcomes() const { return outcomes_; }
  const std::vector<std::uint32_t>& outcome_of() const { return outcome_of_; }

 private:
  template <std::size_t W>
  struct Builder;

  std::size_t symbols_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> entry_symbols_;  // of each node, ascending
  std::vector<double> entry_counts_;
  std::vector<Outcome> outcomes_;
  std::vector<std::uint32_t> outcome_of_;
};

}  // namespace makemore
