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
  Pace pace(poll);
  const auto id_of = [&ids = ids](std::uint32_t id) { return ids[id]; };
  const auto each = [&](const auto& put) {
    for (const Ngrams::Item& item : counts.items()) {
      put(from.in(to, item.key, id_of), item.count);
      pace.step(from.order);
    }
  };
  return Ngrams::made(std::move(alphabet), from.order, counts.items().size(), each, poll);
}

}  // namespace makemore
