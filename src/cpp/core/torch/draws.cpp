// The two ways in which torch.multinomial draws.
#include "torch/draws.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace makemore {
namespace {

constexpr double kUnit = 0x1p-53;

// torch's p / q, where q is the exponential made of two outputs.
float ratio(float p, const std::uint32_t* draw) {
  const double u = static_cast<double>(torch_bits(draw[0], draw[1])) * kUnit;
  return p / static_cast<float>(-std::log1p(-u));
}

// As torch does it: every quotient, and a NaN (0 / 0) counts as the largest.
std::uint32_t largest_of_all(std::span<const float> p, const std::uint32_t* draws) {
  std::uint32_t best = 0;
  float largest = -1;
  for (std::uint32_t i = 0; i < p.size(); ++i) {
    const float other = ratio(p[i], draws + 2 * std::size_t{i});
    if (std::isnan(other)) return i;
    if (other > largest) {
      largest = other;
      best = i;
    }
  }
  return best;
}

}  // namespace

void torch_running_sums(std::span<const float> p, std::span<float> sums) {
  float sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sums[i] = sum += p[i];
  if (sum > 0) {
    for (float& s : sums) s /= sum;
  }
  sums.back() = 1;
}

std::uint32_t torch_by_sums(std::span<const float> sums, std::uint64_t bits) {
  const double u = static_cast<double>(bits) * kUnit;
  const auto found = std::lower_bound(sums.begin(), sums.end(), u,
                                      [](float sum, double wanted) { return sum < wanted; });
  return static_cast<std::uint32_t>(found - sums.begin());
}

void TorchGuide::write(std::span<const float> sums, std::uint8_t* symbols) {
  constexpr unsigned shift = 53 - kBits;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    const std::uint32_t first = torch_by_sums(sums, std::uint64_t{slot} << shift);
    const std::uint32_t last = torch_by_sums(sums, (std::uint64_t{slot + 1} << shift) - 1);
    symbols[slot] =
        first == last && first < kUndecided ? static_cast<std::uint8_t>(first) : kUndecided;
  }
}

void torch_limits(std::span<const float> p, std::span<float> limits) {
  constexpr float least = 1e-30F;
  std::transform(p.begin(), p.end(), limits.begin(), [&](float x) { return std::max(x, least); });
}

// Few symbols can win: u <= -log(1 - u), so p / q is at most p divided by the 21 high bits
// of u (scaled). The logarithm is taken for the symbol whose bound is the largest, and for
// those whose bound is not below its p / q; bounds are floats above zero, which compare
// like their bits.
std::uint32_t torch_by_exponentials(std::span<const float> p, const float* limits,
                                    const std::uint32_t* draws, std::int32_t* bounds) {
  const std::size_t v = p.size();
  std::int32_t most = 0;
  for (std::size_t i = 0; i < v; ++i) {
    const auto high = static_cast<std::int32_t>(torch_bits(draws[2 * i], 0) >> 32);
    bounds[i] = std::bit_cast<std::int32_t>(limits[i] / static_cast<float>(high));
    most = std::max(most, bounds[i]);
  }
  constexpr std::int32_t infinite = 0x7F800000;
  if (most >= infinite) return largest_of_all(p, draws);  // a uniform number near zero

  auto best = static_cast<std::uint32_t>(std::find(bounds, bounds + v, most) - bounds);
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

}  // namespace makemore
