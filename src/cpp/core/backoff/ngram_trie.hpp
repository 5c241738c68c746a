// The n-grams of all lengths up to an order, as a trie of symbols from the last one back.
//
// The node of an n-gram is reached by its last symbol, then the one before it, and so on.
// A node's parent is so the n-gram without its first symbol, to which smoothing backs off;
// and the same nodes are the contexts: what can follow is looked up under the node of what
// came last. An n-gram that begins a word ends in the boundary and goes no deeper.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

struct NgramTrie {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  // Throws Error for counts that no words can have.
  explicit NgramTrie(const Ngrams& counts, const Poll& poll = {});

  unsigned order;
  std::size_t symbols;  // V; the nodes 0 to V - 1 are those of single symbols

  // Nodes are numbered level by level; those of n-grams of m symbols begin at level[m - 1],
  // sorted. Context 0 is the start of a word: no n-gram goes on after the end.
  std::vector<std::uint32_t> level;   // order + 1 of them
  std::vector<std::uint32_t> label;   // the first symbol of the n-gram
  std::vector<std::uint32_t> parent;  // kNone for single symbols
  std::vector<std::uint32_t> child;   // children are child[node] to child[node + 1] - 1
  std::vector<std::int64_t> count;    // how often the n-gram occurs

  // The n-grams of m >= 2 symbols once more, sorted by (context, last symbol), where the
  // context is a node of m - 1 symbols: those of one context are at follow[context] to
  // follow[context + 1] - 1. Places of the levels are those of the nodes. Of order 1 there are
  // none.
  std::vector<std::uint32_t> follow;     // of nodes below level[order - 1], one more at the end
  std::vector<std::uint32_t> following;  // the node
  std::vector<std::uint32_t> last;       // its last symbol

  // What models leave out: the n-grams of m symbols that occur at most thresholds[m - 1] times,
  // and none where there is no threshold. Thresholds do not fall with the length and are 0 for
  // single symbols, so the n-grams that a kept one needs are kept. All counts stay as they are.
  std::vector<std::int64_t> thresholds;
  bool kept(std::uint32_t node, unsigned length) const {
    return length > thresholds.size() || count[node] > thresholds[length - 1] || length == 1;
  }

  std::size_t nodes() const { return label.size(); }

  // The child with a label, kNone if there is none.
  std::uint32_t find_child(std::uint32_t node, std::uint32_t symbol) const;
};

}  // namespace makemore
