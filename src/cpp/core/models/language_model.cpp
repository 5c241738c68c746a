// Decodes words for the model, and adds up the scores of symbols.
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

}  // namespace makemore
