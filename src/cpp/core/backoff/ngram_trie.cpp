// Builds the trie: levels in one pass over the sorted n-grams, then contexts level by level.
#include "backoff/ngram_trie.hpp"

#include <algorithm>
#include <bit>

#include "base/error.hpp"

namespace makemore {
namespace {

// How many symbols, from the last one back, two different keys share.
unsigned shared_symbols(KeyLayout layout, WideKey a, WideKey b) {
  const WideKey differ = a ^ b;
  const auto high = static_cast<std::uint64_t>(differ >> 64);
  const auto low = static_cast<std::uint64_t>(differ);
  const auto width =
      static_cast<unsigned>(high != 0 ? 64 + std::bit_width(high) : std::bit_width(low));
  return (layout.size() - width) / layout.bits;
}

[[noreturn]] void fail_counts() { throw Error("the counts are not those of whole words"); }

}  // namespace

NgramTrie::NgramTrie(const Ngrams& counts, const Poll& poll)
    : order(counts.order()), symbols(counts.alphabet().size()) {
  struct Level {
    std::vector<std::uint32_t> label, parent;  // parents by their place in the level above
    std::vector<std::int64_t> count;
  };
  std::vector<Level> levels(order);
  for (std::uint32_t symbol = 0; symbol < symbols; ++symbol) {  // also what never occurs
    levels[0].label.push_back(symbol);
    levels[0].parent.push_back(kNone);
  }
  levels[0].count.resize(symbols);
  const KeyLayout layout = counts.layout();
  WideKey previous = ~WideKey{0};
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    const bool first = &item == counts.items().data();
    const std::uint32_t w = layout.symbol(item.key, 0);
    std::uint32_t above = w;
    if (order == 1) levels[0].count[w] = item.count;
    const unsigned shared = first ? 0 : shared_symbols(layout, item.key, previous);
    for (unsigned depth = 1; depth < order; ++depth) {
      const std::uint32_t symbol = layout.symbol(item.key, depth);
      Level& here = levels[depth];
      if (depth >= shared) {
        here.label.push_back(symbol);
        here.parent.push_back(above);
        here.count.push_back(0);
      }
      above = static_cast<std::uint32_t>(here.label.size() - 1);
      if (symbol == 0 || depth + 1 == order) {
        const unsigned rest = layout.size() - (depth + 1) * layout.bits;
        if ((item.key & ((WideKey{1} << rest) - 1)) != 0) fail_counts();
        here.count.back() += item.count;
        break;
      }
    }
    previous = item.key;
    pace.step(4 * order);
  }

  std::size_t all = 0;
  for (const Level& one : levels) all += one.label.size();
  if (all >= kNone) throw Error("there are more n-grams than a model can hold");
  level.push_back(0);
  label.reserve(all);
  parent.reserve(all);
  count.reserve(all);
  for (unsigned depth = 0; depth < order; ++depth) {
    const std::uint32_t above = depth == 0 ? 0 : level[depth - 1];
    Level one = std::move(levels[depth]);
    for (const std::uint32_t p : one.parent) parent.push_back(depth == 0 ? kNone : above + p);
    label.insert(label.end(), one.label.begin(), one.label.end());
    count.insert(count.end(), one.count.begin(), one.count.end());
    level.push_back(static_cast<std::uint32_t>(label.size()));
    pace.step(one.label.size());
  }
  for (std::size_t node = all; node-- > symbols;) {
    count[parent[node]] += count[node];
    pace.step(4);
  }

  child.assign(all + 1, static_cast<std::uint32_t>(all));
  for (std::size_t node = all; node-- > symbols;) {
    child[parent[node]] = static_cast<std::uint32_t>(node);
    pace.step(4);
  }
  for (std::size_t node = all; node-- > 0;) {
    // A node without children has none at the place where those of the next one begin.
    const bool has = child[node] < all && parent[child[node]] == node;
    if (!has) child[node] = child[node + 1];
    pace.step(4);
  }

  // The context of an n-gram: under that of its parent, by its first symbol.
  std::vector<std::uint32_t> context(all, kNone);
  const std::uint32_t deepest = level[order - 1];
  follow.assign(deepest + 1, 0);
  for (std::size_t node = symbols; node < all; ++node) {
    const std::uint32_t above = parent[node];
    context[node] = above < symbols ? label[node] : find_child(context[above], label[node]);
    if (context[node] == kNone || context[node] >= deepest) fail_counts();
    ++follow[context[node] + 1];
    pace.step(16);
  }
  follow[0] = static_cast<std::uint32_t>(symbols);
  for (std::size_t node = 0; node < deepest; ++node) follow[node + 1] += follow[node];
  following.resize(all);
  last.resize(all);
  std::vector<std::uint32_t> next(follow.begin(), follow.end() - 1);
  std::vector<std::uint32_t> ending(all);  // the last symbol of a node's n-gram
  for (std::size_t node = 0; node < all; ++node) {
    ending[node] = node < symbols ? static_cast<std::uint32_t>(node) : ending[parent[node]];
    if (node < symbols) continue;
    const std::uint32_t at = next[context[node]]++;
    following[at] = static_cast<std::uint32_t>(node);
    last[at] = ending[node];
    pace.step(8);
  }
}

std::uint32_t NgramTrie::find_child(std::uint32_t node, std::uint32_t symbol) const {
  const auto begin = label.begin() + child[node];
  const auto end = label.begin() + child[node + 1];
  const auto found = std::lower_bound(begin, end, symbol);
  if (found == end || *found != symbol) return kNone;
  return static_cast<std::uint32_t>(found - label.begin());
}

}  // namespace makemore
