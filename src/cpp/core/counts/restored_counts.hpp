// Counts from outside, cell by cell; they are kept only if some words have them (word_check.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
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
  Alphabet alphabet_;
  KeyLayout layout_;
  Ngrams::Items cells_;
  std::vector<std::uint32_t> before_;  // the ids of the last cell
  std::int64_t total_ = 0;
};

}  // namespace makemore
