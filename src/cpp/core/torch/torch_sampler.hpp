// Draws the words that the loop of makemore's lecture prints with torch, to the last letter.
//
//   ix = 0
//   repeat: ix = torch.multinomial(P[ix], num_samples=1, replacement=True, generator=g)
//   until ix is 0
//
// P holds float32: (count + smoothing) divided by the row's sum; torch_draws.hpp says how a
// row is drawn from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "counts/ngrams.hpp"
#include "sampling/sampling.hpp"
#include "torch/draws.hpp"
#include "torch/mt19937.hpp"

namespace makemore {

// The lecture's P, by rows. Exact where no sum rounds (counts and smoothing multiples of a
// power of two, a row's sum below 2^24 of them); else within one rounding of torch's.
// Throws Error where float32 does not hold a sum.
Buffer<float> torch_probabilities(const Ngrams& counts, double smoothing, const Poll& poll = {});

class TorchSampler {
 public:
  TorchSampler(const Ngrams& counts, double smoothing, TorchEra era, const Poll& poll = {});

  const Alphabet& alphabet() const { return alphabet_; }

  // Leaves the generator where the loop would. The request must be one that a
  // BigramSampler of the same counts accepts; `seed`, `start` and `threads` mean nothing
  // here. A word that reaches max_length ends there, without a draw. Id must hold V - 1.
  template <class Id>
  SampledWords<Id> sample(Mt19937& generator, const SampleRequest& request, const Poll& poll) const;

 private:
  void add_up(const Poll& poll);
  std::span<const float> row_of(const Buffer<float>& rows, std::size_t row) const {
    return std::span(rows).subspan(row * alphabet_.size(), alphabet_.size());
  }
  std::uint32_t draw_by_sums(std::size_t row, std::uint32_t high, std::uint32_t low) const;
  template <class Id>
  void draw_free_by_sums(Mt19937& generator, const SampleRequest& request, SampledWords<Id>& out,
                         const Poll& poll) const;

  Alphabet alphabet_;
  TorchEra era_;
  Buffer<float> p_;
  Buffer<float> limits_;             // exponentials: p, but above zero
  Buffer<float> sums_;               // running sums: of each row, divided by its last
  std::vector<std::uint8_t> guide_;  // running sums: the symbol, where u's first bits decide
};

}  // namespace makemore
