// Sorts symbols, and moves rows from one order to the other.
#include "mixture/symbol_order.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace makemore {
namespace {

// Calls use(symbol, number) for all that a row has.
template <class Use>
void each_number(const std::uint32_t* row, std::uint32_t blocks, Use&& use) {
  for (std::uint32_t b = 0; b < blocks; ++b) {
    const std::uint32_t first = *row++ * kBlockSymbols;
    for (std::uint32_t bits = *row++; bits != 0; bits &= bits - 1) {
      use(first + static_cast<std::uint32_t>(std::countr_zero(bits)), std::bit_cast<float>(*row++));
    }
  }
}

}  // namespace

SymbolOrder::SymbolOrder(const ChainRows& rows, std::size_t symbols) {
  if (symbols <= kBlockSymbols) return;
  std::vector<float> said(symbols);
  const ChainRows::Node& root = rows.nodes[0];
  each_number(rows.words.data() + root.first, root.blocks,
              [&](std::uint32_t symbol, float number) { said[symbol] = number; });
  symbol_.resize(symbols);
  std::iota(symbol_.begin(), symbol_.end(), 0U);
  std::stable_sort(symbol_.begin() + 1, symbol_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return said[a] > said[b]; });
  place_.resize(symbols);
  for (std::uint32_t i = 0; i < symbols; ++i) place_[symbol_[i]] = i;
}

void SymbolOrder::to_places(const float* by_symbol, float* by_place) const {
  for (std::size_t i = 0; i < symbol_.size(); ++i) by_place[i] = by_symbol[symbol_[i]];
}

void SymbolOrder::to_symbols(const float* by_place, float* by_symbol, std::size_t symbols) const {
  if (!changes()) {
    std::copy_n(by_place, symbols, by_symbol);
    return;
  }
  for (std::size_t c = 0; c < place_.size(); ++c) by_symbol[c] = by_place[place_[c]];
}

std::uint32_t RowMover::append(const std::uint32_t* row, std::uint32_t blocks, RowWords& words) {
  moved_.clear();
  each_number(row, blocks, [&](std::uint32_t from, float number) {
    moved_.emplace_back(to_.empty() ? from : to_[from], number);
  });
  std::sort(moved_.begin(), moved_.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  places_.clear();
  numbers_.clear();
  for (const auto& [place, number] : moved_) {
    places_.push_back(place);
    numbers_.push_back(number);
  }
  return append_row(words, places_, numbers_.data());
}

}  // namespace makemore
