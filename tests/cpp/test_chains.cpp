// Chains, what they count, and that leaving one out is counting without it.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "mixture/chain.hpp"
#include "mixture/chain_counts.hpp"
#include "mixture/chain_rows.hpp"
#include "mixture/fast_math.hpp"
#include "mixture/fit.hpp"
#include "mixture/saved_mixture.hpp"
#include "text/utf8.hpp"
#include "text/word_list.hpp"

namespace makemore {
namespace {

WordList list_of(const std::vector<std::string>& words,
                 const std::vector<std::int64_t>& weights = {}) {
  std::vector<std::uint8_t> packed;
  for (const std::string& word : words) {
    packed.insert(packed.end(), word.begin(), word.end());
    packed.push_back(kWordEnd);
  }
  WordList list(U'.');
  list.add({packed}, weights);
  return list;
}

const Poll kNoPause = [] {};

}  // namespace

TEST_CASE("a chain is read, and written with single spaces") {
  const Chain chain(" h1\tp15  f0 ");
  CHECK(chain.text() == "h1 p15 f0");
  REQUIRE(chain.features().size() == 3);
  CHECK(chain.features()[1] == Feature{Feature::Kind::position, 15});
  CHECK_THROWS_WITH_AS(Chain("h1 h1"), "chain 'h1 h1': has 'h1' twice", Error);
}

TEST_CASE("features of the positions of a word") {
  const std::vector<std::uint32_t> word{5, 6, 7};
  const SymbolClasses classes({0, 1, 1, 1, 1, 1, 2, 1});
  const auto value = [&](const char* feature, std::size_t t) {
    return Chain(feature).features()[0].value(word, t, classes);
  };
  CHECK(value("h1", 0) == 1);  // the boundary
  CHECK(value("h1", 2) == 7);  // the symbol 6, plus one
  CHECK(value("h3", 2) == 1);
  CHECK(value("h4", 2) == Feature::kAbsent);
  CHECK(value("f0", 0) == 1);
  CHECK(value("f0", 1) == 6);
  CHECK(value("f1", 1) == Feature::kAbsent);
  CHECK(value("p2", 1) == 2);
  CHECK(value("p2", 3) == 3);
  CHECK(value("c1/2", 0) == 1);  // the boundary
  CHECK(value("c1/2", 1) == 2);  // a vowel
  CHECK(value("c1/2", 2) == 3);  // a consonant
  CHECK(value("c3/2", 1) == Feature::kAbsent);
  CHECK(value("v1", 2) == 6);
  CHECK(value("v2", 3) == 6);
  CHECK(value("q1", 3) == 7);
  CHECK(value("q1", 1) == 1);  // the boundary: there is none so far
  CHECK(value("q2", 1) == Feature::kAbsent);
  CHECK(value("y6", 0) == 1);
  CHECK(value("y6", 2) == 2);
  CHECK(value("y6", 3) == 3);
  CHECK(value("y1", 3) == 2);
}

TEST_CASE("vowels stand beside consonants") {
  const SymbolClasses few(list_of({"banana", "bonbon", "nabob", "abba"}));
  // The boundary, then a, b, n, o.
  const std::vector<std::uint8_t> expected{0, 1, 2, 2, 1};
  CHECK(std::vector<std::uint8_t>(few.all().begin(), few.all().end()) == expected);
  // More symbols than a table of all pairs is kept for: pairs without a common symbol, of which
  // the first is the vowel.
  WordList many(U'.');
  std::vector<std::uint8_t> packed;
  for (char32_t symbol = 0x4E00; symbol < 0x4E00 + 1000; ++symbol) {
    std::uint8_t utf8[4];
    packed.insert(packed.end(), utf8, encode(symbol, utf8));
    if (symbol % 2 == 1) packed.push_back(kWordEnd);
  }
  many.add({packed});
  const SymbolClasses of_many(many);
  for (std::uint32_t id = 1; id <= 1000; ++id) CHECK(of_many.of(id) == (id % 2 == 1 ? 1 : 2));
  CHECK(of_many.of(1001) == SymbolClasses::kUnknownClass);
}

TEST_CASE("discounted counts are handed up") {
  const WordList words = list_of({"a", "a", "ab"});
  const ChainCounts counts(Chain("h1"), words, {}, {}, kNoPause);
  // The root, then the nodes behind the boundary, a and b.
  REQUIRE(counts.nodes().size() == 4);
  const auto behind_a = counts.entry_counts(counts.nodes()[2]);
  REQUIRE(behind_a.size() == 2);  // the end twice, b once
  CHECK(behind_a[0] == 2);
  CHECK(behind_a[1] == 1);
  const auto root = counts.entry_counts(counts.nodes()[0]);
  REQUIRE(root.size() == 3);
  CHECK(root[0] == doctest::Approx(0.6 + 0.5));  // the end: behind a and behind b
  CHECK(root[1] == doctest::Approx(0.65));
  CHECK(root[2] == doctest::Approx(0.5));
}

// Words of one position each; tests/test_fit.py leaves positions of longer words out.
TEST_CASE("leaving one out of two equal words is counting the other") {
  const std::vector<std::uint64_t> sample{0, 1};
  const std::vector<std::uint32_t> levels{0, 1, 2};
  const ChainCounts two(Chain("h1 f0"), list_of({"", ""}), {}, sample, kNoPause);
  RowWords held_out;
  std::vector<std::uint32_t> held_out_at;
  const ChainRows both = make_rows(two, levels, &held_out, &held_out_at, kNoPause);
  const ChainCounts one(Chain("h1 f0"), list_of({""}), {}, {}, kNoPause);
  const ChainRows other = make_rows(one, levels, nullptr, nullptr, kNoPause);
  REQUIRE(both.nodes.size() == other.nodes.size());
  for (const std::uint32_t outcome : two.outcome_of()) {
    // Counts are small, so all rows of the path are changed: those of the other word.
    const std::uint32_t* words = &held_out[held_out_at[outcome]];
    CHECK(words[0] == HeldOut::kNone);
    CHECK(words[3] == 0);
    std::vector<std::uint32_t> path;
    for (std::uint32_t n = two.outcomes()[outcome].node;; n = both.nodes[n].parent) {
      path.insert(path.begin(), n);
      if (n == 0) break;
    }
    REQUIRE(words[4] == path.size());
    words += HeldOut::kWords;
    for (const std::uint32_t n : path) {
      const ChainRows::Node& node = other.nodes[n];
      CHECK(words[0] / kKinds == node.level());
      CHECK(words[1] == node.blocks);
      CHECK(words[4] == other.words[node.first + 1]);
      const auto numbers = static_cast<std::uint32_t>(std::popcount(words[4]));
      for (std::uint32_t k = 0; k < numbers; ++k) {
        CHECK(std::bit_cast<float>(words[5 + k]) ==
              doctest::Approx(std::bit_cast<float>(other.words[node.first + 2 + k])));
      }
      CHECK(words[2] == 2 + numbers);
      words += 5 + numbers;
    }
  }
}

TEST_CASE("a set of features speaks once") {
  const std::vector<Chain> chains{Chain("h1 h2 p3"), Chain("h2 h1"), Chain("p3 h1")};
  const Levels levels(chains);
  constexpr std::uint32_t silent = Levels::kSilent;
  CHECK(levels.number == 7);
  CHECK(levels.of_chain[0] == std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(levels.of_chain[1] == std::vector<std::uint32_t>{silent, 4, silent});
  CHECK(levels.of_chain[2] == std::vector<std::uint32_t>{silent, 5, 6});
}

TEST_CASE("log and exp are as exact as they say") {
  for (float x = 1e-30F; x < 1e30F; x *= 1.37F) {
    const double exact = std::log(static_cast<double>(x));
    const double bound = std::max(std::abs(exact) * std::exp2(-22), std::exp2(-24));
    CHECK(std::abs(static_cast<double>(fast_log(x)) - exact) <= bound);
  }
  for (float x = -87.0F; x < 88.0F; x += 0.0137F) {
    const double exact = std::exp(static_cast<double>(x));
    CHECK(std::abs(static_cast<double>(fast_exp(x)) - exact) <= exact * std::exp2(-22));
  }
  CHECK(fast_exp(-1000.0F) > 0);
}

TEST_CASE("a list that cannot take a word is left as it was") {
  WordList list = list_of({"ab"});
  const std::vector<std::uint8_t> bad{'c', kWordEnd, 'd', '.', kWordEnd};
  CHECK_THROWS_AS(list.add({bad}), Error);
  CHECK(list.size() == 1);
  CHECK(list.positions() == 3);
  CHECK(list.alphabet().size() == 3);
}

TEST_CASE("a word that counts several times is held once") {
  const WordList list = list_of({"ab", "xyz", "b"}, {3, 0, 2});
  CHECK(list.size() == 2);
  CHECK(list.positions() == 5);
  CHECK(list.total_words() == 5);
  CHECK(list.total_positions() == 13);
  CHECK(list.alphabet().size() == 3);
  CHECK_FALSE(list_of({"ab", "b"}, {1, 1}).weighted());
  WordList more = list_of({"ab"});
  const std::vector<std::uint8_t> bad{'a', kWordEnd, 'b', kWordEnd};
  const std::vector<std::int64_t> weights{2, -1};
  CHECK_THROWS_WITH_AS(more.add({bad}, weights), "word 2: the weight -1 is negative", Error);
  CHECK(more.total_positions() == 3);
  CHECK_FALSE(more.weighted());
}

TEST_CASE("a model of weighted words is that of repeated words, to the last bit") {
  const std::vector<Chain> chains{Chain("h1 h2"), Chain("p3 f0 y2"), Chain("v1 q1")};
  const FitOptions options{.seed = 1, .threads = 2};
  const MixtureModel model = fit(list_of({"ab", "", "bab"}, {2, 1, 3}), chains, options, {});
  const MixtureModel other =
      fit(list_of({"ab", "ab", "", "bab", "bab", "bab"}), chains, options, {});
  const SavedMixture saved = save(model, {});
  const SavedMixture wanted = save(other, {});
  CHECK(saved.words == wanted.words);
  CHECK(saved.weights == wanted.weights);
  CHECK(saved.nodes == wanted.nodes);
  CHECK(saved.rows == wanted.rows);
  CHECK(saved.prefixes == wanted.prefixes);
}

TEST_CASE("what a fit needs, and what is saved of it") {
  const WordList words = list_of({"ab", "b"});
  CHECK_THROWS_WITH_AS(fit(words, {}, {}, {}), "there are no chains to fit", Error);
  CHECK_THROWS_AS(fit(WordList(U'.'), {Chain("h1")}, {}, {}), Error);
  const MixtureModel model = fit(words, {Chain("h1"), Chain("p3 f0")}, {.seed = 1}, {});
  const SavedMixture saved = save(model, {});
  CHECK(restore(saved, {}).next({}) == model.next({}));
  CHECK(saved.words == 2);
  SavedMixture changed = saved;
  changed.weights.pop_back();
  CHECK_THROWS_AS(restore(changed, {}), Error);
}

}  // namespace makemore
