// The counting kernels.
#include "counting/pairs.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/compiler.hpp"
#include "text/ascii.hpp"

namespace makemore {
namespace {

// Taking triples apart at the end costs as much as counting some 100,000 pairs.
constexpr std::size_t kWorthTriples = std::size_t{1} << 18;  // codes counted before triples are
constexpr std::size_t kMostSmall = std::size_t{1} << 31;     // what a small counter surely holds
constexpr std::size_t kMostAtOnce = std::size_t{1} << 20;    // codes counted between two looks
constexpr std::size_t kStep = 16 * 1024;  // bytes looked at together; they stay in the first cache
constexpr std::ptrdiff_t kOffsetsAhead = 2048;  // a prefetch beyond them does no harm

// Adds up a table's rows of the pairs with the same second code.
template <class Counter>
void add_rows(const Counter* table, std::array<Counter, 256>& sums) {
  std::array<Counter, 256> all = sums;
  for (std::uint32_t second = 0; second < 256; ++second) {
    const Counter* const row = table + byte_pair(0, second);
    for (std::size_t first = 0; first < 256; ++first) all[first] += row[first];
  }
  sums = all;
}

}  // namespace

PairCounts::PairCounts(Poll poll) : small_(2 * kBytePairs), poll_(std::move(poll)) {
  std::fill_n(small_.begin(), kBytePairs, 0);
}

void PairCounts::add(std::uint32_t previous, Bytes codes) {
  if (codes.empty()) return;
  if (previous >= kSide) {
    add(previous, std::array<std::uint32_t, 1>{codes[0]});
    previous = codes[0];
    codes = codes.subspan(1);
  }
  while (worth_triples(codes)) {
    const std::size_t done = count_triples(previous, codes, CodeKind::codes);
    previous = codes[done - 1];
    codes = codes.subspan(done);
  }
  if (!codes.empty()) count_narrow(previous, codes);
}

std::size_t PairCounts::add_ascii(std::uint32_t previous, Bytes text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Bytes rest = text.subspan(at);
    const Bytes step = rest.first(std::min(rest.size(), kStep));
    const bool triples = worth_triples(rest);
    // The kernels of triples look by themselves. What gives the ids must be ASCII.
    const bool look = !triples || triples_.full();
    if (look ? !all_ascii(step) : step[0] >= kAscii) break;
    std::size_t done = 1;
    if (previous >= kSide) {
      add(previous, step.first(1));
    } else if (triples) {
      done = count_triples(previous, rest, CodeKind::text);
      if (done + TripleCounts::kMargin < std::min(rest.size(), kMostAtOnce)) return at + done;
    } else {
      count_narrow(previous, step);
      done = step.size();
    }
    previous = rest[done - 1];
    at += done;
  }
  return at;
}

// Whether these codes can be counted as triples, and their number is worth it.
bool PairCounts::worth_triples(Bytes codes) const {
  return triples_.possible() && since_flush_ >= kWorthTriples &&
         codes.size() > TripleCounts::kMargin;
}

// Counts from the front of the codes, at least the first. Returns how many.
std::size_t PairCounts::count_triples(std::uint32_t previous, Bytes codes, CodeKind kind) {
  count_narrow(previous, codes.first(1));
  const Bytes now = codes.first(std::min(codes.size(), kMostAtOnce));
  if (since_flush_ + now.size() > kMostSmall) flush();
  if (triples_.full()) {
    take_triples();
    triples_.number(now.first(std::min(now.size(), kStep)), occurrences());
  } else if (triples_.lacking()) {
    triples_.add_ids(occurrences());
  }
  const TriplesDone counted = triples_.add(now, kind, small_.data());
  since_flush_ += counted.as_pairs;
  return counted.done + 1;
}

// How often each narrow code stood first in a pair, but for what is in triples.
TripleCounts::Occurrences PairCounts::occurrences() const {
  TripleCounts::Occurrences occurrences{};
  std::array<std::uint32_t, kSide> small{};  // no more than kMostSmall in all
  add_rows(small_.data(), small);
  if (!large_.empty()) add_rows(large_.data(), occurrences);
  for (std::uint32_t first = 0; first < kSide; ++first) occurrences[first] += small[first];
  return occurrences;
}

void PairCounts::count_narrow(std::uint32_t previous, Bytes codes) {
  while (!codes.empty()) {
    if (since_flush_ >= kMostSmall) flush();
    const Bytes now = codes.first(std::min(codes.size(), kMostSmall - since_flush_));
    since_flush_ += now.size();
    count_byte_pairs(previous, now, small_.data());
    previous = now.back();
    codes = codes.subspan(now.size());
  }
}

void PairCounts::add(std::uint32_t previous, std::span<const std::uint32_t> codes) {
  if (!wide_) wide_.emplace(poll_);
  wide_->add(previous, codes);
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
    large()[byte_pair(kWordEnd, kWordEnd)] += empty;
  }
}

// Returns how many of the borders [from, to) stand where the one before does.
template <class Offset>
std::int64_t PairCounts::count_borders(const std::uint8_t* values, const Offset* from,
                                       const Offset* to) {
  const auto n = static_cast<std::size_t>(to - from);
  if (borders_.empty()) borders_ = Zeroed<std::uint32_t>(2 * kBytePairs);
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
    count(from + 1, borders_.data() + kBytePairs);
  }
  if (from < to) count(from, borders_.data());
  return empty;
}

template void PairCounts::add(const Joined<std::int32_t>&);
template void PairCounts::add(const Joined<std::int64_t>&);

// Two words that were counted as one have an end between them.
void PairCounts::settle_borders() {
  for (std::uint32_t around = 0; around < kBytePairs; ++around) {
    const std::int64_t count = std::int64_t{borders_[around]} + borders_[kBytePairs + around];
    if (count == 0) continue;
    std::uint8_t both[2];
    const auto two = static_cast<std::uint16_t>(around);
    std::memcpy(both, &two, 2);
    large()[byte_pair(both[0], both[1])] -= count;
    large()[byte_pair(both[0], kWordEnd)] += count;
    large()[byte_pair(kWordEnd, both[1])] += count;
  }
  borders_ = {};
  border_count_ = 0;
}

Zeroed<std::int64_t>& PairCounts::large() {
  if (large_.empty()) large_ = Zeroed<std::int64_t>(kBytePairs);
  return large_;
}

bool PairCounts::has(std::uint32_t first) const {
  if (triples_.has(first)) return true;
  for (std::uint32_t second = 0; second < kSide; ++second) {
    const std::size_t at = byte_pair(first, second);
    if (small_[at] != 0 || (!large_.empty() && large_[at] != 0)) return true;
  }
  return false;
}

std::array<bool, PairCounts::kAscii> PairCounts::ascii_firsts(std::uint32_t end) const {
  std::array<std::uint32_t, kAscii> small{};
  std::array<std::int64_t, kAscii> large{};
  const auto look = [&](std::uint32_t second) {
    const std::uint32_t* const row = small_.data() + byte_pair(0, second);
    for (std::size_t first = 0; first < kAscii; ++first) small[first] |= row[first];
    if (large_.empty()) return;
    const std::int64_t* const large_row = large_.data() + byte_pair(0, second);
    for (std::size_t first = 0; first < kAscii; ++first) large[first] |= large_row[first];
  };
  for (std::uint32_t second = 0; second < std::min(end, kSide); ++second) look(second);
  if (end <= kWordEnd) look(kWordEnd);
  std::array<bool, kAscii> firsts{};
  for (std::uint32_t code = 0; code < kAscii; ++code) {
    firsts[code] = small[code] != 0 || large[code] != 0 || triples_.has(code);
  }
  return firsts;
}

void PairCounts::settle() {
  if (border_count_ > 0) settle_borders();
  take_triples();
}

// To the small counters, as long as they surely hold it: that spares the large ones.
void PairCounts::take_triples() {
  if (!triples_.used()) return;
  if (triples_.pairs() <= kMostSmall - since_flush_) {
    since_flush_ += triples_.pairs();
    triples_.move_to(std::span(small_.data(), kBytePairs));
  } else {
    triples_.move_to(std::span(large().data(), kBytePairs));
  }
}

void PairCounts::flush() {
  for (std::size_t i = 0; i < kBytePairs; ++i) large()[i] += small_[i];
  std::fill_n(small_.begin(), kBytePairs, 0);
  since_flush_ = 0;
}

}  // namespace makemore
