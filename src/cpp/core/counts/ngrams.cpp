// Packing, sorting, looking up and merging n-grams.
#include "counts/ngrams.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "base/error.hpp"
#include "base/sort_by_key.hpp"

namespace makemore {
namespace {

bool before(const Ngrams::Item& a, const Ngrams::Item& b) { return a.key < b.key; }

unsigned bits_of(std::size_t symbols) {
  return static_cast<unsigned>(std::bit_width(std::max<std::size_t>(symbols, 2) - 1));
}

// Keys with the ids of a larger alphabet; ids grow together, so the order stays.
class Renumbered {
 public:
  Renumbered(const Ngrams& counts, const Alphabet& alphabet)
      : from_(counts.layout()),
        to_(key_layout(counts.order(), alphabet.size())),
        same_(counts.alphabet() == alphabet) {
    for (const char32_t symbol : counts.alphabet().symbols()) ids_.push_back(alphabet.id(symbol));
  }

  WideKey operator()(WideKey key) const {
    if (same_) return key;
    WideKey renumbered = 0;
    for (unsigned back = 0; back < from_.order; ++back) {
      renumbered = renumbered << to_.bits | WideKey{ids_[from_.symbol(key, back)]};
    }
    return renumbered;
  }

 private:
  KeyLayout from_;
  KeyLayout to_;
  bool same_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace

unsigned highest_order(std::size_t symbols) { return 128 / bits_of(symbols); }

KeyLayout key_layout(unsigned order, std::size_t symbols) {
  if (order < 2) throw Error("order must be at least 2, got " + std::to_string(order));
  if (order > highest_order(symbols)) {
    throw Error("order " + std::to_string(order) + " is too high for an alphabet of " +
                std::to_string(symbols) + " symbols; the most is " +
                std::to_string(highest_order(symbols)));
  }
  return {order, bits_of(symbols)};
}

Ngrams::Ngrams(Alphabet alphabet, unsigned order)
    : alphabet_(std::move(alphabet)), layout_(key_layout(order, alphabet_.size())) {}

Ngrams::Ngrams(Alphabet alphabet, unsigned order, std::vector<Item> items, const Poll& poll)
    : Ngrams(std::move(alphabet), order) {
  sort_by_key(items, 128, [](const Item& item) { return item.key; }, poll);
  std::size_t kept = 0;
  Pace pace(poll);
  for (const Item& item : items) {
    pace.step(order);
    for (unsigned back = 0; back < order; ++back) {
      if (layout_.symbol(item.key, back) >= alphabet_.size()) {
        throw Error("an n-gram's id lies outside the alphabet");
      }
    }
    if (item.count < 0) throw Error("a count is negative");
    if (item.count == 0) continue;
    total_ = checked_sum(total_, item.count);
    if (layout_.symbol(item.key, 0) == 0) words_ += item.count;
    if (kept > 0 && items[kept - 1].key == item.key) {
      items[kept - 1].count += item.count;
    } else {
      items[kept++] = item;
    }
  }
  items.resize(kept);
  items_ = std::move(items);
}

WideKey Ngrams::key(std::span<const std::uint32_t> ids) const {
  WideKey key = 0;
  for (std::size_t i = ids.size(); i-- > 0;) key = key << layout_.bits | ids[i];
  return key;
}

std::int64_t Ngrams::at(std::span<const std::uint32_t> ids) const {
  const Item wanted{key(ids), 0};
  const auto found = std::lower_bound(items_.begin(), items_.end(), wanted, before);
  return found != items_.end() && found->key == wanted.key ? found->count : 0;
}

Ngrams added(const Ngrams& a, const Ngrams& b, const Poll& poll) {
  if (a.order() != b.order()) {
    throw Error("counts of order " + std::to_string(a.order()) + " and of order " +
                std::to_string(b.order()) + " cannot be added");
  }
  Alphabet alphabet = united(a.alphabet(), b.alphabet());
  const Renumbered left(a, alphabet);
  const Renumbered right(b, alphabet);
  std::vector<Ngrams::Item> merged;
  merged.reserve(a.items().size() + b.items().size());
  Pace pace(poll);
  const auto take = [&](auto& item, const Renumbered& renumbered) {
    merged.push_back({renumbered(item->key), item->count});
    ++item;
    pace.step(a.order());
  };
  auto one = a.items().begin();
  auto other = b.items().begin();
  while (one != a.items().end() && other != b.items().end()) {
    if (left(one->key) < right(other->key)) {
      take(one, left);
    } else {
      take(other, right);
    }
  }
  while (one != a.items().end()) take(one, left);
  while (other != b.items().end()) take(other, right);
  return Ngrams(std::move(alphabet), a.order(), std::move(merged), poll);
}

Ngrams lowered(const Ngrams& counts, unsigned order, const Poll& poll) {
  const KeyLayout layout = counts.layout();
  if (order < 2 || order > layout.order) {
    throw Error("counts of order " + std::to_string(layout.order) + " give those of orders 2 to " +
                std::to_string(layout.order) + ", not " + std::to_string(order));
  }
  std::vector<Ngrams::Item> items;  // the first symbols are the lowest bits, so order stays
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    const WideKey key = item.key >> ((layout.order - order) * layout.bits);
    if (items.empty() || items.back().key != key) items.push_back({key, 0});
    items.back().count += item.count;
    pace.step();
  }
  return Ngrams(counts.alphabet(), order, std::move(items), poll);
}

std::vector<Ngrams::Item> forward_items(const Ngrams& counts, const Poll& poll) {
  const KeyLayout layout = counts.layout();
  std::vector<Ngrams::Item> forward;
  forward.reserve(counts.items().size());
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    WideKey key = 0;
    for (unsigned back = layout.order; back-- > 0;) {
      key = key << layout.bits | layout.symbol(item.key, back);
    }
    forward.push_back({key, item.count});
    pace.step(layout.order);
  }
  sort_by_key(forward, layout.size(), [](const Ngrams::Item& item) { return item.key; }, poll);
  return forward;
}

Ngrams to_ngrams(const Bigrams& counts, const Poll& poll) {
  const unsigned bits = key_layout(2, counts.alphabet().size()).bits;
  std::vector<Ngrams::Item> items;
  items.reserve(counts.cells().size());
  Pace pace(poll);
  for (const Cell& cell : counts.cells()) {
    items.push_back({WideKey{cell.second} << bits | cell.first, cell.count});
    pace.step();
  }
  return Ngrams(counts.alphabet(), 2, std::move(items), poll);
}

Bigrams to_bigrams(const Ngrams& counts, const Poll& poll) {
  const KeyLayout layout = counts.layout();
  if (layout.order != 2) {
    throw Error("counts of order " + std::to_string(layout.order) + " are no bigrams");
  }
  std::vector<Cell> cells;
  cells.reserve(counts.items().size());
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    cells.push_back({layout.symbol(item.key, 1), layout.symbol(item.key, 0), item.count});
    pace.step();
  }
  return Bigrams(counts.alphabet(), std::move(cells), poll);
}

}  // namespace makemore
