// Sorts the tokens, and the n-grams by their new ids.
#include "counts/token_counts.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace makemore {

Ngrams with_vocabulary(const Ngrams& counts, const TokenTable& met, const TokenRules& rules,
                       const Poll& poll) {
  auto [alphabet, ids] = token_alphabet(counts.alphabet(), met, rules, poll);
  const KeyLayout from = counts.layout();
  const KeyLayout to = key_layout(from.order, alphabet.size());
  std::vector<Ngrams::Item> items;
  items.reserve(counts.items().size());
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    WideKey key = 0;
    for (unsigned back = 0; back < from.order; ++back) {
      key = key << to.bits | WideKey{ids[from.symbol(item.key, back)]};
    }
    items.push_back({key, item.count});
    pace.step(from.order);
  }
  return {std::move(alphabet), from.order, std::move(items), poll};
}

}  // namespace makemore
