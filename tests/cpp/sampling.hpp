// What the tests of sampling share: a model and its sampler, and the words drawn.
#pragma once

#include <string>
#include <vector>

#include "bigram/bigram_model.hpp"
#include "bigram/bigram_sampler.hpp"
#include "support.hpp"

namespace makemore::testing {

using Ids = std::vector<std::uint32_t>;

struct Setup {
  BigramModel model;
  std::vector<double> probabilities;
  BigramSampler sampler;

  explicit Setup(const Ngrams& counts, double smoothing = 0)
      : model(counts, smoothing),
        probabilities(model.truncated({1, 0})),
        sampler(model.alphabet(), probabilities) {}
  explicit Setup(const std::vector<Word>& words, double smoothing = 0)
      : Setup(count_words(words), smoothing) {}
};

// The words as ids of any width; drawn with ids of the width `Id`.
template <class Id = std::uint32_t>
std::vector<Ids> drawn(const WordSampler& sampler, const SampleRequest& request) {
  const SampledWords<Id> sampled = sample_words<Id>(sampler, request, nullptr);
  std::vector<Ids> words;
  for (std::size_t i = 0; i + 1 < sampled.offsets.size(); ++i) {
    words.emplace_back(sampled.ids.begin() + sampled.offsets[i],
                       sampled.ids.begin() + sampled.offsets[i + 1]);
  }
  CHECK(sampled.offsets.front() == 0);
  CHECK(sampled.offsets.back() == static_cast<std::int64_t>(sampled.ids.size()));
  return words;
}

inline SampleRequest request_for(std::size_t words, std::uint64_t seed = 42) {
  SampleRequest request;
  request.words = words;
  request.seed = seed;
  return request;
}

inline std::string sample_error(const WordSampler& sampler, const SampleRequest& request) {
  return error_of([&] { sample_words<std::uint8_t>(sampler, request, nullptr); });
}

}  // namespace makemore::testing
