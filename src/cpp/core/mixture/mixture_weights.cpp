// Learns the weights by gradient steps.
#include "mixture/mixture_weights.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/prefetch.hpp"
#include "mixture/fast_math.hpp"
#include "mixture/float_rows.hpp"
#include "sampling/philox.hpp"

namespace makemore {
namespace {

constexpr float kRate = 0.002F;
constexpr float kLastRate = 0.02F * kRate;
constexpr std::size_t kOutcomesAhead = 24;  // steps
constexpr std::size_t kRowsAhead = 8;

// Fisher-Yates with Philox: the order depends on the seed and the pass alone.
void shuffle(std::vector<std::uint32_t>& order, std::uint64_t seed, std::uint32_t pass,
             Pace& pace) {
  for (std::size_t i = order.size(); i > 1; --i) {
    const auto n = static_cast<std::uint32_t>(i);
    const PhiloxBlock draw = philox4x32({n, 0, pass, 1}, seed);
    std::swap(order[i - 1], order[std::uint64_t{draw[0]} * n >> 32]);
    pace.step(32);
  }
}

}  // namespace

MixtureWeights::MixtureWeights(std::span<const std::size_t> buckets) {
  const std::size_t chains = buckets.size();
  first_bucket_ = {(1 + kPositions) * (chains + 1)};
  for (const std::size_t of_chain : buckets) {
    first_bucket_.push_back(first_bucket_.back() + of_chain);
  }
  values_.resize(first_bucket_.back());
  std::fill_n(values_.begin(), chains, 1 / static_cast<float>(chains));
}

void learn(MixtureWeights& weights, const Lesson& lesson, unsigned passes, std::uint64_t seed,
           const Poll& poll) {
  const std::size_t chains = weights.chains();
  const std::size_t stride = row_stride(lesson.symbols);
  const std::size_t n = lesson.positions.size();
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::vector<float> z(stride);
  std::vector<float> p(stride);
  std::vector<const float*> rows(chains);
  Pace pace(poll);
  const auto row_of = [&](std::size_t m, const Lesson::Outcome& outcome) {
    return lesson.rows[m].data() + outcome.row * stride;
  };

  const auto steps = static_cast<float>(passes) * static_cast<float>(n);
  for (std::uint32_t pass = 0; pass < passes; ++pass) {
    shuffle(order, seed, pass, pace);
    for (std::size_t i = 0; i < n; ++i) {
      pace.step((chains + 1) * (stride + 16));
      // What is needed soon is asked for now; the order is random, so nothing else would.
      if (i + kOutcomesAhead < n) {
        const std::size_t at = order[i + kOutcomesAhead];
        prefetch_all(&lesson.positions[at], 1);
        prefetch_all(&lesson.outcomes[at * chains], chains);
      }
      if (i + kRowsAhead < n) {
        const Lesson::Outcome* const next = &lesson.outcomes[order[i + kRowsAhead] * chains];
        for (std::size_t m = 0; m < chains; ++m) prefetch_all(row_of(m, next[m]), stride);
      }

      const std::size_t at = order[i];
      const auto [symbol, t] = lesson.positions[at];
      const Lesson::Outcome* const outcomes = &lesson.outcomes[at * chains];
      clear_row(z.data(), lesson.symbols);
      for (std::size_t m = 0; m < chains; ++m) {
        const float a = weights.of_chain(t, m, outcomes[m].bucket);
        rows[m] = row_of(m, outcomes[m]);
        add_scaled(z.data(), a, rows[m], stride);
      }
      z[0] += weights.of_end(t);
      const float most = largest(z.data(), stride);
      for (std::size_t c = 0; c < stride; ++c) p[c] = fast_exp(z[c] - most);
      const float scale = 1 / sum(p.data(), stride);
      const float done =
          (static_cast<float>(pass) * static_cast<float>(n) + static_cast<float>(i)) / steps;
      const float rate = kRate + (kLastRate - kRate) * done;
      for (std::size_t m = 0; m < chains; ++m) {
        const float gradient = rows[m][symbol] - scale * dot(p.data(), rows[m], stride);
        weights.move_chain(t, m, outcomes[m].bucket, rate * gradient);
      }
      weights.move_end(t, rate * ((symbol == 0 ? 1.0F : 0.0F) - scale * p[0]));
    }
  }
}

}  // namespace makemore
