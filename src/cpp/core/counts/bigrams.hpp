// Bigram counts: an alphabet and the cells that are not zero.
//
// A value type, and the only result of counting, whatever the alphabet's size.
// Counts are additive: threads, blocks, updates and a cluster all use `added`,
// which is exact, associative and commutative.
#pragma once

#include <cstdint>
#include <vector>

#include "base/poll.hpp"
#include "text/alphabet.hpp"

namespace makemore {

struct Cell {
  std::uint32_t first;
  std::uint32_t second;
  std::int64_t count;  // above zero

  bool operator==(const Cell&) const = default;
};

// Adds exactly; throws where 64 bits do not hold the sum.
std::int64_t checked_sum(std::int64_t a, std::int64_t b);

class Bigrams {
 public:
  explicit Bigrams(Alphabet alphabet) : alphabet_(std::move(alphabet)) {}

  // Cells in any order, repeats added up; zero counts are dropped.
  Bigrams(Alphabet alphabet, std::vector<Cell> cells, const Poll& poll = {});

  const Alphabet& alphabet() const { return alphabet_; }
  const std::vector<Cell>& cells() const { return cells_; }  // sorted by (first, second)

  std::int64_t at(std::uint32_t first, std::uint32_t second) const;
  std::int64_t words() const { return words_; }  // every word starts once
  std::int64_t total() const { return total_; }

  bool operator==(const Bigrams&) const = default;

 private:
  Alphabet alphabet_;
  std::vector<Cell> cells_;
  std::int64_t total_ = 0;
  std::int64_t words_ = 0;  // the sum of the boundary's row
};

Bigrams added(const Bigrams& a, const Bigrams& b, const Poll& poll = {});

}  // namespace makemore
