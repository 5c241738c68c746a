// Chains, what they count, and that leaving one out is counting without it.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "mixture/chain.hpp"
#include "mixture/chain_counts.hpp"
#include "mixture/fast_math.hpp"
#include "mixture/fit.hpp"
#include "mixture/float_rows.hpp"
#include "mixture/leave_one_out.hpp"
#include "text/word_list.hpp"

namespace makemore {
namespace {

WordList list_of(const std::vector<std::string>& words) {
  std::vector<std::uint8_t> packed;
  for (const std::string& word : words) {
    packed.insert(packed.end(), word.begin(), word.end());
    packed.push_back(kWordEnd);
  }
  WordList list(U'.');
  list.add({packed});
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
  const auto value = [&](const char* feature, std::size_t t) {
    return Chain(feature).features()[0].value(word, t);
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
}

TEST_CASE("discounted counts are handed up") {
  const WordList words = list_of({"a", "a", "ab"});
  const ChainCounts counts(Chain("h1"), words, {}, kNoPause);
  // The root, then the nodes behind the boundary, a and b.
  REQUIRE(counts.nodes().size() == 4);
  const auto behind_a = counts.entry_counts(counts.nodes()[2]);
  REQUIRE(behind_a.size() == 2);  // the end twice, b once
  CHECK(behind_a[0] == 2);
  CHECK(behind_a[1] == 1);
  const auto root = counts.entry_counts(counts.nodes()[0]);
  REQUIRE(root.size() == 3);
  CHECK(root[0] == doctest::Approx(1.3 + 0.75));  // the end: behind a and behind b
  CHECK(root[1] == doctest::Approx(1.7));
  CHECK(root[2] == doctest::Approx(0.75));
}

TEST_CASE("leaving one out of two equal words is counting the other") {
  const std::vector<std::uint64_t> sample{0, 1, 2};
  const ChainCounts two(Chain("h1 h2"), list_of({"ab", "ab"}), sample, kNoPause);
  const HeldOutRows left = leave_one_out(two, kNoPause);
  // With one word only, the position's own path to its end was never taken.
  const ChainCounts one(Chain("h1 h2"), list_of({"ab"}), sample, kNoPause);
  for (const std::uint32_t outcome : two.outcome_of()) {
    const float* const row = left.log_probabilities.data() + outcome * row_stride(3);
    double total = 0;
    for (std::size_t c = 0; c < 3; ++c) total += std::exp(static_cast<double>(row[c]));
    CHECK(total == doctest::Approx(1).epsilon(1e-5));
    CHECK(left.buckets[outcome] / 4 == two.nodes()[two.outcomes()[outcome].node].depth + 1);
  }
  CHECK(one.nodes().size() == two.nodes().size());
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

TEST_CASE("what a fit needs") {
  const auto words = std::make_shared<const WordList>(list_of({"ab", "b"}));
  CHECK_THROWS_WITH_AS(fit(words, {}, {}, {}), "there are no chains to fit", Error);
  const MixtureModel model = fit(words, {Chain("h1"), Chain("p3 f0")}, {.seed = 1}, {});
  const auto values = model.weights().values();
  const MixtureModel again = refit(words, model.chains(), values, 1, {});
  CHECK(again.next({}) == model.next({}));
  CHECK_THROWS_AS(refit(words, model.chains(), values.first(3), 1, {}), Error);
}

}  // namespace makemore
