// Keeps the most likely symbols, and raises probabilities to a power.
#include "sampling/truncation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/error.hpp"

namespace makemore {
namespace {

// The places of the probabilities, the most likely first; of equals the first.
std::vector<std::size_t> ranked(std::span<const double> probabilities) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] > probabilities[b];
  });
  return order;
}

// How many of the ranked probabilities have this share of their sum together: at least one.
std::size_t with_share(double share, std::span<const double> probabilities,
                       std::span<const std::size_t> order) {
  const double wanted = share * std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  double sum = 0;
  std::size_t n = 0;
  do {
    sum += probabilities[order[n++]];
  } while (n < order.size() && sum < wanted);
  return n;
}

}  // namespace

void check_truncation(const Truncation& truncation) {
  if (!(truncation.temperature >= 0) ||
      truncation.temperature == std::numeric_limits<double>::infinity()) {
    throw Error("temperature must be a number from 0 up");
  }
  if (!(truncation.top_p > 0 && truncation.top_p <= 1)) {
    throw Error("top_p must be a number above 0 and up to 1");
  }
  if (!(truncation.min_p >= 0 && truncation.min_p <= 1)) {
    throw Error("min_p must be a number from 0 to 1");
  }
}

void truncate(const Truncation& truncation, std::span<double> probabilities,
              std::span<const double> ranks) {
  const std::size_t keep = truncation.kept(probabilities.size());
  const double most = *std::max_element(probabilities.begin(), probabilities.end());
  if (most == 0 || truncation.plain(probabilities.size())) return;
  std::vector<std::size_t> order;
  if (truncation.cuts(probabilities.size())) order = ranked(ranks.empty() ? probabilities : ranks);
  const auto keep_first = [&](std::size_t n) {
    for (std::size_t i = n; i < order.size(); ++i) probabilities[order[i]] = 0;
  };
  keep_first(keep);
  if (truncation.temperature != 0 && truncation.temperature != 1) {
    for (double& p : probabilities) {
      if (p > 0) p = std::pow(p / most, 1 / truncation.temperature);  // the largest stays 1
    }
  }
  if (truncation.top_p < 1) keep_first(with_share(truncation.top_p, probabilities, order));
  if (truncation.min_p > 0) {
    const double least = truncation.min_p * probabilities[order[0]];
    for (double& p : probabilities) {
      if (p < least) p = 0;
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
