// A model of order n: an interpolated back-off model of an alphabet.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "backoff/backoff.hpp"
#include "base/buffer.hpp"
#include "counts/ngrams.hpp"
#include "models/language_model.hpp"

namespace makemore {

class NgramModel final : public LanguageModel {
 public:
  NgramModel(Alphabet alphabet, Backoff backoff);

  const Backoff& backoff() const { return *backoff_; }

  std::vector<double> next(std::span<const std::uint32_t> prefix) const override;
  std::shared_ptr<const WordSampler> sampler(const Truncation& truncation,
                                             const Poll& poll = {}) const override;
  std::unique_ptr<Cursor> cursor() const override;
  void log_probabilities(std::span<const std::uint32_t> ids, double* out) const override;

  // Appends for each symbol of the words, ends included, how many symbols the longest n-gram has
  // that ends in it and that the model knows: 0 for kUnknown. And where each word ends.
  void ngram_lengths(Text packed, std::vector<std::uint8_t>& lengths,
                     std::vector<std::int64_t>& offsets, const Poll& poll = {}) const;

  // P(last | others) for all n-grams of an order, in the order of their ids; V^order numbers.
  // 0 where a boundary stands behind a symbol.
  Buffer<double> dense(unsigned order, const Poll& poll) const;

  // The sum of the log-probabilities (nats) of counted words' symbols; counts of this
  // model's order or a higher one.
  double log_likelihood(const Ngrams& counts, const Poll& poll = {}) const;

 private:
  std::shared_ptr<const Backoff> backoff_;  // which samplers share
};

}  // namespace makemore
