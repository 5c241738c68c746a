// Draws words from a mixture, a few side by side.
//
// The draw u of 32 bits gives the first symbol c, in the order of ids, with u < F(c), where
// F(c) is the sum of the probabilities up to c times 2^32, rounded down: so each symbol gets
// a whole number of the 2^32 draws, within one of its share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/buffer.hpp"
#include "sampling/sampling.hpp"
#include "sampling/truncation.hpp"

namespace makemore {

class MixtureModel;

class MixtureSampler final : public WordSamplerOf<MixtureSampler> {
 public:
  // The mixture must outlive the sampler.
  MixtureSampler(const MixtureModel& model, const Truncation& truncation, const Poll& poll = {});

  void check(const SampleRequest& request, const Poll& poll) const override;
  template <class Id>
  void draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                  SampledWords<Id>& out, const Poll& pause) const;

 private:
  const float* shaped(const float* by_place, float* room) const;
  std::uint32_t add_up(const float* p, std::uint32_t* thresholds) const;
  std::uint32_t search(const std::uint32_t* thresholds, std::uint32_t last,
                       std::uint32_t bits) const;

  void check_only_word(const SampleRequest& request, const Poll& poll) const;

  const MixtureModel& model_;
  double temperature_;
  Truncation rest_;  // but for the temperature, which is exact in logarithms
  // Of the prefixes whose rows the model keeps: F of each symbol, and the symbol of the draws
  // that no F is above.
  Buffer<std::uint32_t> thresholds_;
  std::vector<std::uint32_t> last_;
};

}  // namespace makemore
