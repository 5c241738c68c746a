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

#include "base/error.hpp"
#include "text/alphabet.hpp"

namespace makemore {
namespace {

struct Context {
  WideKey key;
  std::int64_t entered;
  std::int64_t left;
  std::uint32_t above;  // a context that it is connected with, or itself
};

class WordCheck {
 public:
  WordCheck(const Ngrams& counts, const Poll& poll)
      : counts_(counts), layout_(counts.layout()), poll_(poll) {}

  void run() {
    enter();
    leave();
    for (std::size_t i = 1; i < contexts_.size(); ++i) {
      const Context& one = contexts_[i];
      if (one.entered != one.left) fail_unbalanced(one.key, one.entered, one.left);
    }
    Pace pace(poll_);
    for (std::uint32_t i = 1; i < contexts_.size(); ++i) {
      pace.step(kMisses);
      if (root(i) != 0) fail(contexts_[i].key, "is never reached from the start of a word");
    }
  }

 private:
  static constexpr std::size_t kMisses = 8;  // a step that waits for memory counts for as many

  // The start, and each context that an n-gram leads to.
  void enter() {
    contexts_.push_back({0, 0, 0, 0});
    Pace pace(poll_);
    for (const Ngrams::Item& item : counts_.items()) {
      pace.step(2);
      if (layout_.symbol(item.key, 0) == 0) continue;  // ends a word
      const WideKey next = item.key >> layout_.bits;
      if (contexts_.back().key != next) {
        if (contexts_.size() == std::numeric_limits<std::uint32_t>::max()) {
          throw Error("there are 2^32 contexts or more");
        }
        check_boundaries(next);
        contexts_.push_back({next, 0, 0, static_cast<std::uint32_t>(contexts_.size())});
      }
      contexts_.back().entered += item.count;
    }
  }

  // A word that has begun goes on with symbols to its end.
  void check_boundaries(WideKey context) const {
    bool begun = false;
    for (unsigned i = 0; i < layout_.order - 1; ++i) {
      const bool boundary = id(context, i) == 0;
      if (begun && boundary) fail(context, "has a boundary behind a symbol");
      begun = begun || !boundary;
    }
  }

  // Which contexts the n-grams leave, and which two of them each connects.
  void leave() {
    const WideKey mask = (WideKey{1} << layout_.top()) - 1;
    std::size_t at = 0;
    std::uint32_t next = 0;
    std::uint32_t last = 0;
    Pace pace(poll_);
    for (const Ngrams::Item& item : counts_.items()) {
      pace.step(kMisses);
      const std::uint32_t symbol = layout_.symbol(item.key, 0);
      if (symbol != last) at = 0;
      last = symbol;
      at = find(item.key & mask, at);
      Context& from = contexts_[at];
      from.left += item.count;
      if (symbol == 0) continue;
      if (contexts_[next].key != item.key >> layout_.bits) ++next;
      connect(static_cast<std::uint32_t>(at), next);
    }
  }

  // The place of a context from a place on, which is near as a rule.
  std::size_t find(WideKey key, std::size_t from) const {
    std::size_t step = 1;
    std::size_t end = from;
    while (end < contexts_.size() && contexts_[end].key < key) {
      from = end + 1;
      end += step;
      step *= 2;
    }
    const auto begin = contexts_.begin();
    const auto found =
        std::lower_bound(begin + static_cast<std::ptrdiff_t>(from),
                         begin + static_cast<std::ptrdiff_t>(std::min(end, contexts_.size())), key,
                         [](const Context& context, WideKey other) { return context.key < other; });
    if (found == contexts_.end() || found->key != key) fail_unbalanced(key, 0, left(key));
    return static_cast<std::size_t>(found - begin);
  }

  std::int64_t left(WideKey context) const {
    const WideKey mask = (WideKey{1} << layout_.top()) - 1;
    std::int64_t times = 0;
    for (const Ngrams::Item& item : counts_.items()) {
      if ((item.key & mask) == context) times += item.count;
    }
    return times;
  }

  std::uint32_t root(std::uint32_t item) {
    while (contexts_[item].above != item) {
      item = contexts_[item].above = contexts_[contexts_[item].above].above;
    }
    return item;
  }
  // The lower root stays, so contexts that are connected with the start have that as theirs.
  void connect(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    contexts_[std::max(a, b)].above = std::min(a, b);
  }

  std::uint32_t id(WideKey context, unsigned i) const {  // from the first symbol on
    return static_cast<std::uint32_t>(context >> (i * layout_.bits)) &
           ((std::uint32_t{1} << layout_.bits) - 1);
  }

  [[noreturn]] void fail(WideKey context, const std::string& problem) const {
    std::vector<std::uint32_t> ids;
    for (unsigned i = 0; i < layout_.order - 1; ++i) ids.push_back(id(context, i));
    throw Error("no words have these counts: " + quoted(counts_.alphabet(), ids) + " " + problem);
  }
  [[noreturn]] void fail_unbalanced(WideKey context, std::int64_t entered,
                                    std::int64_t times) const {
    fail(context, "is entered " + std::to_string(entered) + " times and left " +
                      std::to_string(times) + " times");
  }

  const Ngrams& counts_;
  KeyLayout layout_;
  const Poll& poll_;
  std::vector<Context> contexts_;  // sorted by key
};

}  // namespace

void check_words(const Ngrams& counts, const Poll& poll) {
  if (counts.order() > 1) return WordCheck(counts, poll).run();
  if (!counts.items().empty() && counts.items().front().key != 0) {
    throw Error("no words have these counts: none of them ends");
  }
}

}  // namespace makemore
