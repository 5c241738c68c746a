// Draws the words that the loop of makemore's lecture prints with torch, to the last letter.
//
//   word = ""
//   repeat: ix = torch.multinomial(p(word), num_samples=1, replacement=True, generator=g)
//     word += itos[ix]
//   until ix is 0
//
// torch_rows.hpp says what p is, draws.hpp how it is drawn from.
#pragma once

#include <utility>
#include <variant>

#include "base/poll.hpp"
#include "sampling/sampling.hpp"
#include "torch/mt19937.hpp"
#include "torch/torch_rows.hpp"

namespace makemore {

class TorchSampler {
 public:
  using Rows = std::variant<TorchBigramRows, TorchModelRows>;

  explicit TorchSampler(Rows rows) : rows_(std::move(rows)) {}

  const Alphabet& alphabet() const {
    return std::visit([](const auto& rows) -> const Alphabet& { return rows.alphabet(); }, rows_);
  }

  // Leaves the generator where the loop would. The request must be one that the model's own
  // sampler accepts; `seed`, `start` and `threads` mean nothing here. A word that reaches
  // max_length ends there, without a draw. Id must hold V - 1.
  template <class Id>
  SampledWords<Id> sample(Mt19937& generator, const SampleRequest& request, const Poll& poll) const;

 private:
  Rows rows_;
};

}  // namespace makemore
