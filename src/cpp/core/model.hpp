// A bigram model: conditional probabilities made from counts by add-k smoothing.
//
// Immutable. Row `a`, column `b` holds P(b | a) = (n(a, b) + k) / (n(a) + k V); a row
// that was never seen and gets no smoothing is all zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/alphabet.hpp"
#include "core/bigrams.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"

namespace makemore {

class BigramModel {
 public:
  BigramModel(const Bigrams& counts, double smoothing);

  const Alphabet& alphabet() const { return alphabet_; }
  std::size_t size() const { return alphabet_.size(); }
  std::span<const double> probabilities() const { return probabilities_; }  // V x V, by rows

  // Appends the log-probability (nats) of each word, its end included; -inf if it is
  // impossible or holds an unknown symbol. Throws Error for the boundary inside a word,
  // whose number is its place in `scores`.
  void score(Text packed, std::vector<double>& scores, const Poll& poll) const;

  // Mean negative log-likelihood (nats) per predicted symbol of counted words;
  // infinite where a counted bigram is impossible. Needs counts.total() > 0.
  double nll(const Bigrams& counts) const;

  // The probabilities after p^(1/temperature) (0: the most likely symbol alone) and
  // keeping the top_k most likely symbols of each row (0: all), rows summing to one.
  std::vector<double> reshaped(double temperature, std::size_t top_k) const;

 private:
  Alphabet alphabet_;
  std::vector<double> probabilities_;
  std::vector<double> logs_;
};

}  // namespace makemore
