// Building the tables.
#include "core/alias.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace makemore {
namespace {

constexpr std::uint64_t kDraws = std::uint64_t{1} << 32;

}  // namespace

std::vector<std::uint64_t> integer_weights(std::span<const double> probabilities) {
  std::vector<std::uint64_t> weights(probabilities.size());
  std::vector<double> remainders(probabilities.size());
  std::vector<std::size_t> order;  // the symbols that may get one more
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double exact = probabilities[i] * static_cast<double>(kDraws);
    const double whole = std::floor(exact);
    weights[i] = static_cast<std::uint64_t>(whole);
    remainders[i] = exact - whole;
    if (remainders[i] > 0) order.push_back(i);
    sum += weights[i];
  }
  if (sum == 0) return weights;  // an empty row
  const std::size_t missing = std::min<std::size_t>(order.size(), kDraws - sum);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; i < missing; ++i) ++weights[order[i]];
  return weights;
}

unsigned alias_bits(std::size_t symbols) {
  return static_cast<unsigned>(std::bit_width(symbols - 1));
}

void make_alias_row(std::span<const double> probabilities, std::span<std::uint32_t> entries) {
  const unsigned bits = alias_bits(probabilities.size());
  const std::uint64_t capacity = kDraws >> bits;
  std::vector<std::uint64_t> weights = integer_weights(probabilities);
  weights.resize(entries.size());
  std::vector<std::uint32_t> poor;
  std::vector<std::uint32_t> rich;
  for (std::uint32_t c = 0; c < weights.size(); ++c) {
    (weights[c] < capacity ? poor : rich).push_back(c);
  }
  // Each poor column keeps its own draws and is filled up by a rich symbol.
  while (!poor.empty() && !rich.empty()) {
    const std::uint32_t column = poor.back();
    poor.pop_back();
    const std::uint32_t donor = rich.back();
    entries[column] = static_cast<std::uint32_t>(weights[column]) << bits | donor;
    weights[donor] -= capacity - weights[column];
    if (weights[donor] < capacity) {
      rich.pop_back();
      poor.push_back(donor);
    }
  }
  for (const std::uint32_t column : rich) entries[column] = column;  // exactly full
}

AliasTables::AliasTables(std::span<const double> probabilities, std::size_t symbols)
    : symbols_(symbols),
      bits_(alias_bits(symbols)),
      mask_((std::uint32_t{1} << bits_) - 1),
      entries_(symbols << bits_) {
  for (std::size_t row = 0; row < symbols; ++row) {
    make_alias_row(probabilities.subspan(row * symbols, symbols),
                   std::span(entries_).subspan(row << bits_, std::size_t{1} << bits_));
  }
}

std::vector<std::uint64_t> AliasTables::weights(std::size_t row) const {
  const std::uint64_t capacity = kDraws >> bits_;
  std::vector<std::uint64_t> weights(symbols_);
  for (std::uint32_t column = 0; column <= mask_; ++column) {
    const std::uint32_t entry = entries_[(row << bits_) + column];
    const std::uint64_t own = entry >> bits_;
    if (own != 0) weights[column] += own;
    weights[entry & mask_] += capacity - own;
  }
  return weights;
}

}  // namespace makemore
