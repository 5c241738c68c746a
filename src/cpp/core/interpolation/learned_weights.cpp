// A weight becomes the mean share that its model has in the words' probabilities.
#include "interpolation/learned_weights.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace makemore {

std::vector<double> learned_weights(const WeightedPositions& positions, std::vector<double> start,
                                    const Poll& poll) {
  constexpr int most_steps = 10'000;
  constexpr double least_gain = 1e-10;
  const std::size_t k = positions.models;
  const std::size_t n = positions.times.size();
  Pace pace(poll);
  // Probabilities as parts of the likeliest model's, so that none is too small.
  std::vector<double> parts(positions.logs);
  double symbols = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = std::span(parts).subspan(i * k, k);
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t m = 0; m < k; ++m) {
      if (start[m] > 0) most = std::max(most, row[m]);
    }
    for (std::size_t m = 0; m < k; ++m) row[m] = start[m] > 0 ? std::exp(row[m] - most) : 0;
    symbols += positions.times[i];
    pace.step(16 * k);
  }
  if (!(symbols > 0)) return start;
  std::vector<double> weights = std::move(start);
  double before = -std::numeric_limits<double>::infinity();
  for (int step = 0; step < most_steps; ++step) {
    std::vector<double> shares(k);
    double total = 0;  // but for what does not depend on the weights
    for (std::size_t i = 0; i < n; ++i) {
      const double* const row = &parts[i * k];
      double sum = 0;
      for (std::size_t m = 0; m < k; ++m) sum += weights[m] * row[m];
      const double part = positions.times[i] / sum;
      for (std::size_t m = 0; m < k; ++m) shares[m] += part * row[m];
      total += positions.times[i] * std::log(sum);
      pace.step(8 + 4 * k);
    }
    if (total - before < least_gain * symbols) break;
    before = total;
    for (std::size_t m = 0; m < k; ++m) weights[m] *= shares[m] / symbols;
  }
  return weights;
}

}  // namespace makemore
