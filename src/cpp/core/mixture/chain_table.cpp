// Turns counts into logarithms, parents first, and walks the table.
#include "mixture/chain_table.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/prefetch.hpp"
#include "mixture/fast_math.hpp"
#include "mixture/float_rows.hpp"

namespace makemore {

ChainTable::ChainTable(const ChainCounts& counts, std::vector<std::size_t> columns,
                       const Poll& pause)
    : columns_(std::move(columns)),
      stride_(row_stride(counts.symbols())),
      nodes_(counts.nodes().size()) {
  Pace pace(pause);
  const std::size_t v = counts.symbols();
  const auto form_of = [&](const ChainCounts::Node& node) {
    if (node.depth == 0 || std::size_t{4} * node.entries >= v) return Form::row;
    return node.entries == 1 ? Form::one : Form::many;
  };
  std::size_t rows = 0;
  std::size_t deltas = 0;
  for (const ChainCounts::Node& node : counts.nodes()) {
    rows += form_of(node) == Form::row;
    deltas += form_of(node) == Form::many ? node.entries : 0;
  }
  if (nodes_ > kRoot / 2 || deltas > kNone) throw Error("a chain has more than 2^31 nodes");
  table_ = HashTable<Node>(2 * nodes_, pause);
  rows_.resize(rows * stride_);
  deltas_.resize(deltas);

  // Of the node on the path at each depth: where it is, its row if it has one, and p(c) of
  // the symbols that it has seen; its children have seen no others.
  struct Level {
    std::uint64_t hash = 0;
    std::uint32_t place = kRoot;
    const float* row = nullptr;
    std::vector<double> p;
  };
  std::vector<Level> levels(1);
  levels[0].p.assign(v, 1 / static_cast<double>(v));  // above the root
  std::uint32_t rows_made = 0;
  std::uint32_t deltas_made = 0;
  for (const ChainCounts::Node& from : counts.nodes()) {
    pace.step(32 + 16 * std::size_t{from.entries} + (form_of(from) == Form::row ? stride_ : 0));
    if (levels.size() == from.depth + std::size_t{1}) {
      levels.emplace_back();
      levels.back().p.resize(v);
    }
    const Level& above = levels[from.depth];
    Level& here = levels[from.depth + std::size_t{1}];
    Node* node = &root_;
    if (from.depth > 0) {
      const std::uint32_t of_node = code(from.feature, from.value);
      here.hash = hash_of(above.hash ^ of_node);
      here.place = static_cast<std::uint32_t>(table_.find_free(here.hash));
      node = &table_[here.place];
      node->parent = above.place;
      node->code = of_node;
    }
    const auto symbols = counts.entry_symbols(from);
    const auto entries = counts.entry_counts(from);
    double total = 0;
    double handed_up = 0;
    for (const double n : entries) {
      total += n;
      handed_up += discount(n);
    }
    const auto delta_of = [&](std::size_t k) {
      const double kept = entries[k] - discount(entries[k]);
      const double from_above = (handed_up + kTheta) * above.p[symbols[k]];
      here.p[symbols[k]] = (kept + from_above) / (total + kTheta);
      return fast_log(static_cast<float>(1 + kept / from_above));
    };
    const std::uint32_t sure = weight_class(total);
    switch (form_of(from)) {
      case Form::row: {
        float* const made = rows_.data() + rows_made * stride_;
        if (from.depth == 0) {
          std::fill_n(made, stride_, 0.0F);
        } else {
          std::copy_n(above.row, stride_, made);
        }
        for (std::size_t k = 0; k < symbols.size(); ++k) made[symbols[k]] += delta_of(k);
        here.row = made;
        node->first = rows_made++;
        node->info = info(0, Form::row, sure);
        break;
      }
      case Form::one:
        node->delta = delta_of(0);
        node->info = info(symbols[0], Form::one, sure);
        break;
      case Form::many:
        node->first = deltas_made;
        node->info = info(from.entries, Form::many, sure);
        for (std::size_t k = 0; k < symbols.size(); ++k) {
          deltas_[deltas_made++] = {symbols[k], delta_of(k)};
        }
        break;
    }
  }
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
  const Node* deepest = &root_;
  const Node* with_row = &root_;
  std::uint32_t parent = kRoot;
  std::uint32_t used = 0;
  path.below = 0;
  for (; used < path.length; ++used) {
    const auto is_it = [&](const Node& node) {
      return node.parent == parent && node.code == path.codes[used];
    };
    const auto at = static_cast<std::uint32_t>(table_.find(path.homes[used], is_it));
    const Node* const node = &table_[at];
    if (!node->used()) break;
    deepest = node;
    parent = at;
    if (form(*node) == Form::row) {
      with_row = node;
      continue;
    }
    path.nodes[path.below++] = at;
    if (form(*node) == Form::many) prefetch_all(&deltas_[node->first], 1);
  }
  path.bucket = weight_bucket(used + 1, deepest->info & 3);
  path.row = rows_.data() + with_row->first * stride_;
  prefetch_all(path.row, stride_);
}

void ChainTable::add(const Path& path, float a, float* z) const {
  add_scaled(z, a, path.row, stride_);
  for (std::uint32_t i = 0; i < path.below; ++i) {
    const Node& node = table_[path.nodes[i]];
    const std::uint32_t number = node.info >> 4;
    if (form(node) == Form::one) {
      z[number] += a * node.delta;
      continue;
    }
    const Delta* const deltas = deltas_.data() + node.first;
    for (std::uint32_t k = 0; k < number; ++k) z[deltas[k].symbol] += a * deltas[k].value;
  }
}

}  // namespace makemore
