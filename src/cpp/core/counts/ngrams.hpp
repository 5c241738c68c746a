// Counts of order n: an alphabet and the n-grams that occur.
//
// A value type, and the only result of counting, whatever the order and the alphabet's size.
// Counts are additive: threads, blocks, updates and a cluster all use `added`, which is exact,
// associative and commutative.
//
// Every symbol that a word predicts, its end included, is the last of one n-gram; before a
// word stand as many boundaries as it takes. So the counts of every order have one total,
// and those of lower orders are sums of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "base/compiler.hpp"
#include "base/error.hpp"
#include "base/poll.hpp"
#include "counts/key_layout.hpp"
#include "text/alphabet.hpp"

namespace makemore {

class Ngrams {
 public:
  struct Item {
    WideKey key;
    std::int64_t count;  // above zero

    bool operator==(const Item&) const = default;
  };
  using Items = Buffer<Item>;

  // No words yet.
  Ngrams(Alphabet alphabet, unsigned order);

  // Items in any order, repeats added up, zero counts dropped; keys in the layout of the
  // alphabet's size. Throws Error for an id outside the alphabet or a negative count.
  Ngrams(Alphabet alphabet, unsigned order, Items items, const Poll& poll = {});

  // The same of about so many items: each(put) calls put(key, count) for every one.
  template <class Each>
  static Ngrams made(Alphabet alphabet, unsigned order, std::size_t about, const Each& each,
                     const Poll& poll = {});

  // The same of so many items in the order of their keys, each once, with counts above zero:
  // each(put) calls put(key, count).
  template <class Key, class Each>
  static Ngrams in_order(Alphabet alphabet, unsigned order, std::size_t size, const Each& each);

  // Bytes that so many items take at most while they are sorted and kept.
  static std::size_t memory_to_sort(std::size_t items) { return 2 * sizeof(Item) * items; }

  const Alphabet& alphabet() const { return alphabet_; }
  unsigned order() const { return layout_.order; }
  KeyLayout layout() const { return layout_; }
  const Items& items() const { return items_; }  // sorted by key

  // `ids` from first to last.
  WideKey key(std::span<const std::uint32_t> ids) const;
  std::int64_t at(std::span<const std::uint32_t> ids) const;

  std::int64_t words() const { return words_; }  // every word ends once
  std::int64_t total() const { return total_; }

  bool operator==(const Ngrams& other) const {
    return alphabet_ == other.alphabet_ && layout_.order == other.layout_.order &&
           items_ == other.items_;
  }

  // The sum of counts of one order; throws Error for two orders.
  friend Ngrams added(const Ngrams& a, const Ngrams& b, const Poll& poll);

  // What is left of counts without those of others, of one order; the alphabet stays. Throws Error
  // where a count would be below zero. What is left need not be the counts of any words.
  friend Ngrams subtracted(const Ngrams& from, const Ngrams& less, const Poll& poll);

  // The counts of the same words at a lower order, or the same: symbols are left out at the
  // start. Throws Error for another order.
  friend Ngrams lowered(const Ngrams& counts, unsigned order, const Poll& poll);

  friend Ngrams merged(std::span<const Ngrams* const> parts, const Poll& poll);

 private:
  // An item of a narrow layout: half the size, and sorted in half the time.
  struct NarrowItem {
    std::uint64_t key;
    std::int64_t count;
  };

  Ngrams(Alphabet alphabet, unsigned order, Buffer<NarrowItem> items, const Poll& poll);

  // Checks the next item of all, and adds it to the sums.
  template <class Key>
  void add_to_sums(Key key, std::int64_t count, const OutsideAlphabet<Key>& outside);

  // Sorts items, checks them, and adds them up in a place, which may be their own.
  template <class Given>
  void take(Buffer<Given>& items, Items& into, const Poll& poll);

  Alphabet alphabet_;
  KeyLayout layout_;
  Items items_;
  std::int64_t total_ = 0;
  std::int64_t words_ = 0;
};

template <class Each>
Ngrams Ngrams::made(Alphabet alphabet, unsigned order, std::size_t about, const Each& each,
                    const Poll& poll) {
  const auto collected = [&]<class Kind>(Buffer<Kind> items) {
    items.reserve(about);
    each([&](WideKey key, std::int64_t count) {
      items.push_back({static_cast<decltype(Kind::key)>(key), count});
    });
    return items;
  };
  if (key_layout(order, alphabet.size()).is_narrow()) {
    auto items = collected(Buffer<NarrowItem>());
    return {std::move(alphabet), order, std::move(items), poll};
  }
  auto items = collected(Items());
  return {std::move(alphabet), order, std::move(items), poll};
}

template <class Key>
void Ngrams::add_to_sums(Key key, std::int64_t count, const OutsideAlphabet<Key>& outside) {
  if (outside(key)) throw Error("an n-gram's id lies outside the alphabet");
  if (count < 0) throw Error("a count is negative");
  if (add_overflows(total_, count, total_)) throw Error("a count went beyond 64 bits");
  if (layout_.symbol(key, 0) == 0) words_ += count;
}

template <class Key, class Each>
Ngrams Ngrams::in_order(Alphabet alphabet, unsigned order, std::size_t size, const Each& each) {
  Ngrams counts(std::move(alphabet), order);
  counts.items_.reserve(size);
  const OutsideAlphabet<Key> outside(counts.layout_, counts.alphabet_.size());
  each([&](Key key, std::int64_t count) {
    counts.add_to_sums(key, count, outside);
    counts.items_.push_back({WideKey{key}, count});
  });
  return counts;
}

Ngrams added(const Ngrams& a, const Ngrams& b, const Poll& poll = {});
Ngrams subtracted(const Ngrams& from, const Ngrams& less, const Poll& poll = {});
Ngrams lowered(const Ngrams& counts, unsigned order, const Poll& poll = {});

// The same counts over another alphabet: symbols that it does not hold are counted as its unknown
// symbol. Throws Error for one that was counted where there is no such symbol, and for another
// boundary.
Ngrams in_alphabet(const Ngrams& counts, const Alphabet& alphabet, const Poll& poll = {});

// The n-grams with their symbols the other way round in their keys, the first highest: sorted
// by the first symbol, then by the next, and so on.
Ngrams::Items forward_items(const Ngrams& counts, const Poll& poll = {});

}  // namespace makemore
