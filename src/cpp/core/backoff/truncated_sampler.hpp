// Draws words from a back-off model by whole distributions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "backoff/backoff.hpp"
#include "models/language_model.hpp"
#include "sampling/ending.hpp"
#include "sampling/sampling.hpp"

namespace makemore {

// Draws by temperature or top_k, or from tables that are not drawn by levels: all these need
// a context's whole distribution, which is made when it is first needed, one draw of level 0
// a symbol.
class TruncatedSampler final : public WordSamplerOf<TruncatedSampler> {
 public:
  TruncatedSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff,
                   Truncation truncation);

  void check(const SampleRequest& request, const Poll& poll) const override;
  template <class Id>
  void draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                  SampledWords<Id>& out, const Poll& pause) const;

 private:
  std::vector<double> shaped(std::uint32_t state) const;
  void steps(std::uint32_t state, Steps& out) const;

  std::shared_ptr<const Backoff> backoff_;
  Truncation truncation_;
  EndCheck endings_;
};

}  // namespace makemore
