// Probabilities, scores and the loss, each against the formula written out.
#include "bigram/bigram_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

const std::vector<Word> kWords = {U"emma", U"olivia", U"ava", U"isabella", U"sophia", U"", U"é中"};

BigramModel model_of(const std::vector<Word>& words, double smoothing = 0) {
  return BigramModel(count_words(words), smoothing);
}

std::vector<double> scores_of(const BigramModel& model, const std::vector<Word>& words) {
  std::vector<double> scores;
  const ByteString bytes = packed(words);
  model.score(Text{bytes, Layout::packed, false}, scores, nullptr);
  return scores;
}

// P(b | a) from the counts of symbols, with no table.
double slow_probability(const Tally& counts, std::size_t v, char32_t a, char32_t b, double k) {
  double row = 0;
  for (const auto& [pair, count] : counts) row += pair.first == a ? static_cast<double>(count) : 0;
  const auto found = counts.find({a, b});
  const double cell = found == counts.end() ? 0 : static_cast<double>(found->second);
  const double all = row + k * static_cast<double>(v);
  return all == 0 ? 0 : (cell + k) / all;
}

double slow_score(const Tally& counts, const Alphabet& alphabet, const Word& word, double k) {
  double sum = 0;
  const Word whole = U'.' + word + U'.';
  for (std::size_t i = 1; i < whole.size(); ++i) {
    if (alphabet.id(whole[i]) == kUnknown) return -kInfinity;
    sum += std::log(slow_probability(counts, alphabet.size(), whole[i - 1], whole[i], k));
  }
  return sum;
}

std::span<const double> row_of(std::span<const double> matrix, std::size_t v, std::size_t row) {
  return matrix.subspan(row * v, v);
}

double sum_of(std::span<const double> row) { return std::accumulate(row.begin(), row.end(), 0.0); }

// One row, that of the boundary, with these counts of what follows; the others end at once.
BigramModel model_of_row(const std::vector<std::int64_t>& counts) {
  std::vector<char32_t> others;
  Buffer<Bigram> cells = {{0, 0, counts[0]}};
  for (std::uint32_t i = 1; i < counts.size(); ++i) {
    others.push_back(U'a' + i);
    cells.push_back({0, i, counts[i]});
    cells.push_back({i, 0, counts[i]});
  }
  return BigramModel(counts_of(Alphabet(U'.', others), cells), 0);
}

std::vector<double> first_row(const std::vector<double>& matrix, std::size_t v) {
  return {matrix.begin(), matrix.begin() + static_cast<std::ptrdiff_t>(v)};
}

bool close(const std::vector<double>& a, const std::vector<double>& b) {
  bool good = a.size() == b.size();
  for (std::size_t i = 0; good && i < a.size(); ++i) good = std::abs(a[i] - b[i]) < 1e-12;
  return good;
}

}  // namespace

TEST_CASE("each probability is (count + k) / (row + k V)") {
  const Ngrams counts = count_words(kWords);
  const auto symbols = counts.alphabet().symbols();
  for (const double k : {0.0, 0.5, 1.0, 1000.0}) {
    const BigramModel model(counts, k);
    const std::size_t v = model.size();
    for (std::size_t a = 0; a < v; ++a) {
      CHECK(sum_of(row_of(model.probabilities(), v, a)) == doctest::Approx(1).epsilon(1e-14));
      for (std::size_t b = 0; b < v; ++b) {
        CHECK(model.probabilities()[a * v + b] ==
              slow_probability(tally(counts), v, symbols[a], symbols[b], k));
      }
    }
  }
}

TEST_CASE("a row that was never seen is zero without smoothing and uniform with it") {
  const Ngrams counts = counts_of(Alphabet(U'.', {U'a', U'q'}), {{0, 1, 2}, {1, 0, 2}});
  const BigramModel plain(counts, 0);
  CHECK(sum_of(row_of(plain.probabilities(), 3, 2)) == 0);
  const BigramModel smooth(counts, 1);
  for (const double p : row_of(smooth.probabilities(), 3, 2)) CHECK(p == 1.0 / 3);
}

TEST_CASE("no words and bad smoothing make no model") {
  CHECK(error_of([] { model_of({}); }) == "there are no words to make a model of");
  CHECK(error_of([] { model_of({}, 1); }) == "there are no words to make a model of");
  for (const double bad : {-1.0, -1e-9, kInfinity, std::nan("")}) {
    CHECK(error_of([&] { model_of({U"a"}, bad); }) == "smoothing must be a number from 0 up");
  }
}

TEST_CASE("smoothing too large or too small for the arithmetic is refused or exact") {
  for (const double smoothing : {5e-324, 1e-300, 1e15, 1e300, 1.7e308}) {
    double worst = 0;
    const std::string refusal = error_of([&] {
      const BigramModel model = model_of(kWords, smoothing);
      for (std::size_t a = 0; a < model.size(); ++a) {
        const double sum = sum_of(row_of(model.probabilities(), model.size(), a));
        worst = std::max(worst, std::abs(sum - 1));
      }
    });
    CAPTURE(smoothing);
    CHECK(worst < 1e-14);
    if (smoothing <= 1e15) CHECK(refusal == "no error");
  }
}

TEST_CASE("scores are the sums of the logarithms, the end included") {
  Random random(12);
  const Ngrams counts = count_words(kWords);
  std::vector<Word> words = kWords;
  for (int i = 0; i < 300; ++i) words.push_back(random_word(random, U"abeilmosvé中😀x\n", 6));
  for (const double k : {0.0, 0.1, 1.0}) {
    const BigramModel model(counts, k);
    const std::vector<double> scores = scores_of(model, words);
    REQUIRE(scores.size() == words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      const double slow = slow_score(tally(counts), counts.alphabet(), words[i], k);
      CAPTURE(words[i]);
      CHECK((scores[i] == slow || std::abs(scores[i] - slow) < 1e-12 * std::abs(slow)));
    }
  }
}

TEST_CASE("an unknown symbol or an impossible bigram scores minus infinity for its word alone") {
  const BigramModel model = model_of({U"ab"});
  const std::vector<double> scores = scores_of(model, {U"ab", U"axb", U"ba", U"é", U"", U"ab"});
  CHECK(scores == std::vector<double>{0, -kInfinity, -kInfinity, -kInfinity, -kInfinity, 0});
  CHECK(scores_of(model_of({U"ab"}, 1), {U"x"}) == std::vector<double>{-kInfinity});
}

TEST_CASE("the boundary in a word to score is an unknown symbol") {
  const BigramModel model = model_of(kWords, 1);
  const std::vector<double> scores = scores_of(model, {U"emma", U"av.a", U".", U"é."});
  CHECK(scores[0] > -kInfinity);
  CHECK(std::vector(scores.begin() + 1, scores.end()) == std::vector(3, -kInfinity));
}

TEST_CASE("what follows an unknown symbol is scored as after a symbol that was never seen") {
  const ByteString bytes = packed({U"e?m", U"m.m"});
  for (const double k : {0.0, 0.25, 1e300}) {
    const BigramModel model = model_of(kWords, k);
    SymbolScores scores;
    model.score_symbols(Text{bytes, Layout::packed, false}, scores, nullptr);
    const double after = k > 0 ? -std::log(static_cast<double>(model.size())) : -kInfinity;
    for (const std::size_t word : {std::size_t{0}, std::size_t{4}}) {
      CHECK(scores.values[word + 1] == -kInfinity);
      CHECK(
          (scores.values[word + 2] == after || std::abs(scores.values[word + 2] - after) < 1e-12));
    }
    const std::vector<std::uint32_t> unknown{1, kUnknown};
    for (const double p : model.next(unknown)) {
      CHECK(std::abs(p - (k > 0 ? std::exp(after) : 0)) < 1e-15);
    }
  }
}

TEST_CASE("scoring appends and no words score nothing") {
  const BigramModel model = model_of(kWords);
  CHECK(scores_of(model, {}).empty());
  std::vector<double> scores = {7};
  const ByteString bytes = packed({U"ava"});
  model.score(Text{bytes, Layout::packed, true}, scores, nullptr);
  CHECK(scores == std::vector<double>{7, scores_of(model, {U"ava"})[0]});
}

TEST_CASE("a long call to score polls whether its words are many or long") {
  struct Stop {};
  const BigramModel model = model_of({U"aa"});
  const Poll stop = [] { throw Stop{}; };
  std::vector<double> scores;
  const ByteString many(40'000'000, kWordEnd);
  CHECK_THROWS_AS(model.score(Text{many, Layout::packed, true}, scores, stop), Stop);
  ByteString longest(80'000'000, 'a');
  longest.back() = kWordEnd;
  scores.clear();
  CHECK_THROWS_AS(model.score(Text{longest, Layout::packed, true}, scores, stop), Stop);
}

TEST_CASE("the likelihood of counts is the sum of their words' scores") {
  const std::vector<Word> others = {U"ava", U"emi", U"", U"sol"};
  for (const double k : {0.5, 1.0}) {
    const BigramModel model = model_of(kWords, k);
    for (const std::vector<Word>& words : {kWords, others}) {
      const std::vector<double> scores = scores_of(model, words);
      CHECK(model.log_likelihood(count_words(words)) ==
            doctest::Approx(sum_of(scores)).epsilon(1e-13));
    }
  }
  CHECK(model_of({U"ab"}).log_likelihood(count_words({U"ab"})) == 0);
}

TEST_CASE("what the model finds impossible or does not know has no likelihood") {
  const BigramModel model = model_of({U"ab"});
  CHECK(model.log_likelihood(count_words({U"ba"})) == -kInfinity);
  CHECK(model.log_likelihood(count_words({U"ab", U"ax"})) == -kInfinity);
  CHECK(model_of({U"ab"}, 1).log_likelihood(count_words({U"ax"})) == -kInfinity);
}

TEST_CASE("temperature one and all symbols leave the probabilities alone") {
  const BigramModel model = model_of(kWords, 0.5);
  const std::vector<double> same(model.probabilities().begin(), model.probabilities().end());
  CHECK(model.truncated({1, 0}) == same);
  CHECK(model.truncated({1, model.size()}) == same);
  CHECK(model.truncated({1, 1000}) == same);
}

TEST_CASE("temperature raises probabilities to a power and rows sum to one again") {
  const BigramModel model = model_of_row({1, 2, 4, 0});
  CHECK(close(first_row(model.truncated({0.5, 0}), 4), {1 / 21.0, 4 / 21.0, 16 / 21.0, 0}));
  const double root = std::sqrt(2);
  const double all = 3 + root;
  CHECK(close(first_row(model.truncated({2, 0}), 4), {1 / all, root / all, 2 / all, 0}));
  CHECK(close(first_row(model.truncated({1e-300, 0}), 4), {0, 0, 1, 0}));
  CHECK(close(first_row(model.truncated({1e300, 0}), 4), {1 / 3.0, 1 / 3.0, 1 / 3.0, 0}));
}

TEST_CASE("temperature zero and top_k keep the lower id where symbols tie") {
  const BigramModel model = model_of_row({2, 5, 1, 5, 2});
  CHECK(first_row(model.truncated({0, 0}), 5) == std::vector<double>{0, 1, 0, 0, 0});
  CHECK(first_row(model.truncated({0, 3}), 5) == std::vector<double>{0, 1, 0, 0, 0});
  CHECK(first_row(model.truncated({1, 1}), 5) == std::vector<double>{0, 1, 0, 0, 0});
  CHECK(first_row(model.truncated({1, 2}), 5) == std::vector<double>{0, 0.5, 0, 0.5, 0});
  CHECK(close(first_row(model.truncated({1, 3}), 5), {2 / 12.0, 5 / 12.0, 0, 5 / 12.0, 0}));
  CHECK(close(first_row(model.truncated({0.5, 4}), 5),
              {4 / 58.0, 25 / 58.0, 0, 25 / 58.0, 4 / 58.0}));
}

TEST_CASE("reshaping keeps empty rows empty and refuses bad temperatures") {
  const BigramModel model(counts_of(Alphabet(U'.', {U'a', U'q'}), {{0, 1, 2}, {1, 0, 2}}), 0);
  for (const double temperature : {0.0, 0.5, 2.0}) {
    CHECK(sum_of(row_of(model.truncated({temperature, 2}), 3, 2)) == 0);
  }
  for (const double bad : {-0.5, kInfinity, std::nan("")}) {
    CHECK(error_of([&] { model.truncated({bad, 0}); }) == "temperature must be a number from 0 up");
  }
}
