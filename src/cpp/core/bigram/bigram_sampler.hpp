// Draws words from a bigram model: one alias table a row, many words at once where it pays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sampling/alias.hpp"
#include "sampling/sampling.hpp"
#include "text/alphabet.hpp"

namespace makemore {

class BigramSampler final : public WordSampler {
 public:
  // `probabilities`: V x V by rows, each summing to one or all zero.
  BigramSampler(const Alphabet& alphabet, const std::vector<double>& probabilities,
                const Poll& poll = {});

  void check(const SampleRequest& request, const Poll& poll) const override;
  void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
            SampledWords<std::uint8_t>& out, const Poll& pause) const override;
  void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
            SampledWords<std::uint16_t>& out, const Poll& pause) const override;
  void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
            SampledWords<std::uint32_t>& out, const Poll& pause) const override;

 private:
  void draw_block(const SampleRequest& request, std::uint64_t first, std::uint32_t words,
                  std::uint8_t* slots, SampledWords<std::uint8_t>& out, const Poll& pause) const;

  AliasTables tables_;
  std::vector<bool> possible_;  // V x V: whether any draw after `row` gives `column`
  std::vector<bool> stuck_;     // by symbol: whether nothing can be drawn after it
  std::vector<bool> can_end_;   // by symbol: whether a word that comes to it can ever end
  bool safe_;                   // every word can go on from everywhere, and end
};

}  // namespace makemore
