// From probabilities to whole numbers of the 2^32 draws, and from draws to symbols.
#include "sampling/alias.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

constexpr double kDraws = 4294967296.0;  // 2^32
using Weights = std::vector<std::uint64_t>;

void normalise(std::vector<double>& row) {
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  if (sum > 0) {
    for (double& p : row) p /= sum;
  }
}

double uniform(Random& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

// A row of one of several kinds: dense, sparse, one-hot, tiny, steep, equal, geometric.
std::vector<double> random_row(Random& random, std::size_t symbols) {
  std::vector<double> row(symbols);
  const std::size_t kind = below(random, 7);
  for (std::size_t i = 0; i < symbols; ++i) {
    const double u = uniform(random);
    switch (kind) {
      case 0: row[i] = u; break;
      case 1: row[i] = below(random, 4) == 0 ? u : 0; break;
      case 2: row[i] = 0; break;
      case 3: row[i] = below(random, 8) == 0 ? u : u * 1e-12; break;
      case 4: row[i] = std::exp(-60 * u); break;
      case 5: row[i] = 1; break;
      default: row[i] = std::ldexp(1.0, -static_cast<int>(i));
    }
  }
  if (std::accumulate(row.begin(), row.end(), 0.0) == 0) row[below(random, symbols)] = 1;
  normalise(row);
  return row;
}

// All that the header promises of the weights of a row; true if they keep it.
bool fair(const Weights& weights, const std::vector<double>& row) {
  bool good = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}) == 1ull << 32;
  for (std::size_t i = 0; i < row.size(); ++i) {
    good = good && std::abs(static_cast<double>(weights[i]) - row[i] * kDraws) < 1;
    if (row[i] == 0) good = good && weights[i] == 0;
  }
  return good;
}

unsigned column_bits(std::size_t symbols) {
  unsigned bits = 0;
  while ((std::size_t{1} << bits) < symbols) ++bits;
  return bits;
}

// Counts the draws of a row that give each symbol: in a column (the low bits) one symbol
// up to some draw and one from there on, and where it changes is found by halving.
Weights weights_by_drawing(const AliasTables& tables, std::uint32_t row, std::size_t symbols) {
  const unsigned bits = column_bits(symbols);
  const std::uint64_t capacity = (std::uint64_t{1} << 32) >> bits;
  Weights weights(symbols);
  for (std::uint64_t column = 0; column < std::uint64_t{1} << bits; ++column) {
    const auto symbol = [&](std::uint64_t i) {
      return tables.draw(row, static_cast<std::uint32_t>(i << bits | column));
    };
    const std::uint32_t first = symbol(0);
    const std::uint32_t last = symbol(capacity - 1);
    std::uint64_t low = 0;  // gives `first`
    std::uint64_t high = capacity;
    while (high - low > 1) {
      const std::uint64_t middle = (low + high) / 2;
      (symbol(middle) == first ? low : high) = middle;
    }
    weights.at(first) += high;
    weights.at(last) += capacity - high;
  }
  return weights;
}

}  // namespace

TEST_CASE("weights of simple rows are the expected whole numbers") {
  CHECK(integer_weights(std::vector<double>{1}) == Weights{1ull << 32});
  CHECK(integer_weights(std::vector<double>{0, 1, 0}) == Weights{0, 1ull << 32, 0});
  CHECK(integer_weights(std::vector<double>{0.5, 0.25, 0.25}) ==
        Weights{1ull << 31, 1ull << 30, 1ull << 30});
  CHECK(integer_weights(std::vector<double>{0, 0}) == Weights{0, 0});
  CHECK(integer_weights(std::vector<double>{}).empty());
}

TEST_CASE("what is left over goes to the largest remainders and of equals to the lower id") {
  const double third = 1.0 / 3;
  CHECK(integer_weights(std::vector<double>{third, third, third}) ==
        Weights{1431655766, 1431655765, 1431655765});
  const double part = 0x1p-34;  // a quarter of a draw
  CHECK(integer_weights(std::vector<double>{0.25 + part, 0.25 + 2 * part, 0.5 - 3 * part}) ==
        Weights{1ull << 30, (1ull << 30) + 1, (1ull << 31) - 1});
}

TEST_CASE("weights sum to 2^32 and each is within one of its share") {
  Random random(4);
  int unfair = 0;
  for (std::size_t symbols = 1; symbols <= 300; ++symbols) {
    for (int i = 0; i < 20; ++i) {
      const std::vector<double> row = random_row(random, symbols);
      unfair += !fair(integer_weights(row), row);
    }
  }
  CHECK(unfair == 0);
}

TEST_CASE("tables hold the weights of their rows exactly and draws obey them") {
  Random random(5);
  for (const std::size_t symbols :
       {1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 16u, 17u, 27u, 64u, 65u, 128u, 129u, 256u, 257u, 300u}) {
    std::vector<double> matrix;
    for (std::size_t row = 0; row < symbols; ++row) {
      const std::vector<double> one = random_row(random, symbols);
      matrix.insert(matrix.end(), one.begin(), one.end());
    }
    const AliasTables tables(matrix, symbols);
    int wrong = 0;
    for (std::size_t row = 0; row < symbols; ++row) {
      const auto at = matrix.begin() + static_cast<std::ptrdiff_t>(row * symbols);
      const std::vector<double> one(at, at + static_cast<std::ptrdiff_t>(symbols));
      const Weights weights = tables.weights(row);
      wrong += weights != integer_weights(one) || !fair(weights, one);
      wrong += weights != weights_by_drawing(tables, static_cast<std::uint32_t>(row), symbols);
    }
    CAPTURE(symbols);
    CHECK(wrong == 0);
  }
}

TEST_CASE("an empty row between others disturbs neither") {
  const AliasTables tables(std::vector<double>{0, 0.5, 0.5, 0, 0, 0, 1, 0, 0}, 3);
  CHECK(tables.weights(0) == Weights{0, 1ull << 31, 1ull << 31});
  CHECK(tables.weights(2) == Weights{1ull << 32, 0, 0});
}

TEST_CASE("a column changes its symbol once at most over all its draws") {
  Random random(6);
  constexpr std::size_t symbols = 300;
  std::vector<double> matrix(symbols * symbols);
  for (double& p : matrix) p = uniform(random);
  for (std::size_t row = 0; row < symbols; ++row) {
    std::vector<double> one(matrix.begin() + static_cast<std::ptrdiff_t>(row * symbols),
                            matrix.begin() + static_cast<std::ptrdiff_t>((row + 1) * symbols));
    normalise(one);
    std::copy(one.begin(), one.end(), matrix.begin() + static_cast<std::ptrdiff_t>(row * symbols));
  }
  const AliasTables tables(matrix, symbols);
  for (const std::uint32_t column : {0u, 17u, 299u, 300u, 511u}) {
    std::uint32_t before = tables.draw(7, column);
    int changes = 0;
    for (std::uint32_t i = 0; i < 1u << 23; ++i) {
      const std::uint32_t symbol = tables.draw(7, i << 9 | column);
      changes += symbol != before;
      before = symbol;
    }
    CAPTURE(column);
    CHECK(changes <= 1);
  }
}
