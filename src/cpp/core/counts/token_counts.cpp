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
  const auto id_of = [&ids = ids](std::uint32_t id) { return ids[id]; };
  for (const Ngrams::Item& item : counts.items()) {
    items.push_back({from.in(to, item.key, id_of), item.count});
    pace.step(from.order);
  }
  return {std::move(alphabet), from.order, std::move(items), poll};
}

}  // namespace makemore
