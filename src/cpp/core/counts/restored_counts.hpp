// Counts from outside, cell by cell; they are kept only if some words have them.
//
// The context of an n-gram is its first order - 1 symbols; an n-gram leads from its context to
// that of the next one in the word, its last order - 1 symbols, or ends the word with the
// boundary. Words go from the context of boundaries to an end, so counts are those of some
// words exactly if
//
//   - no boundary stands in a context behind a symbol,
//   - every other context is entered as often as it is left, and
//   - every context is connected with the one at which words start.
//
// (The n-grams then form a circuit through the start, by Euler's theorem.) Of order 1 there is
// only one context, and all that counts of words need is an end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/poll.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

// The alphabet whose symbols are these, in the order of their ids. Throws Error if they are no
// alphabet or stand in another order.
Alphabet ordered_alphabet(std::span<const char32_t> symbols);

class RestoredCounts {
 public:
  // Throws Error for an order that the alphabet's size does not allow.
  RestoredCounts(Alphabet alphabet, std::size_t order);

  std::size_t order() const { return layout_.order; }
  const Alphabet& alphabet() const { return alphabet_; }

  // Takes cells: `ids` row after row, `order` for each count. Over all calls cells stand in the
  // order of their ids, each once. Throws Error with the number of a cell that cannot be; then
  // these counts are of no use any more.
  void add(std::span<const std::uint32_t> ids, std::span<const std::int64_t> counts,
           const Poll& poll);

  // What was taken. Throws Error if no words have these counts.
  Ngrams finish(const Poll& poll) &&;

 private:
  struct Cell {
    WideKey key;
    std::int64_t count;
    std::uint32_t context;  // its place in contexts_
  };
  struct Context {
    WideKey key;
    std::int64_t left;  // how often
  };

  WideKey context_of(WideKey key) const { return key & ((WideKey{1} << layout_.top()) - 1); }
  [[noreturn]] void fail_context(WideKey key, const std::string& problem) const;
  void check_contexts(const Poll& poll) const;

  Alphabet alphabet_;
  KeyLayout layout_;
  std::vector<Cell> cells_;
  std::vector<Context> contexts_;
  std::vector<std::uint32_t> before_;  // the ids of the last cell
  std::int64_t total_ = 0;
};

}  // namespace makemore
