// Keys of counts, written with the ids of another alphabet.
#pragma once

#include <cstdint>
#include <vector>

#include "counts/ngrams.hpp"
#include "text/alphabet.hpp"

namespace makemore {

// Keys with the ids of another alphabet, which has one for every symbol that occurs. Those of a
// larger one grow together, so the order stays.
class Renumbered {
 public:
  Renumbered(const Ngrams& counts, const Alphabet& alphabet)
      : from_(counts.layout()),
        to_(key_layout(counts.order(), alphabet.size())),
        same_(counts.alphabet() == alphabet),
        ids_(ids_in(alphabet, counts.alphabet())) {}

  WideKey operator()(WideKey key) const {
    if (same_) return key;
    return from_.in(to_, key, [&](std::uint32_t id) { return ids_[id]; });
  }

 private:
  KeyLayout from_;
  KeyLayout to_;
  bool same_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace makemore
