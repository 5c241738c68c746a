// Draws the words that a loop with torch prints from any model's probabilities as float32:
//
//   word = ""
//   repeat: p = torch.tensor(model.next_probabilities(word)).float()
//     ix = torch.multinomial(p, num_samples=1, replacement=True, generator=g); word += itos[ix]
//   until ix is 0
#pragma once

#include "base/poll.hpp"
#include "models/language_model.hpp"
#include "sampling/sampling.hpp"
#include "torch/draws.hpp"
#include "torch/mt19937.hpp"

namespace makemore {

class TorchModelSampler {
 public:
  // The model must outlive the sampler.
  TorchModelSampler(const LanguageModel& model, TorchEra era) : model_(model), era_(era) {}

  const Alphabet& alphabet() const { return model_.alphabet(); }

  // Leaves the generator where the loop would. The request must be one that the model's own
  // sampler accepts; `seed`, `start` and `threads` mean nothing here. A word that reaches
  // max_length ends there, without a draw. Id must hold V - 1.
  template <class Id>
  SampledWords<Id> sample(Mt19937& generator, const SampleRequest& request, const Poll& poll) const;

 private:
  const LanguageModel& model_;
  TorchEra era_;
};

}  // namespace makemore
