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
      : Renumbered(counts.order(), counts.alphabet(), alphabet) {}
  Renumbered(unsigned order, const Alphabet& from, const Alphabet& to)
      : from_(key_layout(order, from.size())),
        to_(key_layout(order, to.size())),
        same_(from == to),
        ids_(same_ ? std::vector<std::uint32_t>() : ids_in(to, from)) {}

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
