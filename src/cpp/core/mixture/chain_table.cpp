// Puts nodes into the table, parents first, and walks it.
#include "mixture/chain_table.hpp"

#include <limits>
#include <utility>

#include "base/error.hpp"
#include "base/prefetch.hpp"
#include "base/sort_by_key.hpp"

namespace makemore {
namespace {

void move_rows(ChainRows& rows, std::span<const std::uint32_t> to, const Poll& pause) {
  Pace pace(pause);
  RowMover mover(to);
  RowWords words;
  words.reserve(rows.words.size());
  for (ChainRows::Node& node : rows.nodes) {
    const auto first = static_cast<std::uint32_t>(words.size());
    node.blocks = mover.append(rows.words.data() + node.first, node.blocks, words);
    node.first = first;
    if (words.size() > std::numeric_limits<std::uint32_t>::max() - kSlack) {
      throw Error("a chain has more than 2^32 words of rows");
    }
    pace.step(8 * (words.size() - first));
  }
  add_slack(words);
  rows.words = std::move(words);
}

}  // namespace

ChainTable::ChainTable(ChainRows rows, const SymbolOrder& order, std::vector<std::size_t> columns,
                       std::vector<std::uint32_t> levels, const Poll& pause)
    : columns_(std::move(columns)), levels_(std::move(levels)), nodes_(rows.nodes.size()) {
  if (order.changes()) move_rows(rows, order.places(), pause);
  words_ = std::move(rows.words);
  if (nodes_ > kRoot / 2) throw Error("a chain has more than 2^31 nodes");
  Pace pace(pause);
  table_ = HashTable<Node>(2 * nodes_, pause);
  struct Level {
    std::uint64_t hash = 0;
    std::uint32_t place = kRoot;
  };
  std::vector<Level> levels_above(columns_.size() + 2);  // of the path, by depth
  for (const ChainRows::Node& from : rows.nodes) {
    pace.step(16);
    const std::uint32_t info = from.blocks << 3 | from.size;
    if (from.depth == 0) {
      root_ = {kNone, 0, from.first, info};
      continue;
    }
    const Level& above = levels_above[from.depth - std::size_t{1}];
    Level& here = levels_above[from.depth];
    const std::uint32_t of_node = code(from.feature, from.value);
    here.hash = hash_of(above.hash ^ of_node);
    here.place = static_cast<std::uint32_t>(table_.find_free(here.hash));
    table_[here.place] = {above.place, of_node, from.first, info};
  }
}

ChainRows ChainTable::rows(const SymbolOrder& order, const Poll& pause) const {
  struct Placed {
    std::uint32_t first;
    std::uint32_t place;
  };
  std::vector<Placed> in_order;  // rows stand in the order of nodes, and none is empty
  in_order.reserve(nodes_);
  const std::span<const Node> slots = table_.slots();
  Pace pace(pause);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    pace.step(2);
    if (slots[i].used()) in_order.push_back({slots[i].first, static_cast<std::uint32_t>(i)});
  }
  sort_by_key(in_order, 32, [](const Placed& placed) { return placed.first; }, pause);
  std::vector<std::uint32_t> number(slots.size());  // of the node at a place
  ChainRows rows;
  rows.nodes.reserve(nodes_);
  rows.nodes.push_back({root_.first, root_.blocks(), 0, 0, 0, 0, root_.size()});
  for (const Placed& placed : in_order) {
    const Node& node = slots[placed.place];
    const std::uint32_t parent = node.parent == kRoot ? 0 : number[node.parent];
    number[placed.place] = static_cast<std::uint32_t>(rows.nodes.size());
    rows.nodes.push_back({node.first, node.blocks(), parent, node.code & 0xFFFFFF,
                          static_cast<std::uint8_t>(node.code >> 24),
                          static_cast<std::uint8_t>(rows.nodes[parent].depth + 1), node.size()});
  }
  rows.words = words_;
  if (order.changes()) move_rows(rows, order.symbols(), pause);
  return rows;
}

void ChainTable::start(std::span<const std::uint32_t> values, Path& path) const {
  path.length = 0;
  std::uint64_t hash = 0;
  for (std::size_t f = 0; f < columns_.size(); ++f) {
    const std::uint32_t value = values[columns_[f]];
    if (value == Feature::kAbsent) continue;
    const std::uint32_t of_node = code(f, value);
    hash = hash_of(hash ^ of_node);
    table_.prefetch(hash);
    path.codes[path.length] = of_node;
    path.homes[path.length] = table_.home(hash);
    ++path.length;
  }
}

void ChainTable::follow(Path& path) const {
  std::uint32_t parent = kRoot;
  path.used = 0;
  while (path.used < path.length) {
    const auto is_it = [&](const Node& node) {
      return node.parent == parent && node.code == path.codes[path.used];
    };
    const auto at = static_cast<std::uint32_t>(table_.find(path.homes[path.used], is_it));
    const Node* const node = &table_[at];
    if (!node->used()) break;
    prefetch_all(words_.data() + node->first, 32);
    parent = at;
    path.places[path.used++] = at;
  }
}

RowInput* ChainTable::inputs(const Path& path, RowInput* out) const {
  std::uint8_t child = kNoChild;
  for (std::uint32_t depth = path.used + 1; depth-- > 0;) {
    const Node& node = depth == 0 ? root_ : table_[path.places[depth - 1]];
    const std::uint32_t level = levels_[depth == 0 ? 0 : (node.code >> 24) + 1];
    if (level != Levels::kSilent) {
      *out++ = {words_.data() + node.first, node.blocks(),
                level * kKinds + kind_of(child, node.size()), RowInput::kNoOther, 0};
    }
    child = node.size();
  }
  return out;
}

}  // namespace makemore
