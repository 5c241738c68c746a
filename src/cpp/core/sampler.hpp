// Draws words from a bigram model: the default stream.
//
// The symbol at step t of word i under a seed is decided by output t mod 4 of
// Philox4x32-10 with the seed as key and the counter (i, t div 4); steps count the
// symbols drawn, not those of a prefix. So every word can be drawn by itself, and the
// words are the same for any number of threads, any batch and any machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/alias.hpp"
#include "core/alphabet.hpp"
#include "core/buffer.hpp"
#include "core/interrupt.hpp"

namespace makemore {

struct SampleRequest {
  std::size_t words = 1;
  std::uint64_t seed = 0;
  std::uint64_t start = 0;            // the number of the first word in the stream
  std::vector<std::uint32_t> prefix;  // ids that every word begins with
  std::size_t max_length = 0;         // symbols a word may have, prefix included; 0: no limit
  unsigned threads = 0;
};

// Symbol ids without boundaries: word i is ids[offsets[i] .. offsets[i + 1]).
template <class Id>
struct SampledWords {
  Buffer<Id> ids;
  Buffer<std::int64_t> offsets;
};

class BigramSampler {
 public:
  // `probabilities`: V x V by rows, each summing to one or all zero.
  BigramSampler(const Alphabet& alphabet, const std::vector<double>& probabilities);

  // Throws Error before drawing anything if a draw could reach a row that is all zero
  // or, without max_length, one from which no word can end. Id must hold V - 1.
  template <class Id>
  SampledWords<Id> sample(const SampleRequest& request, const Poll& poll) const;

 private:
  void check(const SampleRequest& request) const;
  template <class Id>
  void draw_word(const SampleRequest& request, std::uint64_t word, Buffer<Id>& out,
                 const Poll& pause) const;

  template <class Id>
  void draw_one_by_one(const SampleRequest& request, std::size_t begin, std::size_t end,
                       SampledWords<Id>& out, const Poll& pause) const;
  void draw_in_lanes(const SampleRequest& request, std::size_t begin, std::size_t end,
                     SampledWords<std::uint8_t>& out, const Poll& pause) const;

  Alphabet alphabet_;
  AliasTables tables_;
  std::vector<bool> possible_;  // V x V: whether any draw after `row` gives `column`
};

}  // namespace makemore
