// Back-off models at another temperature, and cut to the likeliest symbols of a large alphabet:
// the distributions of the slow way, which writes out and truncates each context's row.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "backoff/ngram_model.hpp"
#include "backoff/ngram_trie.hpp"
#include "backoff/tempering.hpp"
#include "backoff/truncated_sampler.hpp"
#include "counting/ngram_counter.hpp"
#include "sampling.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

Ngrams random_ngrams(Random& random, std::u32string_view symbols, unsigned order,
                     std::size_t words) {
  NgramCounter counter({}, order);
  std::vector<Word> some;
  for (std::size_t i = 0; i < words; ++i) some.push_back(random_word(random, symbols, 9));
  counter.add(packed(some));
  return counter.counts();
}

Backoff random_smoothing(Random& random, const NgramTrie& trie) {
  switch (below(random, 5)) {
    case 0: return kneser_ney(trie, {});
    case 1: return witten_bell(trie);
    case 2: return add_k(trie, 0);
    case 3: return add_k(trie, 1e-9);
    default: return add_k(trie, 0.5);
  }
}

// The row of a state, written out, without a symbol, and truncated.
std::vector<double> slow_row(const Backoff& model, std::uint32_t state,
                             const Truncation& truncation, std::uint32_t without = kUnknown) {
  std::vector<double> row(model.symbols);
  model.probabilities(state, row);
  if (without != kUnknown) row[without] = 0;
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  for (double& p : row) p = sum > 0 ? p / sum : 0;
  truncate(truncation, row);
  return row;
}

}  // namespace

TEST_CASE("a tempered model has the powers of its probabilities") {
  Random random(5);
  Word many;
  for (char32_t i = 0; i < 100; ++i) many += U'一' + i;  // too many for masks
  for (int i = 0; i < 60; ++i) {
    const auto order = static_cast<unsigned>(2 + below(random, 4));
    const Word symbols = below(random, 3) == 0 ? many : Word(U"abcdé");
    const NgramTrie trie(random_ngrams(random, symbols, order, 1 + below(random, 60)));
    const Backoff model = random_smoothing(random, trie);
    for (const double temperature : {0.05, 0.5, 0.8, 1.0, 2.0, 50.0, 5e-324, 1e-3, 1e300}) {
      const auto some = static_cast<std::uint32_t>(below(random, model.symbols));
      const std::uint32_t without = below(random, 2) == 0 ? kUnknown : some;
      const Backoff result = tempered(model, temperature, without);
      std::vector<double> row(model.symbols);
      for (std::uint32_t state = 0; state <= model.states(); ++state) {
        const std::uint32_t at = state < model.states() ? state : Backoff::kNone;
        const std::vector<double> expected = slow_row(model, at, {temperature, 0}, without);
        result.probabilities(at, row);
        for (std::uint32_t symbol = 0; symbol < model.symbols; ++symbol) {
          CHECK(std::abs(row[symbol] - expected[symbol]) < 1e-9);
          std::uint32_t from = at;
          CHECK(std::abs(std::exp(result.step(from, symbol)) - expected[symbol]) < 1e-9);
          CHECK(result.probability(at, symbol) == row[symbol]);
        }
      }
    }
  }
}

TEST_CASE("words of a large alphabet are drawn from its truncated rows") {
  Random random(6);
  constexpr std::size_t draws = 20'000;
  Word many;
  for (char32_t i = 0; i < 1200; ++i) many += U'一' + i;
  for (int i = 0; i < 12; ++i) {
    const auto order = static_cast<unsigned>(2 + below(random, 2));
    const NgramTrie trie(random_ngrams(random, many, order, 3000));
    if (trie.symbols <= TruncatedSampler::kWrittenOut) continue;
    std::vector<char32_t> inner(trie.symbols - 1);
    std::iota(inner.begin(), inner.end(), U'一');
    const NgramModel model(Alphabet(U'.', std::move(inner)), random_smoothing(random, trie));
    constexpr Truncation truncations[] = {{1, 1}, {0, 0}, {1, 3}, {0.5, 40}, {3, 1150}, {0.7, 0}};
    const Truncation truncation = truncations[below(random, std::size(truncations))];
    SampleRequest request = request_for(draws);
    const auto state = 1 + static_cast<std::uint32_t>(below(random, 50));
    request.prefix = {state};
    request.max_length = 2;
    std::uint32_t after = model.backoff().after(request.prefix);
    const std::vector<double> row = slow_row(model.backoff(), after, truncation);
    if (row == std::vector<double>(row.size())) continue;  // nothing can be drawn
    std::map<std::uint32_t, std::size_t> counts;
    for (const Ids& word : drawn(*model.sampler(truncation), request)) {
      ++counts[word.size() == 1 ? 0 : word[1]];
    }
    for (std::uint32_t symbol = 0; symbol < row.size(); ++symbol) {
      const double expected = row[symbol] * draws;
      const auto found = counts.find(symbol);
      const double n = found == counts.end() ? 0 : static_cast<double>(found->second);
      CHECK((row[symbol] > 0 || n == 0));
      CHECK(std::abs(n - expected) < 6 * std::sqrt(expected + 1));
    }
  }
}
