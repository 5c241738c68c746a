// Models that are mixed: sums of what they say, and weights that are learned.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "backoff/ngram_model.hpp"
#include "bigram/bigram_model.hpp"
#include "interpolation/interpolated_model.hpp"
#include "interpolation/learned_weights.hpp"
#include "support.hpp"

using namespace makemore;

namespace {

Ngrams bigrams(std::u32string_view symbols, Ngrams::Items items) {
  return {Alphabet(U'.', {symbols.begin(), symbols.end()}), 2, std::move(items)};
}

// Add-one models of the words "a" and "b".
InterpolatedModel::Models two_models() {
  const auto model = [](std::u32string_view symbols) {
    const KeyLayout layout = key_layout(2, 2);
    return std::make_shared<BigramModel>(
        bigrams(symbols, {{layout.bigram(0, 1), 1}, {layout.bigram(1, 0), 1}}), 1);
  };
  return {model(U"a"), model(U"b")};
}

}  // namespace

TEST_CASE("a symbol has the sum of what models give it") {
  const InterpolatedModel model(two_models(), {3, 1});
  CHECK(model.size() == 3);
  CHECK(model.weights()[0] == 0.75);
  const std::vector<double> row = model.next({});
  CHECK(row[0] == doctest::Approx(1.0 / 3));
  CHECK(row[1] == doctest::Approx(0.75 * 2 / 3));
  CHECK(row[2] == doctest::Approx(0.25 * 2 / 3));
  const std::unique_ptr<Cursor> cursor = model.cursor();
  const std::unique_ptr<Cursor> other = cursor->clone();
  CHECK(cursor->step(1) == doctest::Approx(std::log(0.5)));
  CHECK(other->step(2) == doctest::Approx(std::log(1.0 / 6)));
  CHECK(cursor->step(kUnknown) == -INFINITY);
}

TEST_CASE("the unknown symbol's share is divided by what a model does not have") {
  const KeyLayout layout = key_layout(2, 3);
  InterpolatedModel::Models models = two_models();
  models.pop_back();
  models.push_back(std::make_shared<BigramModel>(
      bigrams(U"b\uFFFD", {{layout.bigram(0, 1), 1}, {layout.bigram(1, 0), 1}}), 1));
  const InterpolatedModel model(models, {1, 1});
  CHECK(model.alphabet().unknown() == 3);  // of . a b and U+FFFD
  const std::vector<double> row = model.next({});
  CHECK(row[0] == doctest::Approx((1.0 / 3 + 1.0 / 4) / 2));
  CHECK(row[1] == doctest::Approx((2.0 / 3 + 1.0 / 8) / 2));  // half of the second one's 1/4
  CHECK(row[2] == doctest::Approx(0.25));
  CHECK(row[3] == doctest::Approx(1.0 / 16));
  CHECK(std::accumulate(row.begin(), row.end(), 0.0) == doctest::Approx(1));
  CHECK(model.cursor()->step(3) == doctest::Approx(std::log(1.0 / 16)));
  SampleRequest request;
  request.words = 500;
  const auto drawn = sample_words<std::uint8_t>(*model.sampler({}), request, {});
  CHECK(std::count(drawn.ids.begin(), drawn.ids.end(), 3) == 0);
}

TEST_CASE("words are the same by any number of threads") {
  const InterpolatedModel model(two_models(), {1, 1});
  const auto sampler = model.sampler({});
  SampleRequest request;
  request.words = 5000;
  request.seed = 3;
  request.threads = 1;
  const auto one = sample_words<std::uint8_t>(*sampler, request, {});
  request.threads = 4;
  const auto four = sample_words<std::uint8_t>(*model.sampler({}), request, {});
  CHECK(one.ids == four.ids);
  CHECK(one.offsets == four.offsets);
}

TEST_CASE("learned weights are the shares of the models") {
  // Where each position is possible to one model alone, one step is enough.
  const double never = -INFINITY;
  const WeightedPositions positions{2, {-1, never, never, -5, -2, never}, {1, 2, 1}};
  const std::vector<double> weights = learned_weights(positions, {0.5, 0.5}, {});
  CHECK(weights[0] == doctest::Approx(0.5));
  CHECK(weights[1] == doctest::Approx(0.5));
  CHECK(learned_weights(positions, {0.25, 0.75}, {})[0] == doctest::Approx(0.5));
}

TEST_CASE("weights that cannot be") {
  const auto make = [](std::vector<double> weights) {
    return InterpolatedModel(two_models(), std::move(weights));
  };
  CHECK_THROWS_AS(make({1}), Error);
  CHECK_THROWS_AS(make({0, 0}), Error);
  CHECK_THROWS_AS(make({1, -1}), Error);
  CHECK_THROWS_AS(make({1, NAN}), Error);
  CHECK_THROWS_AS(InterpolatedModel({}, {}), Error);
}
