// Words scored side by side: each symbol's number is the one that a step of the model gives.
#include <array>
#include <vector>

#include "backoff/backoff.hpp"
#include "backoff/ngram_trie.hpp"
#include "backoff/word_walks.hpp"
#include "counting/ngram_counter.hpp"
#include "sampling.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

std::vector<double> by_steps(const Backoff& model, std::span<const std::uint32_t> ids) {
  std::vector<double> logs;
  std::uint32_t state = Backoff::kStart;
  for (const std::uint32_t id : ids) {
    logs.push_back(model.step(state, id));
    if (id == 0) state = Backoff::kStart;
  }
  return logs;
}

Backoff smoothed(const NgramTrie& trie, std::size_t method) {
  constexpr double kSmall = 1e-9;
  const std::array<double, 2> added{0, kSmall};
  if (method < 2) return add_k(trie, added[method]);
  return method == 2 ? kneser_ney(trie, {}) : witten_bell(trie);
}

}  // namespace

TEST_CASE("words side by side are scored as one after the other") {
  Random random(17);
  Word symbols;
  for (char32_t i = 0; i < 300; ++i) symbols += U'一' + i;  // rows of all sizes, and no masks
  for (unsigned order = 1; order <= 5; ++order) {
    NgramCounter counter({}, order);
    std::vector<Word> learned;
    for (int i = 0; i < 400; ++i) {
      const std::size_t kinds = below(random, 2) == 0 ? 8 : 300;
      learned.push_back(random_word(random, symbols.substr(0, kinds), 12));
    }
    counter.add(packed(learned));
    const NgramTrie trie(counter.counts());
    for (std::size_t method = 0; method < 4; ++method) {
      const Backoff model = smoothed(trie, method);
      REQUIRE(model.masks.empty());
      for (const std::size_t words : std::array<std::size_t, 6>{0, 1, 15, 16, 17, 200}) {
        std::vector<std::uint32_t> ids;
        for (std::size_t i = 0; i < words; ++i) {
          const std::size_t length = below(random, 40) == 0 ? 500 : below(random, 10);
          for (std::size_t k = 0; k < length; ++k) {
            const auto id = static_cast<std::uint32_t>(1 + below(random, model.symbols));
            ids.push_back(id == model.symbols ? kUnknown : below(random, 2) == 0 ? id : 1 + id % 8);
          }
          ids.push_back(0);
        }
        std::vector<double> logs(ids.size());
        walk_words(model, ids, logs.data());
        CHECK(logs == by_steps(model, ids));
      }
    }
  }
}
