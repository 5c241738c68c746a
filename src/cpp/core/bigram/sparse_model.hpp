// BigramModel for large alphabets: the same numbers and words, in memory by what was seen.
//
// A row of an alphabet of 20,000 symbols has some dozens that were ever seen there, and one
// probability for all others.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "bigram/sparse_rows.hpp"
#include "counts/ngrams.hpp"
#include "models/language_model.hpp"

namespace makemore {

class SparseBigramModel final : public LanguageModel {
 public:
  SparseBigramModel(const Ngrams& counts, double smoothing, const Poll& poll = {});

  Buffer<double> probabilities(const Poll& poll = {}) const;  // V x V, by rows, written out

  std::vector<double> next(std::span<const std::uint32_t> prefix) const override;
  std::shared_ptr<const WordSampler> sampler(const Truncation& truncation,
                                             const Poll& poll = {}) const override;

  // As BigramModel's.
  double log_likelihood(const Ngrams& counts, const Poll& poll = {}) const;

 protected:
  void log_probabilities(std::span<const std::uint32_t> ids, double* out) const override;

 private:
  SparseBigramModel(const Alphabet& alphabet, const AddK& smoothed, const Poll& poll);

  SparseRows probabilities_;
  double never_;  // of any symbol after one that was never seen
  SparseRows logs_;
};

}  // namespace makemore
