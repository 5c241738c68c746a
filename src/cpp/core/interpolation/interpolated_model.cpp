// Asks every model that has a weight, and adds up what they say.
#include "interpolation/interpolated_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "base/error.hpp"
#include "interpolation/interpolated_cursor.hpp"
#include "interpolation/interpolated_sampler.hpp"
#include "text/quoted.hpp"

namespace makemore {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

Alphabet alphabet_of_all(const InterpolatedModel::Models& models) {
  if (models.empty()) throw Error("there are no models to mix");
  Alphabet all = models[0]->alphabet();
  for (const auto& model : models) {
    const Alphabet& alphabet = model->alphabet();
    if (quoted(all, 0) != quoted(alphabet, 0)) {
      throw Error("models with the boundaries " + quoted(all, 0) + " and " + quoted(alphabet, 0) +
                  " cannot be mixed");
    }
    check_alike(all, "models cannot be mixed: one has", alphabet, "another has");
    all = united(all, alphabet);
  }
  return all;
}

}  // namespace

InterpolatedModel::InterpolatedModel(Models models, std::vector<double> weights)
    : LanguageModel(alphabet_of_all(models)),
      models_(std::move(models)),
      weights_(std::move(weights)) {
  if (weights_.size() != models_.size()) {
    throw Error("there must be a weight for each of the " + std::to_string(models_.size()) +
                " models, got " + std::to_string(weights_.size()));
  }
  for (const double weight : weights_) {
    if (!(weight >= 0 && std::isfinite(weight))) {
      throw Error("a weight must be a number from 0 up");
    }
  }
  const double most = *std::max_element(weights_.begin(), weights_.end());
  if (most == 0) throw Error("one of the weights must be above 0");
  const auto sum = [&] { return std::accumulate(weights_.begin(), weights_.end(), 0.0); };
  // Weights that sum to one already stay as they are, to the last bit.
  if (std::abs(sum() - 1) > 1e-12) {
    for (double& weight : weights_) weight /= most;  // so that no sum is beyond a double
    const double all = sum();
    for (double& weight : weights_) weight /= all;
  }
  for (const auto& model : models_) {
    Part part;
    part.ids = ids_in(model->alphabet(), alphabet());
    part.unknown = model->alphabet().unknown();
    part.sharers = 1 + static_cast<double>(size() - model->size());
    part.log_sharers = std::log(part.sharers);
    parts_.push_back(std::move(part));
  }
}

double InterpolatedModel::combined(std::span<const double> logs) const {
  double most = kNever;
  for (std::size_t k = 0; k < logs.size(); ++k) {
    if (weights_[k] > 0) most = std::max(most, logs[k]);
  }
  if (most == kNever) return kNever;
  double sum = 0;
  for (std::size_t k = 0; k < logs.size(); ++k) {
    if (weights_[k] > 0) sum += weights_[k] * std::exp(logs[k] - most);
  }
  return std::min(most + std::log(sum), 0.0);
}

void InterpolatedModel::log_probabilities(std::span<const std::uint32_t> ids, double* out) const {
  const std::size_t k = models_.size();
  std::vector<double> logs(ids.size() * k, kNever);
  std::vector<std::uint32_t> own(ids.size());
  std::vector<double> of_model(ids.size());
  for (std::size_t m = 0; m < k; ++m) {
    if (weights_[m] == 0) continue;
    const Part& part = parts_[m];
    std::transform(ids.begin(), ids.end(), own.begin(),
                   [&](std::uint32_t id) { return part.id(id); });
    models_[m]->log_probabilities(own, of_model.data());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      logs[i * k + m] = own[i] == part.unknown ? of_model[i] - part.log_sharers : of_model[i];
    }
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    out[i] = combined(std::span(logs).subspan(i * k, k));
  }
}

std::size_t InterpolatedModel::batch() const {
  std::size_t least = LanguageModel::batch();
  for (const auto& model : models_) least = std::min(least, model->batch());
  return least;
}

std::unique_ptr<Cursor> InterpolatedModel::cursor() const {
  return std::make_unique<InterpolatedCursor>(*this);
}

std::vector<double> InterpolatedModel::next(std::span<const std::uint32_t> prefix) const {
  InterpolatedCursor cursor(*this);
  for (const std::uint32_t id : prefix) cursor.step(id);
  std::vector<double> row(size());
  cursor.probabilities(row);
  return row;
}

std::shared_ptr<const WordSampler> InterpolatedModel::sampler(const Truncation& truncation,
                                                              const Poll& poll) const {
  check_truncation(truncation);
  if (poll) poll();
  return std::make_shared<InterpolatedSampler>(*this, truncation);
}

double InterpolatedModel::log_likelihood(const Ngrams& counts, const Poll& poll) const {
  check_alike(counts.alphabet(), "the words have", alphabet(), "the model has");
  const std::vector<std::uint32_t> ids = ids_in(alphabet(), counts.alphabet());
  const KeyLayout layout = counts.layout();
  double sum = 0;
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    InterpolatedCursor cursor(*this);
    for (unsigned back = layout.order; --back > 0;) {
      const std::uint32_t symbol = layout.symbol(item.key, back);
      // What begins within a word has no start before it: whatever came is forgotten, as behind
      // an unknown symbol.
      if (back + 1 == layout.order && symbol != 0) cursor.step(kUnknown);
      if (symbol != 0) cursor.step(ids[symbol]);
    }
    sum += static_cast<double>(item.count) * cursor.step(ids[layout.symbol(item.key, 0)]);
    pace.step(std::size_t{64} * layout.order * models_.size());
  }
  return sum;
}

}  // namespace makemore
