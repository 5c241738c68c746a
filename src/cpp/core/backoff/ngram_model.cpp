// Scores words by walking from context to context.
#include "backoff/ngram_model.hpp"

#include <algorithm>
#include <string>

#include "backoff/ngram_cursor.hpp"
#include "backoff/ngram_sampler.hpp"
#include "backoff/tempering.hpp"
#include "backoff/truncated_sampler.hpp"
#include "backoff/word_walks.hpp"
#include "base/error.hpp"
#include "text/quoted.hpp"

namespace makemore {

NgramModel::NgramModel(Alphabet alphabet, Backoff backoff)
    : LanguageModel(std::move(alphabet)),
      backoff_(std::make_shared<const Backoff>(std::move(backoff))) {}

void NgramModel::log_probabilities(std::span<const std::uint32_t> ids, double* out) const {
  if (waits_for_memory(*backoff_)) {
    walk_words(*backoff_, ids, out);
    return;
  }
  std::uint32_t state = Backoff::kStart;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    out[i] = backoff_->step(state, ids[i]);
    if (ids[i] == 0) state = Backoff::kStart;
  }
}

void NgramModel::ngram_lengths(Text packed, std::vector<std::uint8_t>& lengths,
                               std::vector<std::int64_t>& offsets, const Poll& poll) const {
  in_batches(packed, poll, [&](std::span<const std::uint32_t> ids) {
    std::uint32_t state = Backoff::kStart;
    for (const std::uint32_t id : ids) {
      while (state != Backoff::kNone && backoff_->find(state, id) == nullptr) {
        state = backoff_->parent[state];
      }
      const auto length = static_cast<std::uint8_t>(backoff_->length(state) + 1);
      lengths.push_back(id == kUnknown ? 0 : length);
      backoff_->step(state, id);
      if (id != 0) continue;
      state = Backoff::kStart;
      offsets.push_back(static_cast<std::int64_t>(lengths.size()));
    }
  });
}

std::vector<double> NgramModel::next(std::span<const std::uint32_t> prefix) const {
  // The last order - 1 symbols say the state: kNone, the empty context, is where others begin.
  const std::size_t known = backoff_->order - std::size_t{1};
  std::uint32_t state = prefix.size() < known ? Backoff::kStart : Backoff::kNone;
  for (const std::uint32_t id : prefix.last(std::min(prefix.size(), known))) {
    backoff_->step(state, id);
  }
  std::vector<double> probabilities(size());
  backoff_->probabilities(state, probabilities);
  return probabilities;
}

std::unique_ptr<Cursor> NgramModel::cursor() const {
  return std::make_unique<NgramCursor>(*backoff_);
}

std::shared_ptr<const WordSampler> NgramModel::sampler(const Truncation& truncation,
                                                       const Poll& poll) const {
  check_truncation(truncation);
  if (backoff_->by_levels) {
    const std::uint32_t unknown = alphabet().unknown();
    if (truncation.plain(size()) && unknown == kUnknown) {
      return std::make_shared<NgramSampler>(alphabet(), backoff_, poll);
    }
    if (truncation.plain(size()) ||
        (size() > TruncatedSampler::kWrittenOut && !truncation.cuts(size()))) {
      Backoff drawn = tempered(*backoff_, truncation.temperature, unknown, poll);
      return std::make_shared<NgramSampler>(
          alphabet(), std::make_shared<const Backoff>(std::move(drawn)), poll);
    }
  }
  return std::make_shared<TruncatedSampler>(alphabet(), backoff_, truncation, poll);
}

Buffer<double> NgramModel::dense(unsigned order, const Poll& poll) const {
  std::size_t contexts = 1;
  for (unsigned i = 1; i < order; ++i) contexts *= size();
  Buffer<double> table(contexts * size());
  Pace pace(poll);
  std::vector<std::uint32_t> context(order - 1);
  for (std::size_t row = 0; row < contexts; ++row) {
    std::size_t rest = row;
    for (std::size_t i = context.size(); i-- > 0; rest /= size()) {
      context[i] = static_cast<std::uint32_t>(rest % size());
    }
    const auto of_context = std::span(table).subspan(row * size(), size());
    const auto begin =
        std::find_if(context.begin(), context.end(), [](auto id) { return id != 0; });
    if (std::find(begin, context.end(), 0) == context.end()) {
      backoff_->probabilities(backoff_->after({begin, context.end()}), of_context);
    } else {
      std::fill(of_context.begin(), of_context.end(), 0.0);
    }
    pace.step(64 + order * size());
  }
  return table;
}

double NgramModel::log_likelihood(const Ngrams& counts, const Poll& poll) const {
  Pace pace(poll);
  check_alike(counts.alphabet(), "the words have", alphabet(), "the model has");
  if (counts.order() < backoff_->order) {
    throw Error("the model needs counts of order " + std::to_string(backoff_->order) +
                " or higher, got order " + std::to_string(counts.order()));
  }
  const std::vector<std::uint32_t> ids = ids_in(alphabet(), counts.alphabet());
  const KeyLayout layout = counts.layout();
  double sum = 0;
  for (const Ngrams::Item& item : counts.items()) {
    std::uint32_t state = Backoff::kStart;
    for (unsigned back = layout.order; --back > 0;) {
      const std::uint32_t id = ids[layout.symbol(item.key, back)];
      // What begins within a word has no start before it, whatever came is forgotten.
      if (back + 1 == layout.order && id != 0) {
        state = id == kUnknown ? Backoff::kNone : id;
      } else if (id != 0) {
        backoff_->step(state, id);
      }
    }
    pace.step(std::size_t{32} * layout.order);
    sum += static_cast<double>(item.count) * backoff_->step(state, ids[layout.symbol(item.key, 0)]);
  }
  return sum;
}

}  // namespace makemore
