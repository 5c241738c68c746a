// Packs, sorts, looks up and merges n-grams.
#include "counts/ngrams.hpp"

#include <algorithm>
#include <string>

#include "base/compiler.hpp"
#include "base/error.hpp"
#include "base/sort_by_key.hpp"
#include "counts/renumbered.hpp"
#include "text/quoted.hpp"

namespace makemore {
namespace {

constexpr const char* kTooMany = "a count went beyond 64 bits";

bool before(const Ngrams::Item& a, const Ngrams::Item& b) { return a.key < b.key; }

}  // namespace

Ngrams::Ngrams(Alphabet alphabet, unsigned order)
    : alphabet_(std::move(alphabet)), layout_(key_layout(order, alphabet_.size())) {}

Ngrams::Ngrams(Alphabet alphabet, unsigned order, Items items, const Poll& poll)
    : Ngrams(std::move(alphabet), order) {
  take(items, items, poll);
  items_ = std::move(items);
}

Ngrams::Ngrams(Alphabet alphabet, unsigned order, Buffer<NarrowItem> items, const Poll& poll)
    : Ngrams(std::move(alphabet), order) {
  take(items, items_, poll);
}

template <class Given>
void Ngrams::take(Buffer<Given>& items, Items& into, const Poll& poll) {
  sort_by_key(items, layout_.size(), [](const Given& item) { return item.key; }, poll);
  into.resize(items.size());  // of no new size where it is the same
  std::size_t kept = 0;
  const auto add_up = [&]<class Key>(Key) {
    const OutsideAlphabet<Key> outside(layout_, alphabet_.size());
    Key last = 0;
    Pace pace(poll);
    for (const Given& item : items) {
      pace.step(4);
      const auto key = static_cast<Key>(item.key);
      add_to_sums(key, item.count, outside);
      if (item.count == 0) continue;
      if (kept > 0 && last == key) {
        into[kept - 1].count += item.count;
      } else {
        into[kept++] = {WideKey{key}, item.count};
        last = key;
      }
    }
  };
  if (layout_.is_narrow()) {  // which is faster
    add_up(std::uint64_t{0});
  } else {
    add_up(WideKey{0});
  }
  into.resize(kept);
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
  Ngrams sum(united(a.alphabet(), b.alphabet()), a.order());
  if (add_overflows(a.total_, b.total_, sum.total_)) throw Error(kTooMany);
  sum.words_ = a.words_ + b.words_;
  sum.items_.reserve(std::max(a.items_.size(), b.items_.size()));
  const Renumbered left(a, sum.alphabet_);
  const Renumbered right(b, sum.alphabet_);
  Pace pace(poll);
  const auto take = [&](auto& item, WideKey key) {
    if (!sum.items_.empty() && sum.items_.back().key == key) {
      sum.items_.back().count += item->count;
    } else {
      sum.items_.push_back({key, item->count});
    }
    ++item;
    pace.step(a.order());
  };
  auto one = a.items_.begin();
  auto other = b.items_.begin();
  while (one != a.items_.end() && other != b.items_.end()) {
    const WideKey one_key = left(one->key);
    const WideKey other_key = right(other->key);
    if (one_key < other_key) {
      take(one, one_key);
    } else {
      take(other, other_key);
    }
  }
  while (one != a.items_.end()) take(one, left(one->key));
  while (other != b.items_.end()) take(other, right(other->key));
  return sum;
}

Ngrams subtracted(const Ngrams& from, const Ngrams& less, const Poll& poll) {
  if (from.order() != less.order()) {
    throw Error("counts of order " + std::to_string(less.order()) +
                " cannot be taken from counts of order " + std::to_string(from.order()));
  }
  check_alike(less.alphabet(), "counts cannot be subtracted: the ones have", from.alphabet(),
              "the others");
  const Alphabet alphabet = united(from.alphabet(), less.alphabet());
  const Renumbered left(from, alphabet);
  const Renumbered right(less, alphabet);
  const KeyLayout layout = key_layout(from.order(), alphabet.size());
  const auto fail = [&](WideKey key, std::int64_t has, std::int64_t taken) {
    std::string symbols;
    for (unsigned back = layout.order; back-- > 0;) {
      symbols += " " + quoted(alphabet, layout.symbol(key, back));
    }
    throw Error("a count cannot be below zero:" + symbols + " occurs " + std::to_string(has) +
                " times, and " + std::to_string(taken) + " are to be taken away");
  };
  Ngrams rest(from.alphabet(), from.order());
  rest.total_ = from.total_ - less.total_;
  rest.words_ = from.words_ - less.words_;
  rest.items_.reserve(from.items_.size());
  Pace pace(poll);
  auto other = less.items_.begin();
  for (const Ngrams::Item& item : from.items_) {
    const WideKey key = left(item.key);
    std::int64_t count = item.count;
    if (other != less.items_.end()) {
      const WideKey taken = right(other->key);
      if (taken < key) fail(taken, 0, other->count);
      if (taken == key) {
        if (other->count > count) fail(key, count, other->count);
        count -= other->count;
        ++other;
      }
    }
    if (count > 0) rest.items_.push_back({item.key, count});
    pace.step(from.order());
  }
  if (other != less.items_.end()) fail(right(other->key), 0, other->count);
  return rest;
}

Ngrams lowered(const Ngrams& counts, unsigned order, const Poll& poll) {
  const KeyLayout layout = counts.layout();
  if (order < 1 || order > layout.order) {
    throw Error("counts of order " + std::to_string(layout.order) + " give those of orders 1 to " +
                std::to_string(layout.order) + ", not " + std::to_string(order));
  }
  Ngrams low(counts.alphabet(), order);
  low.total_ = counts.total_;
  low.words_ = counts.words_;
  Ngrams::Items& items = low.items_;
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    // The first symbols are the lowest bits, so order stays.
    const WideKey key = item.key >> ((layout.order - order) * layout.bits);
    if (items.empty() || items.back().key != key) items.push_back({key, 0});
    items.back().count += item.count;
    pace.step(order);
  }
  return low;
}

Ngrams in_alphabet(const Ngrams& counts, const Alphabet& alphabet, const Poll& poll) {
  check_alike(counts.alphabet(), "the words have", alphabet, "the alphabet has");
  const std::vector<std::uint32_t> ids = ids_in(alphabet, counts.alphabet());
  const bool any = std::find(ids.begin(), ids.end(), kUnknown) != ids.end();
  const KeyLayout layout = counts.layout();
  const Renumbered renumbered(counts, alphabet);
  Pace pace(poll);
  const auto each = [&](const auto& put) {
    for (const Ngrams::Item& item : counts.items()) {
      // Every symbol that occurs is the last of some n-gram.
      if (const std::uint32_t id = layout.symbol(item.key, 0); any && ids[id] == kUnknown) {
        throw Error(quoted(counts.alphabet(), id) +
                    " was counted and is not in the given alphabet; unknown=True gives it a share");
      }
      put(renumbered(item.key), item.count);
      pace.step(layout.order);
    }
  };
  return Ngrams::made(alphabet, layout.order, counts.items().size(), each, poll);
}

Ngrams::Items forward_items(const Ngrams& counts, const Poll& poll) {
  const KeyLayout layout = counts.layout();
  Ngrams::Items forward;
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
  // By the last symbol they are sorted already.
  sort_by_key(
      forward, layout.top(), [&](const Ngrams::Item& item) { return item.key >> layout.bits; },
      poll);
  return forward;
}

}  // namespace makemore
