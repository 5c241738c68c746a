// The rows of float32 probabilities that torch's loop draws from: of bigrams, or of any model.
//
// Both kinds answer alike; `room` has a row's place for p and one for what is prepared of it. The
// unknown symbol is never drawn: its probability is put to zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "counts/ngrams.hpp"
#include "models/language_model.hpp"
#include "sampling/sampling.hpp"
#include "torch/draws.hpp"

namespace makemore {

struct TorchRow {
  std::span<const float> p;
  std::span<const float> prepared;      // by torch_prepare
  const std::uint8_t* guide = nullptr;  // running sums: a TorchGuide, if there is one
};

// The lecture's P: (count + smoothing) divided by the row's sum. Prepared once, for all words.
// Exact where no sum rounds (counts and smoothing multiples of a power of two, a row's sum below
// 2^24 of them); else within one rounding of torch's.
class TorchBigramRows {
 public:
  // Throws Error where float32 does not hold a sum.
  TorchBigramRows(const Ngrams& counts, double smoothing, TorchEra era, const Poll& poll = {});

  const Alphabet& alphabet() const { return alphabet_; }
  TorchEra era() const { return era_; }
  std::size_t work() const { return 2; }  // of a row, in steps of a Pace

  TorchRow row(std::span<const std::uint32_t> word, std::span<float> /*room*/) const {
    return row(word.empty() ? 0 : word.back());
  }
  TorchRow row(std::size_t last) const {
    return {of(p_, last), of(prepared_, last),
            guides_.empty() ? nullptr : &guides_[last * TorchGuide::kSlots]};
  }

  // The check of a request looked at all symbols that a word can come to.
  void check_ahead(std::span<const std::uint32_t>, const SampleRequest&, const Poll&) const {}

 private:
  std::span<const float> of(const Buffer<float>& rows, std::size_t row) const {
    return std::span(rows).subspan(row * alphabet_.size(), alphabet_.size());
  }

  Alphabet alphabet_;
  TorchEra era_;
  Buffer<float> p_;
  Buffer<float> prepared_;
  std::vector<std::uint8_t> guides_;  // running sums
};

// Made anew for each symbol: torch.tensor(model.next_probabilities(word)).float()
class TorchModelRows {
 public:
  // The model must outlive the rows.
  TorchModelRows(const LanguageModel& model, TorchEra era) : model_(&model), era_(era) {}

  const Alphabet& alphabet() const { return model_->alphabet(); }
  TorchEra era() const { return era_; }
  std::size_t work() const { return 256 + 64 * alphabet().size(); }

  TorchRow row(std::span<const std::uint32_t> word, std::span<float> room) const;

  // The same errors as from the model's own sampler.
  void check_ahead(std::span<const std::uint32_t> word, const SampleRequest& request,
                   const Poll& poll) const;

 private:
  const LanguageModel* model_;
  TorchEra era_;
};

}  // namespace makemore
