// Decodes words for the model, and adds up the scores of symbols.
#include "models/language_model.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "text/utf8.hpp"

namespace makemore {

void LanguageModel::in_batches(
    Text packed, const Poll& poll,
    const std::function<void(std::span<const std::uint32_t>)>& use) const {
  const std::size_t enough = batch();
  std::vector<std::uint32_t> ids;
  const std::uint8_t* p = packed.bytes.data();
  const std::uint8_t* const end = p + packed.bytes.size();
  while (p < end) {
    ids.clear();
    while (p < end) {
      if (*p == kWordEnd) {
        ids.push_back(0);
        ++p;
        if (ids.size() >= enough) break;
        continue;
      }
      ids.push_back(inner_id(alphabet_, decode_valid(p)));
    }
    use(ids);
    if (poll) poll();
  }
}

template <class Use>
void LanguageModel::with_logs(Text packed, const Poll& poll, Use&& use) const {
  std::vector<double> logs;
  in_batches(packed, poll, [&](std::span<const std::uint32_t> ids) {
    logs.resize(ids.size());
    log_probabilities(ids, logs.data());
    use(ids, std::span<const double>(logs));
  });
}

void LanguageModel::score(Text packed, std::vector<double>& scores, const Poll& poll) const {
  with_logs(packed, poll, [&](auto ids, auto logs) {
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
  with_logs(packed, poll, [&](auto ids, auto logs) {
    const auto before = static_cast<std::int64_t>(scores.values.size());
    scores.values.insert(scores.values.end(), logs.begin(), logs.end());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] == 0) scores.offsets.push_back(before + static_cast<std::int64_t>(i) + 1);
    }
  });
}

void LanguageModel::evaluate(Text packed, std::span<const std::int64_t> times,
                             Evaluation& evaluation, const Poll& poll) const {
  const std::uint32_t unknown = alphabet_.unknown();
  std::size_t word = 0;  // of this text
  with_logs(packed, poll, [&](auto ids, auto logs) {
    std::size_t begin = 0;
    for (std::size_t end = 0; end < ids.size(); ++end) {
      if (ids[end] != 0) continue;
      const std::int64_t weight = times.empty() ? 1 : times[word++];
      const std::size_t first = begin;
      begin = end + 1;
      if (weight == 0) {
        ++evaluation.seen;
        continue;
      }
      double all = 0;
      double known = 0;
      std::int64_t known_symbols = 0;
      std::int64_t unknown_symbols = 0;
      Evaluation::First impossible;
      Evaluation::First foreign;
      for (std::size_t i = first; i <= end; ++i) {
        const bool is_unknown = ids[i] == kUnknown || ids[i] == unknown;
        const bool is_possible = logs[i] != -std::numeric_limits<double>::infinity();
        const Evaluation::First here{evaluation.seen, static_cast<std::int64_t>(i - first)};
        all += logs[i];
        if (is_unknown) {
          if (unknown_symbols++ == 0) foreign = here;
        } else if (is_possible) {
          known += logs[i];
          ++known_symbols;
        }
        if (!is_possible && impossible.word < 0) impossible = here;
      }
      const auto size = static_cast<std::int64_t>(end - first) + 1;
      ++evaluation.seen;
      evaluation.words.add(weight);
      evaluation.all.add(all, size, weight);
      evaluation.known.add(known, known_symbols, weight);
      if (impossible.word < 0) {
        evaluation.possible.add(all, size, weight);
      } else {
        evaluation.impossible_words.add(weight);
        if (evaluation.impossible.word < 0) evaluation.impossible = impossible;
      }
      if (unknown_symbols > 0) {
        evaluation.unknown_words.add(weight);
        evaluation.unknown_symbols.add(unknown_symbols, weight);
        if (evaluation.unknown.word < 0) evaluation.unknown = foreign;
      }
    }
  });
}

}  // namespace makemore
