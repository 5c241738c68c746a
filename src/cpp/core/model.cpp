// Smoothing and scoring.
#include "core/model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/sampler.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

BigramModel::BigramModel(const Bigrams& counts, double smoothing) : LanguageModel(counts.alphabet()) {
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
      const std::uint32_t id = alphabet().id(decode_valid(p));
      if (id == 0) {
        const std::uint8_t* const word_end = std::find(p, end, kWordEnd);
        throw Error("word", std::ssize(scores),
                    ": " + quoted({word, word_end}) + " contains the boundary '" +
                        to_utf8(alphabet().boundary()) + "'");
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

double BigramModel::log_likelihood(const Bigrams& counts) const {
  if (counts.alphabet().boundary() != alphabet().boundary()) {
    throw Error("the words have the boundary '" + to_utf8(counts.alphabet().boundary()) +
                "', the model has '" + to_utf8(alphabet().boundary()) + "'");
  }
  const std::span<const char32_t> symbols = counts.alphabet().symbols();
  std::vector<std::uint32_t> ids(symbols.size());
  for (std::size_t i = 1; i < symbols.size(); ++i) ids[i] = alphabet().id(symbols[i]);
  double sum = 0;
  for (const Cell& cell : counts.cells()) {
    const std::uint32_t first = ids[cell.first];
    const std::uint32_t second = ids[cell.second];
    if (first == kUnknown || second == kUnknown) return -kInfinity;
    sum += static_cast<double>(cell.count) * logs_[first * size() + second];
  }
  return sum;
}

void BigramModel::log_probabilities(std::span<const std::uint32_t> ids, double* out) const {
  std::size_t state = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == kUnknown) {
      out[i] = -kInfinity;
      continue;
    }
    out[i] = logs_[state * size() + ids[i]];
    state = ids[i];
  }
}

std::vector<double> BigramModel::next(std::span<const std::uint32_t> prefix) const {
  const std::size_t state = prefix.empty() ? 0 : prefix.back();
  const auto row = probabilities().subspan(state * size(), size());
  return {row.begin(), row.end()};
}

std::shared_ptr<const WordSampler> BigramModel::sampler(const Shape& shape) const {
  return std::make_shared<BigramSampler>(alphabet(), reshaped(shape));
}

std::vector<double> BigramModel::reshaped(const Shape& shape) const {
  check_shape(shape);
  std::vector<double> result = probabilities_;
  for (std::size_t a = 0; a < size(); ++a) {
    reshape(shape, std::span(result).subspan(a * size(), size()));
  }
  return result;
}

}  // namespace makemore
