// Builds alias tables.
#include "sampling/alias.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace makemore {
namespace {

constexpr std::uint64_t kDraws = std::uint64_t{1} << 32;

}  // namespace

std::span<const std::uint64_t> AliasMaker::weights(std::span<const double> probabilities) {
  weights_.resize(probabilities.size());
  remainders_.resize(probabilities.size());
  order_.clear();  // the symbols that may get one more
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < weights_.size(); ++i) {
    const double exact = draws_of(probabilities[i]);
    const double whole = std::floor(exact);
    weights_[i] = static_cast<std::uint64_t>(whole);
    remainders_[i] = exact - whole;
    if (remainders_[i] > 0) order_.push_back(i);
    sum += weights_[i];
  }
  if (sum == 0) return weights_;  // an empty row
  const std::size_t missing = sum < kDraws ? std::min<std::size_t>(order_.size(), kDraws - sum) : 0;
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return remainders_[a] != remainders_[b] ? remainders_[a] > remainders_[b] : a < b;
  });
  for (std::size_t i = 0; i < missing; ++i) ++weights_[order_[i]];
  return weights_;
}

std::span<const std::uint64_t> AliasMaker::make(std::span<const double> probabilities,
                                                std::span<std::uint32_t> entries) {
  const unsigned bits = alias_bits(probabilities.size());
  const std::uint64_t capacity = kDraws >> bits;
  weights(probabilities);
  left_.assign(weights_.begin(), weights_.end());
  left_.resize(entries.size());
  poor_.clear();
  rich_.clear();
  for (std::uint32_t c = 0; c < left_.size(); ++c) {
    (left_[c] < capacity ? poor_ : rich_).push_back(c);
  }
  // Each poor column keeps its own draws and is filled up by a rich symbol.
  while (!poor_.empty() && !rich_.empty()) {
    const std::uint32_t column = poor_.back();
    poor_.pop_back();
    const std::uint32_t donor = rich_.back();
    entries[column] = static_cast<std::uint32_t>(left_[column]) << bits | donor;
    left_[donor] -= capacity - left_[column];
    if (left_[donor] < capacity) {
      rich_.pop_back();
      poor_.push_back(donor);
    }
  }
  for (const std::uint32_t column : rich_) entries[column] = column;  // exactly full
  if (!poor_
           .empty()) {  // of probabilities that do not quite sum to one: the likeliest has the rest
    const auto likeliest = static_cast<std::uint32_t>(
        std::max_element(weights_.begin(), weights_.end()) - weights_.begin());
    for (const std::uint32_t column : poor_) {
      entries[column] = static_cast<std::uint32_t>(left_[column]) << bits | likeliest;
    }
  }
  return weights_;
}

std::vector<std::uint64_t> integer_weights(std::span<const double> probabilities) {
  AliasMaker maker;
  const std::span<const std::uint64_t> weights = maker.weights(probabilities);
  return {weights.begin(), weights.end()};
}

unsigned alias_bits(std::size_t symbols) {
  return static_cast<unsigned>(std::bit_width(symbols - 1));
}

AliasTables::AliasTables(std::span<const double> probabilities, std::size_t symbols,
                         const Poll& poll)
    : symbols_(symbols),
      bits_(alias_bits(symbols)),
      mask_((std::uint32_t{1} << bits_) - 1),
      entries_(symbols << bits_) {
  AliasMaker maker;
  Pace pace(poll);
  for (std::size_t row = 0; row < symbols; ++row) {
    maker.make(probabilities.subspan(row * symbols, symbols),
               std::span(entries_).subspan(row << bits_, std::size_t{1} << bits_));
    pace.step(16 * symbols);
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
