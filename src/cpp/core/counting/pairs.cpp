// The counting kernels.
#include "counting/pairs.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/compiler.hpp"

namespace makemore {
namespace {

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

constexpr std::size_t kWorthTriples = 1 << 19;            // codes counted before triples are
constexpr std::size_t kMostSmall = std::size_t{1} << 31;  // what a small counter surely holds
constexpr std::ptrdiff_t kOffsetsAhead = 2048;            // a prefetch beyond them does no harm
constexpr std::size_t kAroundUnknown = 576;  // codes counted as pairs near one without an id

}  // namespace

PairCounts::PairCounts(Poll poll) : small_(kSide * kSide), wide_(std::move(poll)) {}

void PairCounts::add(std::uint32_t previous, Bytes codes) {
  if (codes.empty()) return;
  if (previous >= kSide) {
    wide_.add(wide_key(previous, codes[0]), 1);
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
  while (!codes.empty()) {
    if (since_flush_ >= kMostSmall) flush();
    const Bytes now = codes.first(std::min(codes.size(), kMostSmall - since_flush_));
    since_flush_ += now.size();
    count_pairs(previous, now, small_.data());
    previous = now.back();
    codes = codes.subspan(now.size());
  }
}

void PairCounts::add(std::uint32_t previous, std::span<const std::uint32_t> codes) {
  std::array<std::uint64_t, 1024> keys;
  while (!codes.empty()) {
    const auto now = codes.first(std::min(codes.size(), keys.size()));
    for (std::size_t i = 0; i < now.size(); ++i) {
      keys[i] = wide_key(previous, now[i]);
      previous = now[i];
    }
    wide_.add(std::span(keys).first(now.size()));
    codes = codes.subspan(now.size());
  }
}

template <class Offset>
void PairCounts::add(const Joined<Offset>& words) {
  const Offset* begin = words.offsets.data();
  const Offset* end = begin + words.words();
  std::int64_t empty = 0;
  // Without empty words at both ends, every border stands between two codes.
  for (; begin < end && begin[0] == begin[1]; ++begin) ++empty;
  for (; begin < end && end[-1] == end[0]; --end) ++empty;
  if (begin < end) {
    add(kWordEnd, {words.values + *begin, static_cast<std::size_t>(*end - *begin)});
    add(words.values[*end - 1], std::array<std::uint8_t, 1>{kWordEnd});
    empty += count_borders(words.values, begin + 1, end);
  }
  if (empty > 0) {
    make_large();
    large_[index(kWordEnd, kWordEnd)] += empty;
  }
}

// Returns how many of the borders [from, to) stand where the one before does.
template <class Offset>
std::int64_t PairCounts::count_borders(const std::uint8_t* values, const Offset* from,
                                       const Offset* to) {
  const auto n = static_cast<std::size_t>(to - from);
  if (borders_.empty()) borders_.resize(2 * kSide * kSide);
  if (border_count_ + n > kMostSmall) settle_borders();
  border_count_ += n;
  std::int64_t empty = 0;
  const auto count = [&](const Offset* border, std::uint32_t* table) {
    if (border[-1] == border[0]) {
      ++empty;
      return;
    }
    std::uint16_t around = 0;
    std::memcpy(&around, values + border[0] - 1, 2);
    ++table[around];
  };
  // Two tables in turn: many words begin and end alike, and would wait for the same counter.
  for (; to - from >= 2; from += 2) {
    prefetch(from + kOffsetsAhead);
    count(from, borders_.data());
    count(from + 1, borders_.data() + kSide * kSide);
  }
  if (from < to) count(from, borders_.data());
  return empty;
}

template void PairCounts::add(const Joined<std::int32_t>&);
template void PairCounts::add(const Joined<std::int64_t>&);

// Two words that were counted as one have an end between them.
void PairCounts::settle_borders() {
  make_large();
  for (std::uint32_t around = 0; around < kSide * kSide; ++around) {
    std::uint8_t both[2];
    const auto two = static_cast<std::uint16_t>(around);
    std::memcpy(both, &two, 2);
    const std::int64_t count = std::int64_t{borders_[around]} + borders_[kSide * kSide + around];
    large_[index(both[0], both[1])] -= count;
    large_[index(both[0], kWordEnd)] += count;
    large_[index(kWordEnd, both[1])] += count;
  }
  std::fill(borders_.begin(), borders_.end(), 0);
  border_count_ = 0;
}

void PairCounts::make_large() {
  if (large_.empty()) large_.resize(kSide * kSide);
}

bool PairCounts::has(std::uint32_t first) const {
  const auto any = [&](const auto& table) {
    const auto row = table.begin() + static_cast<std::ptrdiff_t>(index(first, 0));
    return std::any_of(row, row + kSide, [](auto count) { return count != 0; });
  };
  return triples_.has(first) || any(small_) || (!large_.empty() && any(large_));
}

void PairCounts::settle() {
  if (border_count_ > 0) settle_borders();
  if (!triples_.used()) return;
  make_large();
  triples_.move_to(large_);
}

void PairCounts::flush() {
  make_large();
  for (std::size_t i = 0; i < small_.size(); ++i) large_[i] += small_[i];
  std::fill(small_.begin(), small_.end(), 0);
  since_flush_ = 0;
}

}  // namespace makemore
