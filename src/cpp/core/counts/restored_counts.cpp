// Checks cells one by one, then how their contexts connect.
#include "counts/restored_counts.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/sort_by_key.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kMisses = 8;  // a step that waits for memory counts for as many

// Which contexts are connected, directly or by others.
class Connected {
 public:
  explicit Connected(std::size_t size) : above_(size) {
    std::iota(above_.begin(), above_.end(), 0);
  }

  std::uint32_t root(std::uint32_t item) {
    while (above_[item] != item) item = above_[item] = above_[above_[item]];
    return item;
  }
  // The lower root stays, so contexts that are connected with the first have that as theirs.
  void connect(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    above_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> above_;
};

[[noreturn]] void fail_cell(std::size_t number, const std::string& problem) {
  throw Error("cell", static_cast<std::int64_t>(number), ": " + problem);
}

}  // namespace

Alphabet ordered_alphabet(std::span<const char32_t> symbols) {
  if (symbols.empty()) throw Error("there is no symbol, not even the boundary");
  Alphabet alphabet(symbols[0], {symbols.begin() + 1, symbols.end()});
  if (!std::equal(symbols.begin(), symbols.end(), alphabet.symbols().begin(),
                  alphabet.symbols().end())) {
    throw Error(
        "the symbols behind the boundary must stand in the order of their code points, "
        "each once");
  }
  return alphabet;
}

RestoredCounts::RestoredCounts(Alphabet alphabet, std::size_t order)
    : alphabet_(std::move(alphabet)) {
  constexpr std::size_t most = 128;  // bits of a key
  if (order > most) throw Error("order " + std::to_string(order) + " is too high");
  layout_ = key_layout(static_cast<unsigned>(order), alphabet_.size());
}

void RestoredCounts::add(std::span<const std::uint32_t> ids, std::span<const std::int64_t> counts,
                         const Poll& poll) {
  const std::size_t n = layout_.order;
  if (ids.size() / n != counts.size() || ids.size() % n != 0) {
    throw Error("there must be " + std::to_string(n) + " ids for each count");
  }
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  Pace pace(poll);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    pace.step(n);
    const std::size_t number = cells_.size();
    if (number == most) fail_cell(number, "there are more than 2^32 - 2 cells");
    const std::span<const std::uint32_t> row = ids.subspan(i * n, n);
    WideKey key = 0;
    for (std::size_t j = n; j-- > 0;) {
      if (row[j] >= alphabet_.size()) {
        fail_cell(number, "the id " + std::to_string(row[j]) + " lies outside the alphabet of " +
                              std::to_string(alphabet_.size()) + " symbols");
      }
      if (row[j] == 0 && j > 0 && j < n - 1 && row[j - 1] != 0) {
        fail_cell(number, "no word has a boundary between two of its symbols");
      }
      key = key << layout_.bits | row[j];
    }
    if (counts[i] <= 0) {
      fail_cell(number, "a count must be above zero, got " + std::to_string(counts[i]));
    }
    if (!before_.empty() &&
        !std::lexicographical_compare(before_.begin(), before_.end(), row.begin(), row.end())) {
      fail_cell(number, "cells must stand in the order of their ids, each once");
    }
    before_.assign(row.begin(), row.end());
    if (counts[i] > std::numeric_limits<std::int64_t>::max() - total_) {
      fail_cell(number, "the counts sum to more than 64 bits hold");
    }
    total_ += counts[i];
    const WideKey context = context_of(key);
    if (contexts_.empty() || contexts_.back().key != context) contexts_.push_back({context, 0});
    contexts_.back().left += counts[i];
    cells_.push_back({key, counts[i], static_cast<std::uint32_t>(contexts_.size() - 1)});
  }
}

void RestoredCounts::fail_context(WideKey key, const std::string& problem) const {
  std::vector<std::uint32_t> ids;
  for (unsigned i = 0; i < layout_.order - 1; ++i) {
    ids.push_back(static_cast<std::uint32_t>(key >> (i * layout_.bits)) &
                  ((std::uint32_t{1} << layout_.bits) - 1));
  }
  throw Error("no words have these counts: " + quoted(alphabet_, ids) + " " + problem);
}

// The cells are sorted by key, so those that lead to one context stand together.
void RestoredCounts::check_contexts(const Poll& poll) const {
  if (layout_.order == 1) {  // any symbols make words, if one of them ends
    if (!cells_.empty() && cells_.front().key != 0) {
      throw Error("no words have these counts: none of them ends");
    }
    return;
  }
  struct Place {
    WideKey key;
    std::uint32_t context;
  };
  std::vector<Place> places;
  places.reserve(contexts_.size());
  for (std::size_t i = 0; i < contexts_.size(); ++i) {
    places.push_back({contexts_[i].key, static_cast<std::uint32_t>(i)});
  }
  sort_by_key(places, layout_.top(), [](const Place& place) { return place.key; }, poll);
  Connected connected(contexts_.size());
  auto place = places.begin();
  const auto fail_unbalanced = [&](WideKey key, std::int64_t entered, std::int64_t left) {
    fail_context(key, "is entered " + std::to_string(entered) + " times and left " +
                          std::to_string(left) + " times");
  };
  const auto skip = [&] {  // nothing enters what is skipped, as only the start may be
    if (place->key != 0) fail_unbalanced(place->key, 0, contexts_[place->context].left);
    ++place;
  };
  Pace pace(poll);
  for (std::size_t i = 0; i < cells_.size();) {
    const WideKey next = cells_[i].key >> layout_.bits;
    if (layout_.symbol(cells_[i].key, 0) == 0) {  // ends the word
      ++i;
      continue;
    }
    while (place != places.end() && place->key < next) skip();
    const bool left = place != places.end() && place->key == next;
    std::int64_t entered = 0;
    for (; i < cells_.size() && cells_[i].key >> layout_.bits == next; ++i) {
      pace.step(kMisses);
      entered += cells_[i].count;
      if (left) connected.connect(cells_[i].context, place->context);
    }
    const std::int64_t times = left ? contexts_[place->context].left : 0;
    if (times != entered) fail_unbalanced(next, entered, times);
    ++place;
  }
  while (place != places.end()) skip();
  for (std::size_t i = 0; i < contexts_.size(); ++i) {
    pace.step(kMisses);
    if (contexts_[0].key != 0 || connected.root(static_cast<std::uint32_t>(i)) != 0) {
      fail_context(contexts_[i].key, "is never reached from the start of a word");
    }
  }
}

Ngrams RestoredCounts::finish(const Poll& poll) && {
  sort_by_key(cells_, layout_.size(), [](const Cell& cell) { return cell.key; }, poll);
  check_contexts(poll);
  std::vector<Ngrams::Item> items;
  items.reserve(cells_.size());
  for (const Cell& cell : cells_) items.push_back({cell.key, cell.count});
  return Ngrams(std::move(alphabet_), layout_.order, std::move(items), poll);
}

}  // namespace makemore
