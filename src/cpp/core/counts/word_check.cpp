// Goes through the n-grams twice. Sorted by their last symbol, then by the one before it, they
// stand by the context that they lead to; those that they leave are looked up.
#include "counts/word_check.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "base/compiler.hpp"
#include "base/error.hpp"
#include "text/alphabet.hpp"

namespace makemore {
namespace {

template <class Key>
class WordCheck {
 public:
  WordCheck(const Ngrams& counts, const Poll& poll)
      : counts_(counts), layout_(counts.layout()), poll_(poll) {}

  void run() {
    enter();
    index();
    leave();
    for (std::size_t i = 1; i < keys_.size(); ++i) {
      if (balance_[i] != 0) fail_unbalanced(keys_[i]);
    }
    Pace pace(poll_);
    for (std::uint32_t i = 1; i < keys_.size(); ++i) {
      pace.step(kMisses);
      if (root(i) != 0) fail(keys_[i], "is never reached from the start of a word");
    }
  }

 private:
  static constexpr std::size_t kAtOnce = 64;
  static constexpr std::size_t kMisses = 8;  // a step that waits for memory counts for as many

  // The start, and each context that an n-gram leads to.
  void enter() {
    push(0);
    Pace pace(poll_);
    for (const Ngrams::Item& item : counts_.items()) {
      pace.step(2);
      const auto key = static_cast<Key>(item.key);
      if (layout_.symbol(key, 0) == 0) continue;  // ends a word
      const Key next = key >> layout_.bits;
      if (keys_.back() != next) {
        if (keys_.size() == std::numeric_limits<std::uint32_t>::max()) {
          throw Error("there are 2^32 contexts or more");
        }
        check_boundaries(next);
        push(next);
      }
      balance_.back() += item.count;
    }
  }

  void push(Key context) {
    above_.push_back(static_cast<std::uint32_t>(keys_.size()));
    keys_.push_back(context);
    balance_.push_back(0);
  }

  // A word that has begun goes on with symbols to its end.
  void check_boundaries(Key context) const {
    bool begun = false;
    for (unsigned i = 0; i < layout_.order - 1; ++i) {
      const bool boundary = id(context, i) == 0;
      if (begun && boundary) fail(context, "has a boundary behind a symbol");
      begun = begun || !boundary;
    }
  }

  // Which contexts the n-grams leave, and which two of them each connects. Some at a time, so that
  // memory is waited for once for all of these.
  void leave() {
    std::uint32_t next = 0;
    std::array<std::uint32_t, kAtOnce> from;
    Pace pace(poll_);
    std::span<const Ngrams::Item> items = counts_.items();
    while (!items.empty()) {
      const auto some = items.first(std::min(items.size(), kAtOnce));
      items = items.subspan(some.size());
      pace.step(kMisses * some.size());
      find(some, from);
      for (std::size_t i = 0; i < some.size(); ++i) {
        const auto key = static_cast<Key>(some[i].key);
        balance_[from[i]] -= some[i].count;
        if (layout_.symbol(key, 0) == 0) continue;
        if (keys_[next] != key >> layout_.bits) ++next;
        connect(from[i], next);
      }
    }
  }

  // The places of the contexts of n-grams.
  void find(std::span<const Ngrams::Item> items, std::span<std::uint32_t> places) const {
    for (const Ngrams::Item& item : items) {
      prefetch(&starts_[high_bits(left_by(static_cast<Key>(item.key)))]);
    }
    for (const Ngrams::Item& item : items) {
      const std::size_t high = high_bits(left_by(static_cast<Key>(item.key)));
      prefetch(keys_.data() + starts_[high] + (starts_[high + 1] - starts_[high]) / 2);
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::uint32_t place = find(left_by(static_cast<Key>(items[i].key)));
      prefetch_to_write(&balance_[place]);
      prefetch_to_write(&above_[place]);
      places[i] = place;
    }
  }

  // The context of an n-gram.
  Key left_by(Key ngram) const { return ngram & static_cast<Key>((Key{1} << layout_.top()) - 1); }

  // Where the contexts begin that have the same highest bits; of as many bits as tell most apart.
  void index() {
    const auto bits = static_cast<unsigned>(std::bit_width(keys_.size()));
    shift_ = layout_.top() > bits ? layout_.top() - bits : 0;
    starts_.resize((std::size_t{1} << std::min(bits, layout_.top())) + 1);
    Pace pace(poll_);
    std::size_t next = 0;
    for (std::uint32_t i = 0; i < keys_.size(); ++i) {
      pace.step(2);
      for (const std::size_t high = high_bits(keys_[i]); next <= high; ++next) starts_[next] = i;
    }
    for (; next < starts_.size(); ++next) starts_[next] = static_cast<std::uint32_t>(keys_.size());
  }

  std::size_t high_bits(Key context) const { return static_cast<std::size_t>(context >> shift_); }

  // The place of a context.
  std::uint32_t find(Key context) const {
    const std::size_t high = high_bits(context);
    std::uint32_t at = starts_[high];
    std::uint32_t left = starts_[high + 1] - at;
    while (left > 1) {  // without a branch on what is found
      const std::uint32_t half = left / 2;
      at += keys_[at + half] <= context ? half : 0;
      left -= half;
    }
    if (left == 0 || keys_[at] != context) fail_unbalanced(context);
    return at;
  }

  std::uint32_t root(std::uint32_t item) {
    while (above_[item] != item) item = above_[item] = above_[above_[item]];
    return item;
  }
  // The lower root stays, so contexts that are connected with the start have that as theirs.
  void connect(std::uint32_t a, std::uint32_t b) {
    if (above_[a] == above_[b]) return;
    a = root(a);
    b = root(b);
    above_[std::max(a, b)] = std::min(a, b);
  }

  std::uint32_t id(Key context, unsigned i) const {  // from the first symbol on
    return static_cast<std::uint32_t>(context >> (i * layout_.bits)) &
           ((std::uint32_t{1} << layout_.bits) - 1);
  }

  [[noreturn]] void fail(Key context, const std::string& problem) const {
    std::vector<std::uint32_t> ids;
    for (unsigned i = 0; i < layout_.order - 1; ++i) ids.push_back(id(context, i));
    throw Error("no words have these counts: " + quoted(counts_.alphabet(), ids) + " " + problem);
  }
  [[noreturn]] void fail_unbalanced(Key context) const {
    std::int64_t entered = 0;
    std::int64_t left = 0;
    for (const Ngrams::Item& item : counts_.items()) {
      const auto key = static_cast<Key>(item.key);
      if (layout_.symbol(key, 0) != 0 && key >> layout_.bits == context) entered += item.count;
      if (left_by(key) == context) left += item.count;
    }
    fail(context, "is entered " + std::to_string(entered) + " times and left " +
                      std::to_string(left) + " times");
  }

  const Ngrams& counts_;
  KeyLayout layout_;
  const Poll& poll_;
  // Of each context, apart from each other so that searches stay in few cache lines:
  Buffer<Key> keys_;              // sorted
  Buffer<std::int64_t> balance_;  // how often it is entered, less how often it is left
  Buffer<std::uint32_t> above_;   // a context that it is connected with, or itself

  unsigned shift_ = 0;            // above which the highest bits are
  Buffer<std::uint32_t> starts_;  // by the highest bits, with an end
};

}  // namespace

void check_words(const Ngrams& counts, const Poll& poll) {
  if (counts.order() > 1) {
    if (counts.layout().is_narrow()) return WordCheck<std::uint64_t>(counts, poll).run();
    return WordCheck<WideKey>(counts, poll).run();
  }
  if (!counts.items().empty() && counts.items().front().key != 0) {
    throw Error("no words have these counts: none of them ends");
  }
}

}  // namespace makemore
