// The sum of many counts, in one pass over all of them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

// What `added` gives of all, one after another, for at least one part. Throws Error, with the
// numbers of two parts, for parts of two orders or boundaries.
Ngrams merged(std::span<const Ngrams* const> parts, const Poll& poll = {});

// A sum to which counts are added one after another. What is added is merged with what is as large,
// like the digits of a binary number: of n parts, no n-gram is copied more than log2(n) times.
class NgramsSum {
 public:
  void add(Ngrams counts, const Poll& poll = {});

  bool empty() const { return parts_.empty(); }

  // N-grams in all parts.
  std::size_t size() const;

  // All that was added, which is something. Then there is nothing left.
  Ngrams take(const Poll& poll = {});

 private:
  std::vector<Ngrams> parts_;
};

}  // namespace makemore
