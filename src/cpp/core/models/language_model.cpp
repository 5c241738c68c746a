// Decodes words for the model, adds up the scores of symbols, and reshapes distributions.
#include "models/language_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "text/utf8.hpp"

namespace makemore {

// Calls use(ids, log-probabilities) with whole words, about 16,000 symbols at a time.
template <class Use>
void LanguageModel::in_batches(Text packed, const Poll& poll, Use&& use) const {
  const std::size_t batch = std::max<std::size_t>(256, (std::size_t{1} << 14) / (1 + size() / 256));
  std::vector<std::uint32_t> ids;
  std::vector<double> logs;
  const std::uint8_t* p = packed.bytes.data();
  const std::uint8_t* const end = p + packed.bytes.size();
  while (p < end) {
    ids.clear();
    while (p < end) {
      if (*p == kWordEnd) {
        ids.push_back(0);
        ++p;
        if (ids.size() >= batch) break;
        continue;
      }
      ids.push_back(inner_id(alphabet_, decode_valid(p)));
    }
    logs.resize(ids.size());
    log_probabilities(ids, logs.data());
    use(std::span<const std::uint32_t>(ids), std::span<const double>(logs));
    if (poll) poll();
  }
}

void LanguageModel::score(Text packed, std::vector<double>& scores, const Poll& poll) const {
  in_batches(packed, poll, [&](auto ids, auto logs) {
    double sum = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      sum += logs[i];
      if (ids[i] != 0) continue;
      scores.push_back(sum);
      sum = 0;
    }
  });
}

void LanguageModel::score_symbols(Text packed, SymbolScores& scores, const Poll& poll) const {
  in_batches(packed, poll, [&](auto ids, auto logs) {
    const auto before = static_cast<std::int64_t>(scores.values.size());
    scores.values.insert(scores.values.end(), logs.begin(), logs.end());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] == 0) scores.offsets.push_back(before + static_cast<std::int64_t>(i) + 1);
    }
  });
}

void check_shape(const Shape& shape) {
  if (!(shape.temperature >= 0) || shape.temperature == std::numeric_limits<double>::infinity()) {
    throw Error("temperature must be a number from 0 up");
  }
}

void reshape(const Shape& shape, std::span<double> probabilities) {
  const std::size_t keep = shape.temperature == 0 ? 1 : shape.top_k;
  const double most = *std::max_element(probabilities.begin(), probabilities.end());
  if (most == 0 || shape.plain(probabilities.size())) return;
  if (keep != 0 && keep < probabilities.size()) {
    std::vector<std::size_t> order(probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return probabilities[a] > probabilities[b];
    });
    for (std::size_t i = keep; i < order.size(); ++i) probabilities[order[i]] = 0;
  }
  if (shape.temperature != 0 && shape.temperature != 1) {
    for (double& p : probabilities) {
      if (p > 0) p = std::pow(p / most, 1 / shape.temperature);  // the largest stays 1
    }
  }
  const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  for (double& p : probabilities) p /= sum;
}

}  // namespace makemore
