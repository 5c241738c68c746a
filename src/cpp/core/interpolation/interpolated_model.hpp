// Linear interpolation of models: in every position, P(s) = sum of weight x P of each model.
//
// The alphabet is that of all models together, the unknown symbol too if any of them holds it. What
// a model gives to a symbol that it does not have is its unknown symbol's share, divided evenly by
// those of the alphabet that it does not have and the unknown symbol itself: so the sum stays one.
// A model without the unknown symbol gives them nothing. A model that has nothing to say somewhere
// (an unsmoothed one, after what was never seen) adds nothing there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "counts/ngrams.hpp"
#include "models/language_model.hpp"

namespace makemore {

class InterpolatedModel final : public LanguageModel {
 public:
  using Models = std::vector<std::shared_ptr<const LanguageModel>>;

  // Weights are from 0 up, one for each model, and not all 0; they are divided by their sum.
  // Throws Error for others, and for models of several boundaries.
  InterpolatedModel(Models models, std::vector<double> weights);

  std::span<const std::shared_ptr<const LanguageModel>> models() const { return models_; }
  std::span<const double> weights() const { return weights_; }  // they sum to one

  std::vector<double> next(std::span<const std::uint32_t> prefix) const override;
  std::shared_ptr<const WordSampler> sampler(const Truncation& truncation,
                                             const Poll& poll = {}) const override;
  std::unique_ptr<Cursor> cursor() const override;
  void log_probabilities(std::span<const std::uint32_t> ids, double* out) const override;
  std::size_t batch() const override;  // of the slowest model

  // The sum of the log-probabilities (nats) of counted words' symbols. Counts of an order that
  // all models look back by, or a higher one.
  double log_likelihood(const Ngrams& counts, const Poll& poll = {}) const;

 private:
  friend class InterpolatedCursor;

  // Of each model: the ids that it has for those of the alphabet, its unknown symbol's where it has
  // none, kUnknown without such a symbol; and how many share what that one has.
  struct Part {
    std::vector<std::uint32_t> ids;
    std::uint32_t unknown;
    double sharers;
    double log_sharers;

    std::uint32_t id(std::uint32_t united) const {
      return united == kUnknown ? kUnknown : ids[united];
    }
  };

  // The logarithm of the sum of weight x exp(log), given the logs of all models.
  double combined(std::span<const double> logs) const;

  Models models_;
  std::vector<double> weights_;
  std::vector<Part> parts_;
};

}  // namespace makemore
