// Alias tables: one 32-bit draw picks the next symbol, in constant time.
//
// A. J. Walker's method with M. D. Vose's construction (IEEE Trans. Software Eng. 17,
// 1991), in integers. A row's probabilities become weights that sum to exactly 2^32,
// so each symbol gets a whole number of the 2^32 draws and its probability is exact to
// within 2^-32; impossible symbols stay impossible. With V <= 2^b symbols a row has 2^b
// columns of 2^(32-b) draws: a draw's low b bits name the column, its other bits are
// compared with the column's threshold, and what is not below goes to its alias.
// Threshold and alias together fill one 32-bit entry.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"

namespace makemore {

// The symbol that a draw gives by a row of 2^bits entries.
inline std::uint32_t draw_alias(const std::uint32_t* entries, unsigned bits, std::uint32_t draw) {
  const std::uint32_t mask = (std::uint32_t{1} << bits) - 1;
  const std::uint32_t column = draw & mask;
  const std::uint32_t entry = entries[column];
  return draw >> bits < entry >> bits ? column : entry & mask;
}

// Columns, as a power of two, that a row of so many symbols takes.
unsigned alias_bits(std::size_t symbols);

// How many of the 2^32 draws a probability has, a fraction of one included. What is no
// probability has none or all: no number may leave the range of the integers to come.
inline double draws_of(double probability) {
  constexpr double all = 4294967296.0;
  const double draws = probability * all;
  return draws > 0 ? std::min(draws, all) : 0;  // NaN is not above 0
}

// Makes rows, one after another in the same room.
class AliasMaker {
 public:
  // Makes the row of probabilities that sum to one: 2^alias_bits(their number) entries. Returns
  // their weights (integer_weights), until the next row is made.
  std::span<const std::uint64_t> make(std::span<const double> probabilities,
                                      std::span<std::uint32_t> entries);
  // The weights alone.
  std::span<const std::uint64_t> weights(std::span<const double> probabilities);

 private:
  std::vector<std::uint64_t> weights_, left_;
  std::vector<double> remainders_;
  std::vector<std::uint32_t> order_, poor_, rich_;
};

class AliasTables {
 public:
  // `probabilities` is a square matrix, row by row; each row sums to one or is all zero.
  // An all-zero row must not be drawn from.
  AliasTables(std::span<const double> probabilities, std::size_t symbols, const Poll& poll = {});

  std::uint32_t draw(std::uint32_t row, std::uint32_t bits) const {
    return draw_alias(entries_.data() + (static_cast<std::size_t>(row) << bits_), bits_, bits);
  }

  // For kernels that draw by themselves: row r's entries begin at r << bits().
  const std::uint32_t* entries() const { return entries_.data(); }
  unsigned bits() const { return bits_; }

  // How many of the 2^32 draws of a row give each symbol.
  std::vector<std::uint64_t> weights(std::size_t row) const;

 private:
  std::size_t symbols_;
  unsigned bits_;
  std::uint32_t mask_;
  std::vector<std::uint32_t> entries_;
};

// Whole numbers that sum to 2^32, each within one of p * 2^32 (largest remainders).
std::vector<std::uint64_t> integer_weights(std::span<const double> probabilities);

}  // namespace makemore
