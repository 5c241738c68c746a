// Counts of order 2 read as bigrams, row by row.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

struct Bigram {
  std::uint32_t first;
  std::uint32_t second;
  std::int64_t count;  // above zero

  bool operator==(const Bigram&) const = default;
};

// The bigrams sorted by the first symbol, then by the second. Throws Error for counts of another
// order.
Buffer<Bigram> bigram_rows(const Ngrams& counts, const Poll& poll = {});

}  // namespace makemore
