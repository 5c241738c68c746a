// The order of symbols within the rows that a mixture predicts with.
//
// Rows over an alphabet of several blocks (level_rows.hpp) are the shorter, the fewer blocks their
// symbols lie in: so the boundary comes first, and then the others, the more frequent ones before.
// An alphabet of one block keeps its own order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "mixture/chain_rows.hpp"

namespace makemore {

class SymbolOrder {
 public:
  SymbolOrder() = default;

  // By what the root of a chain says of the symbols.
  SymbolOrder(const ChainRows& rows, std::size_t symbols);

  bool changes() const { return !place_.empty(); }
  std::uint32_t place(std::uint32_t symbol) const { return changes() ? place_[symbol] : symbol; }

  std::span<const std::uint32_t> places() const { return place_; }    // by symbol
  std::span<const std::uint32_t> symbols() const { return symbol_; }  // by place

  // Writes what a row of numbers has at a symbol to its place, or the other way round.
  void to_places(const float* by_symbol, float* by_place) const;
  void to_symbols(const float* by_place, float* by_symbol, std::size_t symbols) const;

 private:
  std::vector<std::uint32_t> place_;   // by symbol; empty: each at its own
  std::vector<std::uint32_t> symbol_;  // by place
};

// Moves rows from one order to the other.
class RowMover {
 public:
  // `to` is places() or symbols() of an order, which must outlive the mover.
  explicit RowMover(std::span<const std::uint32_t> to) : to_(to) {}

  // Appends a row of so many blocks to words; returns the number of its blocks there.
  std::uint32_t append(const std::uint32_t* row, std::uint32_t blocks, RowWords& words);

 private:
  std::span<const std::uint32_t> to_;  // empty: each stays where it is
  std::vector<std::pair<std::uint32_t, float>> moved_;
  std::vector<std::uint32_t> places_;
  std::vector<float> numbers_;
};

}  // namespace makemore
