// Counts read as a table: rows of a context, differences, text, entropy; counts of order 1.
#include <cmath>
#include <map>

#include "backoff/backoff.hpp"
#include "backoff/ngram_model.hpp"
#include "backoff/ngram_trie.hpp"
#include "bigram/bigram_model.hpp"
#include "counting/ngram_counter.hpp"
#include "counts/csv.hpp"
#include "counts/following.hpp"
#include "counts/information.hpp"
#include "counts/restored_counts.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

Ngrams table_of(const std::vector<Word>& words, unsigned order) {
  NgramCounter counter({}, order);
  counter.add(packed(words));
  return counter.counts();
}

std::vector<Word> some_words(Random& random, std::size_t most) {
  std::vector<Word> words;
  for (std::size_t left = 1 + below(random, most); left > 0; --left) {
    words.push_back(random_word(random, U"abé中😀", 9));
  }
  return words;
}

}  // namespace

TEST_CASE("counts of order 1 are sums of those of any order") {
  Random random(1);
  for (int round = 0; round < 50; ++round) {
    const std::vector<Word> words = some_words(random, 20);
    const Ngrams single = table_of(words, 1);
    CHECK(single.words() == static_cast<std::int64_t>(words.size()));
    for (unsigned order = 2; order <= 5; ++order) {
      CHECK(lowered(table_of(words, order), 1) == single);
    }
    CHECK(added(single, single).total() == 2 * single.total());
  }
}

TEST_CASE("a row is what follows a context, by looking up and by going through all") {
  Random random(2);
  for (const std::size_t most : {std::size_t{10}, std::size_t{3000}}) {
    for (unsigned order = 1; order <= 5; ++order) {
      const Ngrams counts = table_of(some_words(random, most), order);
      const auto v = static_cast<std::uint32_t>(counts.alphabet().size());
      for (unsigned length = 0; length < order; ++length) {
        std::vector<std::uint32_t> gram(length);
        for (std::uint32_t& id : gram) id = static_cast<std::uint32_t>(below(random, v));
        const std::vector<std::int64_t> row = following(counts, gram);
        const Ngrams low = lowered(counts, length + 1);
        gram.push_back(0);
        for (std::uint32_t id = 0; id < v; ++id) {
          gram.back() = id;
          CHECK(row[id] == low.at(gram));
        }
      }
    }
  }
  const std::vector<std::uint32_t> whole{0, 0};
  CHECK(error_of([&] { following(table_of({U"ab"}, 2), whole); }) ==
        "a context has fewer symbols than an n-gram");
}

TEST_CASE("what was added can be taken away, and no more") {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    const std::vector<Word> a = some_words(random, 9);
    const std::vector<Word> b = some_words(random, 9);
    for (unsigned order = 1; order <= 4; ++order) {
      const Ngrams both = added(table_of(a, order), table_of(b, order));
      const Ngrams rest = subtracted(both, table_of(b, order));
      CHECK(added(rest, table_of(b, order)) == both);
      CHECK(rest.words() == static_cast<std::int64_t>(a.size()));
    }
  }
  CHECK(error_of([] { subtracted(table_of({U"ab"}, 2), table_of({U"ac"}, 2)); }) ==
        "a count cannot be below zero: 'c' '.' occurs 0 times, and 1 are to be taken away");
}

TEST_CASE("text has a line for each n-gram, and marks around what would part it") {
  std::string text;
  const std::vector<std::uint32_t> ids{0, 1, 1, 2, 2, 0};
  const std::vector<std::int64_t> counts{3, 12, std::int64_t{1} << 62};
  const Alphabet alphabet(U'\n', {U'"', U','});
  write_csv(alphabet, 2, ids, counts, ',', [&](std::string_view part) { text += part; });
  CHECK(text ==
        "\"\n\",\"\"\"\",3\n"
        "\"\"\"\",\",\",12\n"
        "\",\",\"\n\",4611686018427387904\n");
}

TEST_CASE("entropy is the loss of the words by their own frequencies") {
  Random random(4);
  for (int round = 0; round < 30; ++round) {
    const std::vector<Word> words = some_words(random, 20);
    for (unsigned order = 1; order <= 4; ++order) {
      const Ngrams counts = table_of(words, order);
      const NgramModel model(counts.alphabet(), add_k(NgramTrie(counts), 0));
      const double loss = -model.log_likelihood(counts) / static_cast<double>(counts.total());
      CHECK(conditional_entropy(counts) == doctest::Approx(loss).epsilon(1e-12));
      CHECK(mutual_information(counts).size() == counts.items().size());
    }
  }
  CHECK(error_of([] { conditional_entropy(Ngrams(Alphabet(U'.'), 2)); }) ==
        "there are no words to measure the entropy of");
}

TEST_CASE("counts of order 1 from outside need an end") {
  const auto restored = [](std::int64_t ends, std::int64_t others) {
    RestoredCounts counts(Alphabet(U'.', {U'a'}), 1);
    const std::vector<std::uint32_t> ids =
        ends > 0 ? std::vector<std::uint32_t>{0, 1} : std::vector<std::uint32_t>{1};
    const std::vector<std::int64_t> values =
        ends > 0 ? std::vector<std::int64_t>{ends, others} : std::vector<std::int64_t>{others};
    counts.add(ids, values, {});
    return std::move(counts).finish({});
  };
  CHECK(restored(1, 5).words() == 1);
  CHECK(error_of([&] { restored(0, 5); }) == "no words have these counts: none of them ends");
}

TEST_CASE("rows that are given are a model, bigram by bigram") {
  const Alphabet alphabet(U'.', {U'a', U'b'});
  const std::vector<double> rows{0, 1, 0, 0.25, 0, 0.75, 1, 0, 0};
  const BigramModel model(alphabet, rows);
  const NgramModel same(alphabet, of_rows(model.probabilities(), 3));
  for (const std::vector<std::uint32_t>& prefix :
       std::vector<std::vector<std::uint32_t>>{{}, {1}, {2}, {1, 2}, {2, 1}}) {
    CHECK(same.next(prefix) == model.next(prefix));
  }
  CHECK(error_of([&] { BigramModel(alphabet, {0, 1, 0, 0.25, 0, 0.5, 1, 0, 0}); }) ==
        "the row of 'a' sums to 0.75 and not to 1");
  CHECK(error_of([&] { BigramModel(alphabet, {0, 1, 0, -1, 2, 0, 1, 0, 0}); }) ==
        "the row of 'a' has -1 for '.', which is no probability");
  CHECK(error_of([&] { BigramModel(alphabet, std::vector<double>{1}); }) ==
        "there must be a row for each symbol");
}
