// Draws words from a bigram model of a large alphabet: the words of BigramSampler, in memory
// by what was seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bigram/sparse_alias.hpp"
#include "sampling/draw_word.hpp"
#include "sampling/sampling.hpp"
#include "text/alphabet.hpp"

namespace makemore {

class SparseSampler final : public WordSamplerOf<SparseSampler> {
 public:
  SparseSampler(const Alphabet& alphabet, const SparseRows& rows, const Poll& poll = {});

  void check(const SampleRequest& request, const Poll& poll) const override;
  template <class Id>
  void draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                  SampledWords<Id>& out, const Poll& pause) const {
    draw_one_by_one(tables_, request, begin, end, out, pause);
  }

 private:
  std::vector<bool> able_to_end(const Poll& poll) const;
  std::vector<bool> visited_from(std::uint32_t start, const Poll& poll) const;

  SparseAliasTables tables_;
  std::vector<bool> can_end_;  // by symbol: whether a word that comes to it can ever end
  bool safe_;                  // every word can go on from everywhere, and end
};

}  // namespace makemore
