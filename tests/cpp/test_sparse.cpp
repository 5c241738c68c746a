// Sparse rows, their alias tables and their models: the same, to the last bit, as written out.
#include <cmath>

#include "bigram/sparse_model.hpp"
#include "bigram/sparse_sampler.hpp"
#include "sampling.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

constexpr double kSmoothings[] = {0, 1e-12, 1e-9, 1e-3, 0.5, 1, 3, 1e6, 1e300};

// Some rows full, some empty; counts from one to beyond what a double holds exactly.
Ngrams random_counts(Random& random, std::size_t symbols) {
  std::vector<char32_t> others;
  for (std::size_t i = 1; i < symbols; ++i) others.push_back(U'a' + static_cast<char32_t>(i));
  Buffer<Bigram> cells{{0, 0, 1}};
  for (std::uint32_t a = 0; a < symbols; ++a) {
    const std::size_t filled = below(random, 4) * symbols / 3;
    for (std::uint32_t b = 0; b < symbols; ++b) {
      if (below(random, symbols) >= filled) continue;
      const std::size_t most = below(random, 4) == 0 ? std::size_t{1} << below(random, 50) : 3;
      cells.push_back({a, b, 1 + static_cast<std::int64_t>(below(random, most))});
    }
  }
  return counts_of(Alphabet(U'.', std::move(others)), std::move(cells));
}

Truncation random_truncation(Random& random, std::size_t symbols) {
  constexpr double temperatures[] = {1, 1, 0, 0.5, 0.8, 3};
  return {temperatures[below(random, 6)], below(random, 2) == 0 ? 0 : below(random, symbols + 3)};
}

std::vector<double> written_out(const SparseRows& rows) {
  std::vector<double> all;
  for (std::size_t a = 0; a < rows.size(); ++a) {
    for (std::uint32_t b = 0; b < rows.size(); ++b) all.push_back(rows.row(a).at(b));
  }
  return all;
}

}  // namespace

TEST_CASE("adding a number n times is adding it once and once more") {
  Random random(11);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const auto scaled = [&](double x, std::size_t most) {
    return std::ldexp(x, -static_cast<int>(below(random, most)));
  };
  std::size_t wrong = 0;
  for (int i = 0; i < 3000; ++i) {
    const double start = below(random, 3) == 0 ? 0 : scaled(uniform(), 40);
    // Also numbers of few bits, with which sums lie half way between two doubles.
    const double few = 1 + static_cast<double>(below(random, 8));
    const double number = scaled(below(random, 2) == 0 ? uniform() : few, 60);
    const std::uint64_t n = below(random, 3000);
    double expected = start;
    for (std::uint64_t k = 0; k < n; ++k) expected += number;
    wrong += added_times(start, number, n) != expected;
  }
  CHECK(wrong == 0);
  CHECK(added_times(1, 0x1p-53, 1'000'000'000'000) == 1);
  CHECK(added_times(0, 0, 1'000'000'000'000) == 0);
  CHECK(added_times(0, 1, 1'000'000'000'000) == 1e12);
}

TEST_CASE("smoothed and truncated rows are those of a model that is written out") {
  Random random(12);
  for (int i = 0; i < 400; ++i) {
    const std::size_t symbols = 1 + below(random, 40);
    const Ngrams counts = random_counts(random, symbols);
    const double smoothing = kSmoothings[below(random, std::size(kSmoothings))];
    const Truncation truncation = random_truncation(random, symbols);
    SparseRows rows(AddK(counts, smoothing));
    rows.truncate(truncation);
    CAPTURE(symbols);
    CAPTURE(smoothing);
    CAPTURE(truncation.temperature);
    CAPTURE(truncation.top_k);
    CHECK(written_out(rows) == BigramModel(counts, smoothing).truncated(truncation));
  }
}

TEST_CASE("every column of every table draws as in a table that is written out") {
  Random random(13);
  for (int i = 0; i < 400; ++i) {
    const std::size_t symbols = 1 + below(random, 70);
    const Ngrams counts = random_counts(random, symbols);
    SparseRows rows(AddK(counts, kSmoothings[below(random, std::size(kSmoothings))]));
    rows.truncate(random_truncation(random, symbols));
    const AliasTables dense(written_out(rows), symbols);
    const SparseAliasTables sparse(rows);
    const std::uint32_t columns = std::uint32_t{1} << dense.bits();
    std::size_t wrong = 0;
    for (std::uint32_t row = 0; row < symbols; ++row) {
      const std::vector<std::uint64_t> weights = dense.weights(row);
      const std::vector<double> all = written_out(rows);
      const bool empty = std::all_of(&all[row * symbols], &all[row * symbols] + symbols,
                                     [](double p) { return p == 0; });
      CHECK(sparse.empty(row) == empty);
      if (empty) continue;
      for (std::uint32_t column = 0; column < columns; ++column) {
        // Around the threshold, and at both ends.
        const std::uint32_t threshold =
            dense.entries()[(std::size_t{row} << dense.bits()) + column] >> dense.bits();
        const std::uint32_t most = ~std::uint32_t{0} >> dense.bits();
        for (const std::uint32_t own : {0u, threshold - (threshold > 0), threshold, most}) {
          const std::uint32_t bits = own << dense.bits() | column;
          wrong += sparse.draw(row, bits) != dense.draw(row, bits);
        }
      }
      std::vector<std::uint32_t> special;
      const std::uint32_t end = sparse.possible(row, special);
      for (std::uint32_t column = 0; column < symbols; ++column) {
        const bool possible =
            column < end || std::find(special.begin(), special.end(), column) != special.end();
        wrong += possible != (weights[column] > 0);
      }
    }
    CAPTURE(symbols);
    CHECK(wrong == 0);
  }
}

TEST_CASE("the words, the scores and the refusals are those of the other model") {
  Random random(14);
  for (int i = 0; i < 300; ++i) {
    const std::size_t symbols = 2 + below(random, 20);
    const Ngrams counts = random_counts(random, symbols);
    const double smoothing = below(random, 2) == 0 ? 0 : 0.01;
    const Truncation truncation = random_truncation(random, symbols);
    const BigramModel dense(counts, smoothing);
    const SparseBigramModel sparse(counts, smoothing);
    const Ngrams others = random_counts(random, symbols + 1);
    CHECK(sparse.log_likelihood(counts) == dense.log_likelihood(counts));
    CHECK(sparse.log_likelihood(others) == dense.log_likelihood(others));
    CHECK(sparse.next(Ids{1}) == dense.next(Ids{1}));

    const auto from_dense = dense.sampler(truncation);
    const auto from_sparse = sparse.sampler(truncation);
    for (const std::size_t max_length : {0u, 9u}) {
      SampleRequest request = request_for(max_length == 0 ? 0 : 200);
      request.max_length = max_length;
      if (below(random, 2) == 0) request.prefix = {1};
      const auto result = [&](const WordSampler& sampler) {
        std::vector<Ids> words;
        const std::string error = error_of([&] {
          const auto sampled = sample_words<std::uint16_t>(sampler, request, nullptr);
          for (std::size_t w = 0; w < request.words; ++w) {
            words.emplace_back(sampled.ids.begin() + sampled.offsets[w],
                               sampled.ids.begin() + sampled.offsets[w + 1]);
          }
        });
        return std::pair(error, words);
      };
      CHECK(result(*from_sparse) == result(*from_dense));
    }
  }
}
