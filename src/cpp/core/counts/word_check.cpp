// Goes through the n-grams twice. Sorted by their last symbol, then by the one before it, they
// stand by the context that they lead to; and of those with one last symbol the contexts that they
// leave go up, so these are found in one walk through all contexts.
#include "counts/word_check.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/buffer.hpp"
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

  // Which contexts the n-grams leave, and which two of them each connects.
  void leave() {
    std::size_t at = 0;
    std::uint32_t next = 0;
    std::uint32_t last = 0;
    Pace pace(poll_);
    for (const Ngrams::Item& item : counts_.items()) {
      pace.step(kMisses);
      const auto key = static_cast<Key>(item.key);
      const std::uint32_t symbol = layout_.symbol(key, 0);
      if (symbol != last) at = 0;
      last = symbol;
      at = find(left_by(key), at);
      balance_[at] -= item.count;
      if (symbol == 0) continue;
      if (keys_[next] != key >> layout_.bits) ++next;
      connect(static_cast<std::uint32_t>(at), next);
    }
  }

  // The context of an n-gram.
  Key left_by(Key ngram) const { return ngram & static_cast<Key>((Key{1} << layout_.top()) - 1); }

  // The place of a context from a place on, which is near as a rule.
  std::size_t find(Key context, std::size_t from) const {
    std::size_t step = 1;
    std::size_t end = from;
    while (end < keys_.size() && keys_[end] < context) {
      from = end + 1;
      end += step;
      step *= 2;
    }
    const auto begin = keys_.begin();
    const auto found =
        std::lower_bound(begin + static_cast<std::ptrdiff_t>(from),
                         begin + static_cast<std::ptrdiff_t>(std::min(end, keys_.size())), context);
    if (found == keys_.end() || *found != context) fail_unbalanced(context);
    return static_cast<std::size_t>(found - begin);
  }

  std::uint32_t root(std::uint32_t item) {
    while (above_[item] != item) item = above_[item] = above_[above_[item]];
    return item;
  }
  // The lower root stays, so contexts that are connected with the start have that as theirs.
  void connect(std::uint32_t a, std::uint32_t b) {
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
