// The counting kernels.
#include "core/pairs.hpp"

#include <algorithm>
#include <bit>

namespace makemore {
namespace {

std::size_t hash(std::uint32_t first, std::uint32_t second) {
  const std::uint64_t key = static_cast<std::uint64_t>(first) << 32 | second;
  return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15u >> 20);  // golden ratio
}

}  // namespace

PairCounts::PairCounts() : small_(kSide * kSide) {}

void PairCounts::add(std::uint32_t previous, Bytes codes) {
  constexpr std::size_t most = std::size_t{1} << 31;  // a small counter holds as many
  while (!codes.empty()) {
    if (since_flush_ >= most) flush();
    const Bytes now = codes.first(std::min(codes.size(), most - since_flush_));
    since_flush_ += now.size();
    std::uint32_t* const table = small_.data();
    ++table[index(previous, now[0])];
    for (std::size_t i = 1; i < now.size(); ++i) ++table[index(now[i - 1], now[i])];
    previous = now.back();
    codes = codes.subspan(now.size());
  }
}

void PairCounts::add(std::uint32_t previous, std::span<const std::uint32_t> codes) {
  for (const std::uint32_t code : codes) {
    count_wide(previous, code);
    previous = code;
  }
}

bool PairCounts::row_is_empty(std::uint32_t first) const {
  const auto zero = [&](const auto& table) {
    const auto row = table.begin() + static_cast<std::ptrdiff_t>(index(first, 0));
    return std::all_of(row, row + kSide, [](auto count) { return count == 0; });
  };
  return zero(small_) && (large_.empty() || zero(large_));
}

void PairCounts::flush() {
  if (large_.empty()) large_.resize(kSide * kSide);
  for (std::size_t i = 0; i < small_.size(); ++i) large_[i] += small_[i];
  std::fill(small_.begin(), small_.end(), 0);
  since_flush_ = 0;
}

void PairCounts::count_wide(std::uint32_t first, std::uint32_t second) {
  if (2 * (wide_used_ + 1) > wide_.size()) grow_wide();
  const std::size_t mask = wide_.size() - 1;
  std::size_t at = hash(first, second) & mask;
  while (wide_[at].count != 0 && (wide_[at].first != first || wide_[at].second != second)) {
    at = (at + 1) & mask;
  }
  if (wide_[at].count == 0) {
    wide_[at] = {first, second, 0};
    ++wide_used_;
  }
  ++wide_[at].count;
}

void PairCounts::grow_wide() {
  std::vector<Pair> old(std::max<std::size_t>(1024, 2 * wide_.size()));
  std::swap(old, wide_);
  const std::size_t mask = wide_.size() - 1;
  for (const Pair& pair : old) {
    if (pair.count == 0) continue;
    std::size_t at = hash(pair.first, pair.second) & mask;
    while (wide_[at].count != 0) at = (at + 1) & mask;
    wide_[at] = pair;
  }
}

}  // namespace makemore
