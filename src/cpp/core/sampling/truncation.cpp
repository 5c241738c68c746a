// Keeps the most likely symbols, and raises probabilities to a power.
#include "sampling/truncation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/error.hpp"

namespace makemore {

void check_truncation(const Truncation& truncation) {
  if (!(truncation.temperature >= 0) ||
      truncation.temperature == std::numeric_limits<double>::infinity()) {
    throw Error("temperature must be a number from 0 up");
  }
}

void truncate(const Truncation& truncation, std::span<double> probabilities) {
  const std::size_t keep = truncation.kept(probabilities.size());
  const double most = *std::max_element(probabilities.begin(), probabilities.end());
  if (most == 0 || truncation.plain(probabilities.size())) return;
  if (keep < probabilities.size()) {
    std::vector<std::size_t> order(probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return probabilities[a] > probabilities[b];
    });
    for (std::size_t i = keep; i < order.size(); ++i) probabilities[order[i]] = 0;
  }
  if (truncation.temperature != 0 && truncation.temperature != 1) {
    for (double& p : probabilities) {
      if (p > 0) p = std::pow(p / most, 1 / truncation.temperature);  // the largest stays 1
    }
  }
  const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  for (double& p : probabilities) p /= sum;
}

void leave_out(std::size_t symbol, std::span<double> probabilities) {
  probabilities[symbol] = 0;
  const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  if (sum == 0) return;
  for (double& p : probabilities) p /= sum;
}

}  // namespace makemore
