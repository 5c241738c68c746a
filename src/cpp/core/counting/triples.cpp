// Gives ids to codes for the triple kernels, and takes their counters apart into pairs.
#include "counting/triples.hpp"

#include <algorithm>
#include <utility>

#include "base/cpu.hpp"
#include "counting/byte_pairs.hpp"

namespace makemore {

#ifdef MAKEMORE_X86_KERNELS
extern const CountTriples kTriplesAvx2;
extern const CountTriples kTriplesAvx512;
#elif defined(MAKEMORE_ARM_KERNELS)
extern const CountTriples kTriplesNeon;
#endif

CountTriples triple_kernel() {
  return best_of<CountTriples>({
#ifdef MAKEMORE_X86_KERNELS
      {Isa::avx512, kTriplesAvx512},
      {Isa::avx2, kTriplesAvx2},
      {Isa::baseline, nullptr},
#elif defined(MAKEMORE_ARM_KERNELS)
      {Isa::baseline, kTriplesNeon},
#else
      {Isa::baseline, nullptr},
#endif
  });
}

namespace {

// Pairs from the counters of the triples of these ids. Each counter that is not zero is visited
// once, and the sums over its first id once more.
template <class Counter>
void take_apart(const std::uint32_t* triples, std::span<const std::uint8_t> codes,
                std::span<Counter> pairs) {
  const std::size_t n = codes.size();
  std::array<std::uint32_t, TripleIds::kMost> first{};  // the part of an index by its first id
  for (std::uint32_t a = 0; a < n; ++a) {
    first[a] = static_cast<std::uint32_t>(TripleIds::index(a, 0, 0));
  }
  std::array<Counter, TripleIds::kMost> before{};  // of one b, by a
  for (std::uint32_t b = 0; b < n; ++b) {
    before.fill(0);
    for (std::uint32_t c = 0; c < n; ++c) {
      const std::uint32_t* const row = triples + TripleIds::index(0, b, c);
      Counter sum = 0;
      for (std::size_t a = 0; a < n; ++a) {
        const Counter count = row[first[a]];
        before[a] += count;
        sum += count;
      }
      pairs[byte_pair(codes[b], codes[c])] += sum;
    }
    for (std::size_t a = 0; a < n; ++a) pairs[byte_pair(codes[a], codes[b])] += before[a];
  }
}

constexpr std::size_t kFirstPatience = std::size_t{1} << 18;

// Codes that occur less often cost less as pairs than it costs to take their triples apart.
constexpr std::int64_t kWorthId = 32;

constexpr std::pair<std::int64_t, std::int64_t> kUnworthy{};

}  // namespace

void TripleIds::add(std::uint8_t code) {
  const auto id = static_cast<std::uint32_t>(codes.size());
  const std::uint32_t word = spread(id);
  low[code] = static_cast<std::uint8_t>(word);
  high[code] = static_cast<std::uint8_t>(word >> 8 | (id >= kFew ? kBeyond : 0));
  codes.push_back(code);
  const auto group = static_cast<std::uint8_t>(code >> 4);
  const auto end = groups.begin() + static_cast<std::ptrdiff_t>(group_count);
  if (std::find(groups.begin(), end, group) != end) return;
  groups[group_count++] = group;
  if (group < 8) std::swap(groups[ascii_groups++], groups[group_count - 1]);
}

TriplesDone TripleCounts::add(Bytes codes, CodeKind kind, std::uint32_t* pairs) {
  const std::size_t size =
      ids_.codes.size() > TripleIds::kFew ? TripleTables::kAll : TripleTables::kFew;
  if (first_.size() < size) {
    Zeroed<std::uint32_t> larger(size);
    std::copy(first_.begin(), first_.end(), larger.begin());
    first_ = std::move(larger);
  }
  const TripleTables tables{first_.data(), others_.empty() ? nullptr : others_.data()};
  const TriplesDone counted = kernel_(codes, kind, ids_, tables, pairs);
  if (counted.crowded && others_.empty()) {
    others_ = Zeroed<std::uint32_t>(TripleTables::kAllOthers);
  }
  steps_ += (counted.done - counted.as_pairs) / 2;
  slow_ += counted.slow;
  if (ids_.codes.size() < TripleIds::kMost) lacking_ += counted.as_pairs;
  return counted;
}

void TripleCounts::number(Bytes codes, const Occurrences& so_far) {
  Occurrences now{};
  for (const std::uint8_t code : codes) ++now[code];
  ids_ = {};
  give_ids([&](std::uint8_t code) {
    const bool worth = so_far[code] + now[code] >= kWorthId;
    return worth ? std::pair(now[code], so_far[code]) : kUnworthy;
  });
  slow_ = 0;
  lacking_ = 0;
  patience_ = std::max(kFirstPatience, 4 * patience_);
}

void TripleCounts::add_ids(const Occurrences& so_far) {
  lacking_ = 0;
  give_ids([&](std::uint8_t code) {
    return so_far[code] >= kWorthId ? std::pair(so_far[code], std::int64_t{0}) : kUnworthy;
  });
}

// Gives ids to codes that have none in the order of their ranks, highest first.
template <class Rank>
void TripleCounts::give_ids(Rank&& rank) {
  std::vector<std::uint8_t> order;
  for (std::uint32_t code = 0; code < 256; ++code) {
    const auto byte = static_cast<std::uint8_t>(code);
    if (!ids_.has(code) && rank(byte) != kUnworthy) order.push_back(byte);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint8_t a, std::uint8_t b) { return rank(a) > rank(b); });
  for (const std::uint8_t code : order) {
    if (ids_.codes.size() < TripleIds::kMost) ids_.add(code);
  }
}

template <class Counter>
void TripleCounts::move_to(std::span<Counter> pairs) {
  take_apart(first_.data(), ids_.codes, pairs);
  const auto few = std::span(ids_.codes).first(std::min(ids_.codes.size(), TripleIds::kFew));
  for (std::size_t at = 0; at < others_.size(); at += TripleTables::kStride) {
    take_apart(others_.data() + at, few, pairs);
  }
  first_ = {};
  others_ = {};
  steps_ = 0;
}

template void TripleCounts::move_to(std::span<std::uint32_t>);
template void TripleCounts::move_to(std::span<std::int64_t>);

}  // namespace makemore
