// A bigram model: conditional probabilities made from counts by add-k smoothing.
//
// Immutable. Row `a`, column `b` holds P(b | a) = (n(a, b) + k) / (n(a) + k V); a row
// that was never seen and gets no smoothing is all zero. Or the rows are given, as a neural net
// has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "counts/ngrams.hpp"
#include "models/language_model.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

class BigramModel final : public LanguageModel {
 public:
  BigramModel(const Ngrams& counts, double smoothing, const Poll& poll = {});

  // Of V x V probabilities by rows, which are kept as they are. Throws Error for a row that does
  // not sum to one, within the rounding of 32-bit floats, or is not all zero.
  BigramModel(Alphabet alphabet, std::vector<double> probabilities, const Poll& poll = {});

  std::span<const double> probabilities() const { return probabilities_; }  // V x V, by rows

  // In one go, which is faster than by batches.
  void score(Text packed, std::vector<double>& scores, const Poll& poll) const override;
  std::vector<double> next(std::span<const std::uint32_t> prefix) const override;
  std::shared_ptr<const WordSampler> sampler(const Truncation& truncation,
                                             const Poll& poll = {}) const override;
  std::unique_ptr<Cursor> cursor() const override;
  void log_probabilities(std::span<const std::uint32_t> ids, double* out) const override;

  // The sum of the log-probabilities (nats) of counted words' symbols; -inf where a counted
  // bigram is impossible.
  double log_likelihood(const Ngrams& counts, const Poll& poll = {}) const;

  // The log-probability of a symbol behind the last one, which it becomes; 0: of a word's start.
  double step(std::uint32_t& last, std::uint32_t id) const {
    const std::size_t row = last == kUnknown ? size() : last;
    last = id;
    return id == kUnknown ? -std::numeric_limits<double>::infinity() : logs_[row * size() + id];
  }

  // The probabilities, each row without the unknown symbol's and then truncated.
  std::vector<double> truncated(const Truncation& truncation, const Poll& poll = {}) const;

 private:
  void take_logs(const Poll& poll);

  std::vector<double> probabilities_;
  double never_;              // of any symbol after one that was never seen
  std::vector<double> logs_;  // V + 1 rows, the last that of a symbol that was never seen
};

}  // namespace makemore
