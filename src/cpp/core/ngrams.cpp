// Packing, sorting, looking up and merging n-grams.
#include "core/ngrams.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "core/error.hpp"

namespace makemore {
namespace {

bool before(const Ngrams::Item& a, const Ngrams::Item& b) { return a.key < b.key; }

// The items of `counts` with the ids of a larger alphabet; ids grow together, so order stays.
std::vector<Ngrams::Item> renumbered(const Ngrams& counts, const Alphabet& alphabet) {
  std::vector<Ngrams::Item> items = counts.items();
  if (counts.alphabet() == alphabet) return items;
  const KeyLayout from = counts.layout();
  const KeyLayout to = key_layout(counts.order(), alphabet.size());
  std::vector<std::uint32_t> ids;
  for (const char32_t symbol : counts.alphabet().symbols()) ids.push_back(alphabet.id(symbol));
  for (Ngrams::Item& item : items) {
    WideKey key = 0;
    for (unsigned back = 0; back < from.order; ++back) {
      key = key << to.bits | ids[from.symbol(item.key, back)];
    }
    item.key = key;
  }
  return items;
}

}  // namespace

KeyLayout key_layout(unsigned order, std::size_t symbols) {
  if (order < 2) throw Error("order must be at least 2, got " + std::to_string(order));
  const auto bits = static_cast<unsigned>(std::bit_width(std::max<std::size_t>(symbols, 2) - 1));
  if (order > 128 / bits) {
    throw Error("order " + std::to_string(order) + " is too high for an alphabet of " +
                std::to_string(symbols) + " symbols; the most is " + std::to_string(128 / bits));
  }
  return {order, bits};
}

Ngrams::Ngrams(Alphabet alphabet, unsigned order)
    : alphabet_(std::move(alphabet)), layout_(key_layout(order, alphabet_.size())) {}

Ngrams::Ngrams(Alphabet alphabet, unsigned order, std::vector<Item> items)
    : Ngrams(std::move(alphabet), order) {
  if (!std::is_sorted(items.begin(), items.end(), before)) {
    std::sort(items.begin(), items.end(), before);
  }
  std::size_t kept = 0;
  for (const Item& item : items) {
    for (unsigned back = 0; back < order; ++back) {
      if (layout_.symbol(item.key, back) >= alphabet_.size()) {
        throw Error("an n-gram's id lies outside the alphabet");
      }
    }
    if (item.count < 0) throw Error("a count is negative");
    if (item.count == 0) continue;
    total_ = checked_sum(total_, item.count);
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

std::int64_t Ngrams::words() const {
  std::int64_t words = 0;
  for (const Item& item : items_) {
    if (layout_.symbol(item.key, 0) != 0) break;
    words += item.count;
  }
  return words;
}

Ngrams added(const Ngrams& a, const Ngrams& b) {
  if (a.order() != b.order()) {
    throw Error("counts of order " + std::to_string(a.order()) + " and of order " +
                std::to_string(b.order()) + " cannot be added");
  }
  Alphabet alphabet = united(a.alphabet(), b.alphabet());
  const std::vector<Ngrams::Item> left = renumbered(a, alphabet);
  const std::vector<Ngrams::Item> right = renumbered(b, alphabet);
  std::vector<Ngrams::Item> merged(left.size() + right.size());
  std::merge(left.begin(), left.end(), right.begin(), right.end(), merged.begin(), before);
  return Ngrams(std::move(alphabet), a.order(), std::move(merged));
}

Ngrams lowered(const Ngrams& counts, unsigned order) {
  const KeyLayout layout = counts.layout();
  if (order < 2 || order > layout.order) {
    throw Error("counts of order " + std::to_string(layout.order) + " give those of orders 2 to " +
                std::to_string(layout.order) + ", not " + std::to_string(order));
  }
  std::vector<Ngrams::Item> items;  // the first symbols are the lowest bits, so order stays
  for (const Ngrams::Item& item : counts.items()) {
    const WideKey key = item.key >> ((layout.order - order) * layout.bits);
    if (items.empty() || items.back().key != key) items.push_back({key, 0});
    items.back().count += item.count;
  }
  return Ngrams(counts.alphabet(), order, std::move(items));
}

Ngrams to_ngrams(const Bigrams& counts) {
  const unsigned bits = key_layout(2, counts.alphabet().size()).bits;
  std::vector<Ngrams::Item> items;
  items.reserve(counts.cells().size());
  for (const Cell& cell : counts.cells()) {
    items.push_back({WideKey{cell.second} << bits | cell.first, cell.count});
  }
  return Ngrams(counts.alphabet(), 2, std::move(items));
}

Bigrams to_bigrams(const Ngrams& counts) {
  if (counts.order() != 2) throw Error("counts of order " + std::to_string(counts.order()) + " are no bigrams");
  std::vector<Cell> cells;
  cells.reserve(counts.items().size());
  for (const Ngrams::Item& item : counts.items()) {
    cells.push_back({counts.layout().symbol(item.key, 1), counts.layout().symbol(item.key, 0), item.count});
  }
  return Bigrams(counts.alphabet(), std::move(cells));
}

}  // namespace makemore
