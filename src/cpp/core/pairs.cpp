// The counting kernels.
#include "core/pairs.hpp"

#include <algorithm>
#include <cstring>

namespace makemore {
namespace {

std::size_t hash(std::uint32_t first, std::uint32_t second) {
  const std::uint64_t key = static_cast<std::uint64_t>(first) << 32 | second;
  return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15u >> 20);  // golden ratio
}

// Counts pairs of bytes in a 256 x 256 table, by loads of 16 bits. A run of one code, or of
// two in turn, would wait for the same counter again and again: it is added at once.
void count_pairs(std::uint32_t previous, Bytes codes, std::uint32_t* table) {
  constexpr std::size_t step = 8;
  const std::uint8_t* p = codes.data();
  const std::uint8_t* const last = p + codes.size() - 1;
  ++table[previous << 8 | *p];
  for (; last - p >= static_cast<std::ptrdiff_t>(step) + 2; p += step) {
    std::uint64_t here = 0;
    std::uint64_t further = 0;
    std::memcpy(&here, p, step);
    std::memcpy(&further, p + 2, step);
    if (here == further) {
      table[p[0] << 8 | p[1]] += step / 2;
      table[p[1] << 8 | p[0]] += step / 2;
      continue;
    }
    for (std::size_t i = 0; i < step; ++i) ++table[p[i] << 8 | p[i + 1]];
  }
  for (; p < last; ++p) ++table[p[0] << 8 | p[1]];
}

constexpr std::size_t kWorthTriples = 1 << 19;  // codes counted before triples are
constexpr std::size_t kAroundUnknown = 576;     // codes counted as pairs near one without an id

}  // namespace

PairCounts::PairCounts() : small_(kSide * kSide) {}

void PairCounts::add(std::uint32_t previous, Bytes codes) {
  if (codes.empty()) return;
  if (previous >= kSide) {
    count_wide(previous, codes[0]);
    previous = codes[0];
    codes = codes.subspan(1);
  }
  // Taking triples apart at the end costs as much as counting some 100,000 pairs.
  const bool worth = triples_.possible() && since_flush_ >= kWorthTriples;
  while (worth && codes.size() > TripleCounts::kWindow) {
    count_narrow(previous, codes.first(1));
    const std::size_t done = triples_.add(codes);
    previous = codes[done];
    codes = codes.subspan(done + 1);
    if (codes.size() <= TripleCounts::kWindow) break;
    const Bytes near = codes.first(std::min(codes.size(), kAroundUnknown));
    count_narrow(previous, near);
    previous = near.back();
    codes = codes.subspan(near.size());
  }
  if (!codes.empty()) count_narrow(previous, codes);
}

void PairCounts::count_narrow(std::uint32_t previous, Bytes codes) {
  constexpr std::size_t most = std::size_t{1} << 31;  // a small counter holds as many
  while (!codes.empty()) {
    if (since_flush_ >= most) flush();
    const Bytes now = codes.first(std::min(codes.size(), most - since_flush_));
    since_flush_ += now.size();
    count_pairs(previous, now, small_.data());
    previous = now.back();
    codes = codes.subspan(now.size());
  }
}

void PairCounts::add(std::uint32_t previous, std::span<const std::uint32_t> codes) {
  // The table may be far larger than the caches: ask for its lines some way ahead.
  constexpr std::size_t ahead = 16;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i + ahead < codes.size() && !wide_.empty()) {
      const std::size_t mask = wide_.size() - 1;
      __builtin_prefetch(&wide_[hash(codes[i + ahead - 1], codes[i + ahead]) & mask]);
    }
    count_wide(previous, codes[i]);
    previous = codes[i];
  }
}

bool PairCounts::has(std::uint32_t first) const {
  const auto any = [&](const auto& table) {
    const auto row = table.begin() + static_cast<std::ptrdiff_t>(index(first, 0));
    return std::any_of(row, row + kSide, [](auto count) { return count != 0; });
  };
  return triples_.has(first) || any(small_) || (!large_.empty() && any(large_));
}

void PairCounts::settle() {
  if (!triples_.used()) return;
  if (large_.empty()) large_.resize(kSide * kSide);
  triples_.move_to(large_);
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
