// The two ways to draw, and the loop.
#include "core/torch_sampler.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace makemore {
namespace {

constexpr unsigned kGuideBits = 10;
constexpr std::uint8_t kUndecided = 0xFF;  // or a symbol beyond
constexpr double kUnit = 0x1p-53;
constexpr std::uint32_t kHighMask = (1U << 21) - 1;  // what of the high word is in 53 bits
constexpr std::size_t kPollAfter = 1 << 20;          // outputs of the generator

constexpr std::uint64_t bits_of(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high & kHighMask} << 32 | low;
}

constexpr std::size_t slot_of(std::uint32_t high) {
  return (high & kHighMask) >> (21 - kGuideBits);
}

// torch's p / q, where q is the exponential made of two outputs.
float ratio(float p, const std::uint32_t* draw) {
  const double u = static_cast<double>(bits_of(draw[0], draw[1])) * kUnit;
  return p / static_cast<float>(-std::log1p(-u));
}

}  // namespace

std::vector<float> torch_probabilities(const Bigrams& counts, double smoothing) {
  const std::size_t v = counts.alphabet().size();
  const float k = static_cast<float>(smoothing);
  std::vector<float> p(v * v, k);
  for (const Cell& cell : counts.cells()) {
    p[cell.first * v + cell.second] = static_cast<float>(cell.count) + k;
  }
  for (std::size_t row = 0; row < v; ++row) {
    const auto cells = std::span(p).subspan(row * v, v);
    double exact = 0;
    for (const float cell : cells) exact += cell;
    const float sum = static_cast<float>(exact);
    if (!std::isfinite(sum)) throw Error("smoothing is too large for torch's float32");
    if (sum == 0) continue;
    for (float& cell : cells) cell /= sum;
  }
  return p;
}

TorchSampler::TorchSampler(const Bigrams& counts, double smoothing, TorchEra era)
    : alphabet_(counts.alphabet()), era_(era), p_(torch_probabilities(counts, smoothing)) {
  if (alphabet_.size() > 0x10000) throw Error("the alphabet is too large for TorchRNG");
  if (era_ == TorchEra::running_sums) {
    add_up();
  } else {
    // A quotient by up to 2^21 shall neither be zero nor slow (subnormal).
    constexpr float least = 1e-30F;
    limits_.resize(p_.size());
    std::transform(p_.begin(), p_.end(), limits_.begin(),
                   [&](float p) { return std::max(p, least); });
  }
}

void TorchSampler::add_up() {
  const std::size_t v = alphabet_.size();
  sums_.resize(v * v);
  guide_.resize(v << kGuideBits);
  for (std::size_t row = 0; row < v; ++row) {
    const auto sums = std::span(sums_).subspan(row * v, v);
    float sum = 0;
    for (std::size_t i = 0; i < v; ++i) sums[i] = sum += p_[row * v + i];
    if (sum > 0) {
      for (float& s : sums) s /= sum;
    }
    sums.back() = 1;
    for (std::size_t slot = 0; slot < std::size_t{1} << kGuideBits; ++slot) {
      constexpr unsigned shift = 53 - kGuideBits;
      const std::uint32_t first = search(row, std::uint64_t{slot} << shift);
      const std::uint32_t last = search(row, (std::uint64_t{slot + 1} << shift) - 1);
      guide_[(row << kGuideBits) + slot] =
          first == last && first < kUndecided ? static_cast<std::uint8_t>(first) : kUndecided;
    }
  }
}

std::uint32_t TorchSampler::search(std::size_t row, std::uint64_t bits) const {
  const double u = static_cast<double>(bits) * kUnit;
  const auto sums = std::span(sums_).subspan(row * alphabet_.size(), alphabet_.size());
  const auto found = std::lower_bound(sums.begin(), sums.end(), u,
                                      [](float sum, double wanted) { return sum < wanted; });
  return static_cast<std::uint32_t>(found - sums.begin());
}

inline std::uint32_t TorchSampler::draw_by_sums(std::size_t row, std::uint32_t high,
                                                std::uint32_t low) const {
  const std::uint8_t symbol = guide_[(row << kGuideBits) + slot_of(high)];
  return symbol != kUndecided ? symbol : search(row, bits_of(high, low));
}

// Few symbols can win: u <= -log(1 - u), so p / q is at most p divided by the 21 high bits
// of u (scaled). The logarithm is taken for the symbol whose bound is the largest, and for
// those whose bound is not below its p / q; bounds are floats above zero, which compare
// like their bits.
std::uint32_t TorchSampler::draw_by_exponentials(std::size_t row, const std::uint32_t* draws,
                                                 std::span<std::int32_t> bounds) const {
  const std::size_t v = bounds.size();
  const float* const limits = &limits_[row * v];
  const float* const p = &p_[row * v];
  std::int32_t most = 0;
  for (std::size_t i = 0; i < v; ++i) {
    const auto high = static_cast<std::int32_t>(draws[2 * i] & kHighMask);
    bounds[i] = std::bit_cast<std::int32_t>(limits[i] / static_cast<float>(high));
    most = std::max(most, bounds[i]);
  }
  constexpr std::int32_t infinite = 0x7F800000;
  if (most >= infinite) return largest_of_all(row, draws);  // a uniform number near zero

  auto best = static_cast<std::uint32_t>(
      std::find(bounds.begin(), bounds.end(), most) - bounds.begin());
  float largest = ratio(p[best], draws + 2 * best);
  constexpr float cautious = 1 - 1e-6F;  // more than the roundings of both sides together
  const auto least = std::bit_cast<std::int32_t>(largest * (0x1p-21F * cautious));
  const std::uint32_t first = best;
  for (std::uint32_t i = 0; i < v; ++i) {
    if (bounds[i] < least || i == first) continue;
    const float other = ratio(p[i], draws + 2 * i);
    if (other > largest || (other == largest && i < best)) {
      largest = other;
      best = i;
    }
  }
  return best;
}

// As torch does it: every quotient, and a NaN (0 / 0) counts as the largest.
std::uint32_t TorchSampler::largest_of_all(std::size_t row, const std::uint32_t* draws) const {
  const std::size_t v = alphabet_.size();
  std::uint32_t best = 0;
  float largest = -1;
  for (std::uint32_t i = 0; i < v; ++i) {
    const float other = ratio(p_[row * v + i], draws + 2 * std::size_t{i});
    if (std::isnan(other)) return i;
    if (other > largest) {
      largest = other;
      best = i;
    }
  }
  return best;
}

// Words without prefix and limit, by running sums: no branch depends on where a word ends.
template <class Id>
void TorchSampler::draw_free_by_sums(Mt19937& generator, std::size_t words,
                                     SampledWords<Id>& out, const Poll& poll) const {
  std::vector<std::uint32_t> spare;
  out.offsets.resize(words + 1);
  const std::uint8_t* const guide = guide_.data();  // no store through ids can change it
  std::size_t at = 0;
  std::size_t word = 0;
  std::size_t state = 0;
  for (std::size_t blocks = 1; word < words; ++blocks) {
    const std::span<const std::uint32_t> rest = generator.rest();
    const bool parted = rest.size() == 1;  // a pair of outputs that lies in two blocks
    const std::uint32_t* const draws = parted ? generator.take(2, spare) : rest.data();
    const std::size_t pairs = parted ? 1 : rest.size() / 2;
    if (out.ids.size() < at + pairs) out.ids.resize(2 * (at + pairs));
    Id* const ids = out.ids.data();
    std::int64_t* const offsets = out.offsets.data();
    std::size_t i = 0;
    for (; i < pairs && word < words; ++i) {
      const std::uint32_t high = draws[2 * i];
      const std::uint8_t symbol = guide[(state << kGuideBits) + slot_of(high)];
      state = symbol != kUndecided ? symbol : search(state, bits_of(high, draws[2 * i + 1]));
      ids[at] = static_cast<Id>(state);
      at += state != 0;
      offsets[word + 1] = static_cast<std::int64_t>(at);  // overwritten until the word ends
      word += state == 0;
    }
    if (!parted) generator.advance(2 * i);
    if (blocks % (kPollAfter / Mt19937::kBlock) == 0) poll();
  }
  out.ids.resize(at);
  out.offsets[0] = 0;
}

template <class Id>
SampledWords<Id> TorchSampler::sample(Mt19937& generator, const SampleRequest& request,
                                      const Poll& poll) const {
  SampledWords<Id> out;
  const std::vector<std::uint32_t>& prefix = request.prefix;
  const std::size_t limit = request.max_length == 0 ? SIZE_MAX : request.max_length;
  const bool by_sums = era_ == TorchEra::running_sums;
  if (by_sums && prefix.empty() && limit == SIZE_MAX) {
    draw_free_by_sums(generator, request.words, out, poll);
    return out;
  }
  const std::size_t outputs = by_sums ? 2 : 2 * alphabet_.size();
  std::vector<std::uint32_t> spare;
  std::vector<std::int32_t> bounds(alphabet_.size());
  std::size_t since_poll = 0;
  const auto count = [&](std::size_t more) {
    if ((since_poll += more) < kPollAfter) return;
    poll();
    since_poll = 0;
  };
  out.offsets.reserve(request.words + 1);
  out.offsets.push_back(0);
  for (std::size_t word = 0; word < request.words; ++word) {
    const std::size_t begin = out.ids.size();
    for (const std::uint32_t id : prefix) out.ids.push_back(static_cast<Id>(id));
    std::uint32_t state = prefix.empty() ? 0 : prefix.back();
    count(prefix.size() + 1);
    while (out.ids.size() - begin < limit) {
      count(outputs);
      const std::uint32_t* const draws = generator.take(outputs, spare);
      state = by_sums ? draw_by_sums(state, draws[0], draws[1])
                      : draw_by_exponentials(state, draws, bounds);
      if (state == 0) break;
      out.ids.push_back(static_cast<Id>(state));
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
  }
  return out;
}

template SampledWords<std::uint8_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                         const Poll&) const;
template SampledWords<std::uint16_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                          const Poll&) const;
template SampledWords<std::uint32_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                          const Poll&) const;

}  // namespace makemore
