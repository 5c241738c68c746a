// Multiplies each count; the sums are found anew.
#include "counts/multiplied.hpp"

#include <limits>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace makemore {

Ngrams multiplied(const Ngrams& counts, std::int64_t times, const Poll& poll) {
  if (times < 0) throw Error("counts cannot be multiplied by less than 0");
  if (times == 0) return {counts.alphabet(), counts.order()};
  if (counts.total() > std::numeric_limits<std::int64_t>::max() / times) {
    throw Error("a count went beyond 64 bits");
  }
  Ngrams::Items items;
  items.reserve(counts.items().size());
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    items.push_back({item.key, item.count * times});
    pace.step(2);
  }
  return {counts.alphabet(), counts.order(), std::move(items), poll};
}

}  // namespace makemore
