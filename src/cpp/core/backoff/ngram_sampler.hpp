// Draws words from a back-off model.
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

// Draws as the model is written: a draw at the longest context gives one of its followers,
// by their own shares, or sends to the next shorter context, by its weight. So no context
// needs a probability for each symbol, and the words have the model's probabilities all the
// same. The draw at the first context with followers is of level 0, each further one of the
// next level (sampling.hpp); the order of a table's outcomes is the followers', then the
// shorter context. An unknown symbol's share goes to the others, in proportion.
class NgramSampler final : public WordSamplerOf<NgramSampler> {
 public:
  NgramSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff,
               const Poll& poll = {});

  void check(const SampleRequest& request, const Poll& poll) const override;
  template <class Id>
  void draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                  SampledWords<Id>& out, const Poll& pause) const;

 private:
  struct State {
    std::size_t row;      // where its alias table begins in entries_
    std::uint32_t first;  // of its followers in outcomes_
    std::uint32_t followers;
    std::uint32_t shorter;  // the next shorter context with followers; the last is the empty one
    unsigned bits;          // columns of its table, as a power of two
    std::uint64_t mask;     // a bit for each follower; of small alphabets only (backoff.hpp)
  };
  struct Outcome {
    std::uint32_t symbol;
    std::uint32_t next;  // the state behind it
  };

  void steps(std::uint32_t state, Steps& out) const;

  // The state behind a symbol that was drawn at a shorter context, `at`, than could be.
  std::uint32_t next(std::uint32_t state, std::uint32_t at, const Outcome& drawn) const;

  std::shared_ptr<const Backoff> backoff_;
  std::vector<State> states_;       // those of the model, and the empty context
  std::vector<std::uint32_t> top_;  // by state: itself, or what stands in without followers
  std::vector<Outcome> outcomes_;
  std::vector<std::uint32_t> entries_;  // of all alias tables (alias.hpp)
  std::vector<double> shortest_;        // shares of the empty context; none if nothing has one
  bool safe_ = true;                    // whether every draw may give the end, and none nothing
  EndCheck endings_;
};

}  // namespace makemore
