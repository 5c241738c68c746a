// Gives ids to codes for the triple kernels, and takes their counters apart into pairs.
#include "counting/triples.hpp"

#include <algorithm>

#include "base/cpu.hpp"
#include "counting/byte_pairs.hpp"

namespace makemore {

#ifdef MAKEMORE_X86_KERNELS
extern const CountTriples kTriplesAvx2;
extern const CountTriples kTriplesAvx512;
#endif

CountTriples triple_kernel() {
  return best_of<CountTriples>({
#ifdef MAKEMORE_X86_KERNELS
      {Isa::avx512, kTriplesAvx512},
      {Isa::avx2, kTriplesAvx2},
#endif
      {Isa::baseline, nullptr},
  });
}

namespace {

// Pairs from the counters of the triples of these ids. Each counter that is not zero is visited
// once, and the sums over its first id once more.
void take_apart(const std::uint32_t* triples, std::span<const std::uint8_t> codes,
                std::span<std::int64_t> pairs) {
  const std::size_t n = codes.size();
  std::array<std::uint32_t, TripleIds::kMost> first{};  // the part of an index by its first id
  for (std::uint32_t a = 0; a < n; ++a) {
    first[a] = static_cast<std::uint32_t>(TripleIds::index(a, 0, 0));
  }
  std::array<std::int64_t, TripleIds::kMost> before{};  // of one b, by a
  for (std::uint32_t b = 0; b < n; ++b) {
    before.fill(0);
    for (std::uint32_t c = 0; c < n; ++c) {
      const std::uint32_t* const row = triples + TripleIds::index(0, b, c);
      std::int64_t sum = 0;
      for (std::size_t a = 0; a < n; ++a) {
        const std::int64_t count = row[first[a]];
        before[a] += count;
        sum += count;
      }
      pairs[byte_pair(codes[b], codes[c])] += sum;
    }
    for (std::size_t a = 0; a < n; ++a) pairs[byte_pair(codes[a], codes[b])] += before[a];
  }
}

constexpr std::size_t kFirstPatience = std::size_t{1} << 18;

}  // namespace

TripleIds::TripleIds(std::span<const std::uint8_t> in_order)
    : codes(in_order.begin(), in_order.end()) {
  high.fill(kMissing);
  std::array<bool, 16> used{};
  for (std::uint32_t id = 0; id < codes.size(); ++id) {
    const std::uint8_t code = codes[id];
    const std::uint32_t word = spread(id);
    low[code] = static_cast<std::uint8_t>(word);
    high[code] = static_cast<std::uint8_t>(word >> 8 | (id >= kFew ? kBeyond : 0));
    used[code >> 4] = true;
  }
  for (std::uint8_t group = 0; group < used.size(); ++group) {
    if (used[group]) groups[group_count++] = group;
  }
}

TriplesDone TripleCounts::add(Bytes codes, std::uint32_t* pairs) {
  if (counters_.empty()) counters_ = Zeroed<std::uint32_t>(TripleTables::kSize);
  const TriplesDone counted = kernel_(codes, ids_, counters_.data(), pairs);
  steps_ += (counted.done - counted.as_pairs) / 2;
  slow_ += counted.slow;
  crowded_ = crowded_ || counted.crowded;
  return counted;
}

void TripleCounts::number(Bytes codes) {
  std::array<std::uint32_t, 256> counts{};
  for (const std::uint8_t code : codes) ++counts[code];
  // What is rarer costs less as pairs than it costs to take its triples apart.
  const auto least = static_cast<std::uint32_t>(2 + codes.size() / 8192);
  std::vector<std::uint8_t> order;
  for (std::uint32_t code = 0; code < counts.size(); ++code) {
    if (counts[code] >= least) order.push_back(static_cast<std::uint8_t>(code));
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint8_t a, std::uint8_t b) { return counts[a] > counts[b]; });
  if (order.size() > TripleIds::kMost) order.resize(TripleIds::kMost);
  ids_ = TripleIds(order);
  slow_ = 0;
  patience_ = std::max(kFirstPatience, 4 * patience_);
}

void TripleCounts::move_to(std::span<std::int64_t> pairs) {
  take_apart(counters_.data(), ids_.codes, pairs);
  if (crowded_) {
    const auto few = std::span(ids_.codes).first(std::min(ids_.codes.size(), TripleIds::kFew));
    for (std::size_t table = 1; table < TripleTables::kTables; ++table) {
      take_apart(counters_.data() + TripleTables::begin(table), few, pairs);
    }
  }
  counters_ = {};
  crowded_ = false;
  steps_ = 0;
}

}  // namespace makemore
