// Smoothing, scoring and reshaping.
#include "core/model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void normalise(std::span<double> row) {
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  if (sum > 0) {
    for (double& p : row) p /= sum;
  }
}

// Zeroes all but the k largest; of equals the lower id stays.
void keep_top(std::span<double> row, std::size_t k) {
  if (k >= row.size()) return;
  std::vector<std::size_t> order(row.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return row[a] > row[b]; });
  for (std::size_t i = k; i < order.size(); ++i) row[order[i]] = 0;
}

}  // namespace

BigramModel::BigramModel(const Bigrams& counts, double smoothing) : alphabet_(counts.alphabet()) {
  if (!(smoothing >= 0) || smoothing == kInfinity) {
    throw Error("smoothing must be a number from 0 up");
  }
  if (counts.total() == 0) throw Error("there are no words to make a model of");
  const std::size_t v = size();
  std::vector<std::int64_t> sums(v);
  for (const Cell& cell : counts.cells()) sums[cell.first] += cell.count;
  // Dividing through by a huge k keeps k V finite; below that it would only cost digits.
  const double scale = smoothing > 1e100 ? smoothing : 1;
  const double k = smoothing / scale;
  const auto of_row = [&](std::size_t a) {
    return static_cast<double>(sums[a]) / scale + k * static_cast<double>(v);
  };
  probabilities_.resize(v * v);
  for (std::size_t a = 0; a < v; ++a) {
    if (of_row(a) > 0) {
      std::fill_n(probabilities_.begin() + static_cast<std::ptrdiff_t>(a * v), v, k / of_row(a));
    }
  }
  for (const Cell& cell : counts.cells()) {
    probabilities_[cell.first * v + cell.second] =
        (static_cast<double>(cell.count) / scale + k) / of_row(cell.first);
  }
  logs_.resize(v * v);
  std::transform(probabilities_.begin(), probabilities_.end(), logs_.begin(),
                 [](double p) { return p > 0 ? std::log(p) : -kInfinity; });
}

void BigramModel::score(Text packed, std::vector<double>& scores, const Poll& poll) const {
  constexpr std::ptrdiff_t poll_after = std::ptrdiff_t{1} << 22;  // bytes
  const std::size_t v = size();
  std::size_t state = 0;
  double sum = 0;
  const std::uint8_t* p = packed.bytes.data();
  const std::uint8_t* const end = p + packed.bytes.size();
  const std::uint8_t* word = p;
  while (p < end) {
    const std::uint8_t* const stop = p + std::min(end - p, poll_after);
    while (p < stop) {
      if (*p == kWordEnd) {
        scores.push_back(sum + logs_[state * v]);
        state = 0;
        sum = 0;
        word = ++p;
        continue;
      }
      const std::uint32_t id = alphabet_.id(decode_valid(p));
      if (id == 0) {
        const std::uint8_t* const word_end = std::find(p, end, kWordEnd);
        throw Error("word " + std::to_string(scores.size()) + ": " + quoted({word, word_end}) +
                    " contains the boundary '" + to_utf8(alphabet_.boundary()) + "'");
      }
      if (id == kUnknown) {
        sum = -kInfinity;
      } else {
        sum += logs_[state * v + id];
        state = id;
      }
    }
    if (poll) poll();
  }
}

double BigramModel::nll(const Bigrams& counts) const {
  if (counts.alphabet().boundary() != alphabet_.boundary()) {
    throw Error("the words have the boundary '" + to_utf8(counts.alphabet().boundary()) +
                "', the model has '" + to_utf8(alphabet_.boundary()) + "'");
  }
  const std::span<const char32_t> symbols = counts.alphabet().symbols();
  std::vector<std::uint32_t> ids(symbols.size());
  for (std::size_t i = 1; i < symbols.size(); ++i) ids[i] = alphabet_.id(symbols[i]);
  double sum = 0;
  for (const Cell& cell : counts.cells()) {
    const std::uint32_t first = ids[cell.first];
    const std::uint32_t second = ids[cell.second];
    if (first == kUnknown || second == kUnknown) return kInfinity;
    sum -= static_cast<double>(cell.count) * logs_[first * size() + second];
  }
  return sum / static_cast<double>(counts.total());
}

std::vector<double> BigramModel::reshaped(double temperature, std::size_t top_k) const {
  if (!(temperature >= 0) || temperature == kInfinity) {
    throw Error("temperature must be a number from 0 up");
  }
  std::vector<double> result = probabilities_;
  const bool untouched = temperature == 1.0 && (top_k == 0 || top_k >= size());
  if (untouched) return result;
  for (std::size_t a = 0; a < size(); ++a) {
    const std::span<double> row = std::span(result).subspan(a * size(), size());
    const double most = *std::max_element(row.begin(), row.end());
    if (most == 0) continue;
    keep_top(row, temperature == 0 ? 1 : top_k == 0 ? size() : top_k);
    if (temperature != 0 && temperature != 1.0) {
      for (double& p : row) {
        if (p > 0) p = std::pow(p / most, 1 / temperature);  // the largest stays 1
      }
    }
    normalise(row);
  }
  return result;
}

}  // namespace makemore
