// Looks up each symbol after the context, or goes through all n-grams: what is less work.
#include "counts/following.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace makemore {

std::vector<std::int64_t> following(const Ngrams& counts, std::span<const std::uint32_t> context,
                                    const Poll& poll) {
  constexpr std::size_t lookup = 64;  // n-grams that can be gone through meanwhile
  const KeyLayout layout = counts.layout();
  if (context.size() >= layout.order) throw Error("a context has fewer symbols than an n-gram");
  const auto known = static_cast<unsigned>(context.size()) * layout.bits;
  const unsigned rest = layout.top() - known;  // bits of the symbols before the context
  WideKey wanted = 0;
  for (std::size_t i = context.size(); i-- > 0;) wanted = wanted << layout.bits | context[i];
  const Ngrams::Items& items = counts.items();
  std::vector<std::int64_t> row(counts.alphabet().size());
  Pace pace(poll);
  if (row.size() * lookup < items.size()) {
    // The context stands right below the last symbol, so the n-grams of each lie together.
    auto at = items.begin();
    for (std::size_t symbol = 0; symbol < row.size(); ++symbol) {
      const WideKey key = WideKey{symbol} << known | wanted;
      at = std::lower_bound(at, items.end(), key, [&](const Ngrams::Item& item, WideKey other) {
        return item.key >> rest < other;
      });
      for (; at != items.end() && at->key >> rest == key; ++at) {
        row[symbol] += at->count;
        pace.step();
      }
      pace.step(lookup);
    }
    return row;
  }
  const WideKey mask = (WideKey{1} << known) - 1;
  for (const Ngrams::Item& item : items) {
    if ((item.key >> rest & mask) == wanted) row[layout.symbol(item.key, 0)] += item.count;
    pace.step();
  }
  return row;
}

}  // namespace makemore
