// Counts of order 2 as a value: sorted bigrams, exact sums.
#include <algorithm>
#include <limits>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Ngrams random_counts(Random& random) {
  std::vector<Word> words;
  for (std::size_t n = below(random, 8); n > 0; --n) {
    words.push_back(random_word(random, U"abcé中😀", 6));
  }
  return count_words(words);
}

Tally summed(Tally a, const Tally& b) {
  for (const auto& [pair, count] : b) a[pair] += count;
  return a;
}

Ngrams single(std::int64_t count) { return counts_of(Alphabet(U'.'), {{0, 0, count}}); }

}  // namespace

TEST_CASE("bigrams are sorted, repeats are added up and zeros are dropped") {
  const Ngrams counts =
      counts_of(Alphabet(U'.', {U'a', U'b'}),
                {{2, 0, 1}, {0, 2, 4}, {1, 1, 0}, {0, 1, 2}, {2, 0, 5}, {0, 2, 1}});
  CHECK(bigram_rows(counts) == Buffer<Bigram>{{0, 1, 2}, {0, 2, 5}, {2, 0, 6}});
  CHECK(counts.total() == 13);
  CHECK(counts.words() == 6);
}

TEST_CASE("the rows of counts are those of the slow twin, sorted") {
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const Ngrams counts = random_counts(random);
    const Buffer<Bigram> rows = bigram_rows(counts);
    CHECK(std::is_sorted(rows.begin(), rows.end(), [](const Bigram& a, const Bigram& b) {
      return std::pair(a.first, a.second) < std::pair(b.first, b.second);
    }));
    CHECK(counts_of(counts.alphabet(), rows) == counts);
  }
  CHECK(error_of([] { bigram_rows(Ngrams(Alphabet(U'.'), 3)); }) ==
        "counts of order 3 are no bigrams");
}

TEST_CASE("a bigram that is not there counts zero") {
  const Ngrams counts = counts_of(Alphabet(U'.', {U'a', U'b'}), {{0, 1, 3}, {1, 0, 3}});
  const auto at = [](const Ngrams& in, std::uint32_t first, std::uint32_t second) {
    return in.at(std::vector{first, second});
  };
  CHECK(at(counts, 0, 1) == 3);
  CHECK(at(counts, 1, 0) == 3);
  CHECK(at(counts, 1, 1) == 0);
  CHECK(at(counts, 2, 2) == 0);
  CHECK(at(Ngrams(Alphabet(U'.'), 2), 0, 0) == 0);
}

TEST_CASE("no counts are empty and have no words") {
  const Ngrams none(Alphabet(U'.'), 2);
  CHECK(none.items().empty());
  CHECK(none.total() == 0);
  CHECK(none.words() == 0);
  CHECK(none == counts_of(Alphabet(U'.'), {}));
}

TEST_CASE("equality looks at the alphabet as well as at the bigrams") {
  const Buffer<Bigram> bigrams = {{0, 1, 1}, {1, 0, 1}};
  const Ngrams counts = counts_of(Alphabet(U'.', {U'a'}), bigrams);
  CHECK(counts == counts_of(Alphabet(U'.', {U'a'}), bigrams));
  CHECK_FALSE(counts == counts_of(Alphabet(U'.', {U'b'}), bigrams));
  CHECK_FALSE(counts == counts_of(Alphabet(U'.', {U'a', U'b'}), bigrams));
  CHECK_FALSE(counts == counts_of(Alphabet(U'.', {U'a'}), {{0, 1, 1}, {1, 0, 2}}));
}

TEST_CASE("bigrams outside the alphabet and negative counts are refused") {
  const Alphabet alphabet(U'.', {U'a', U'b'});
  for (const Bigram& bad : Buffer<Bigram>{{3, 0, 1}, {0, 3, 1}, {0, 3, 0}}) {
    CHECK(error_of([&] { counts_of(alphabet, {bad}); }) ==
          "an n-gram's id lies outside the alphabet");
  }
  CHECK(error_of([&] { counts_of(alphabet, {{0, 1, -1}}); }) == "a count is negative");
}

TEST_CASE("sums are exact where alphabets interleave and ids move") {
  const Ngrams a = count_words({U"ac", U"中"});
  const Ngrams b = count_words({U"bc", U"é"});
  const Ngrams sum = added(a, b);
  CHECK(sum == count_words({U"ac", U"中", U"bc", U"é"}));
  CHECK(tally(sum) == summed(tally(a), tally(b)));
}

TEST_CASE("adding counts is the same as counting everything at once") {
  Random random(2);
  for (int i = 0; i < 200; ++i) {
    const Ngrams a = random_counts(random);
    const Ngrams b = random_counts(random);
    CHECK(tally(added(a, b)) == summed(tally(a), tally(b)));
    CHECK(added(a, b).total() == a.total() + b.total());
    CHECK(added(a, b).words() == a.words() + b.words());
  }
}

TEST_CASE("adding is commutative and associative and nothing changes nothing") {
  Random random(3);
  const Ngrams none(Alphabet(U'.'), 2);
  for (int i = 0; i < 200; ++i) {
    const Ngrams a = random_counts(random);
    const Ngrams b = random_counts(random);
    const Ngrams c = random_counts(random);
    CHECK(added(a, b) == added(b, a));
    CHECK(added(added(a, b), c) == added(a, added(b, c)));
    CHECK(added(a, none) == a);
    CHECK(added(none, a) == a);
  }
}

TEST_CASE("counts go up to the last 64-bit number and no further") {
  CHECK(added(single(kMost - 1), single(1)).total() == kMost);
  CHECK(error_of([] { added(single(kMost), single(1)); }) == "a count went beyond 64 bits");
  CHECK(error_of([] { added(single(kMost / 2 + 1), single(kMost / 2 + 1)); }) ==
        "a count went beyond 64 bits");
}

TEST_CASE("a total beyond 64 bits is refused even where each bigram fits") {
  CHECK(error_of([] { counts_of(Alphabet(U'.', {U'a'}), {{0, 1, kMost}, {1, 0, 1}}); }) ==
        "a count went beyond 64 bits");
  CHECK(error_of([] { counts_of(Alphabet(U'.'), {{0, 0, kMost}, {0, 0, kMost}}); }) ==
        "a count went beyond 64 bits");
}

TEST_CASE("counts with different boundaries cannot be added") {
  CHECK(error_of([] { added(Ngrams(Alphabet(U'.'), 2), Ngrams(Alphabet(U'#'), 2)); }) ==
        "counts with the boundaries '.' and '#' cannot be added");
}
