// Counts as a value: sorted cells, exact sums.
#include <limits>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Bigrams random_counts(Random& random) {
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

Bigrams single(std::int64_t count) { return Bigrams(Alphabet(U'.'), {{0, 0, count}}); }

}  // namespace

TEST_CASE("cells are sorted, repeats are added up and zeros are dropped") {
  const Bigrams counts(Alphabet(U'.', {U'a', U'b'}),
                       {{2, 0, 1}, {0, 2, 4}, {1, 1, 0}, {0, 1, 2}, {2, 0, 5}, {0, 2, 1}});
  CHECK(counts.cells() == std::vector<Cell>{{0, 1, 2}, {0, 2, 5}, {2, 0, 6}});
  CHECK(counts.total() == 13);
  CHECK(counts.words() == 7);
}

TEST_CASE("a cell that is not there counts zero") {
  const Bigrams counts(Alphabet(U'.', {U'a', U'b'}), {{0, 1, 3}, {1, 0, 3}});
  CHECK(counts.at(0, 1) == 3);
  CHECK(counts.at(1, 0) == 3);
  CHECK(counts.at(1, 1) == 0);
  CHECK(counts.at(2, 2) == 0);
  CHECK(Bigrams(Alphabet(U'.')).at(0, 0) == 0);
}

TEST_CASE("no counts are empty and have no words") {
  const Bigrams none(Alphabet(U'.'));
  CHECK(none.cells().empty());
  CHECK(none.total() == 0);
  CHECK(none.words() == 0);
  CHECK(none == Bigrams(Alphabet(U'.'), {}));
}

TEST_CASE("equality looks at the alphabet as well as at the cells") {
  const std::vector<Cell> cells = {{0, 1, 1}, {1, 0, 1}};
  const Bigrams counts(Alphabet(U'.', {U'a'}), cells);
  CHECK(counts == Bigrams(Alphabet(U'.', {U'a'}), cells));
  CHECK_FALSE(counts == Bigrams(Alphabet(U'.', {U'b'}), cells));
  CHECK_FALSE(counts == Bigrams(Alphabet(U'.', {U'a', U'b'}), cells));
  CHECK_FALSE(counts == Bigrams(Alphabet(U'.', {U'a'}), {{0, 1, 1}, {1, 0, 2}}));
}

TEST_CASE("cells outside the alphabet and negative counts are refused") {
  const Alphabet alphabet(U'.', {U'a'});
  CHECK(error_of([&] { Bigrams(alphabet, {{2, 0, 1}}); }) ==
        "a bigram's id lies outside the alphabet");
  CHECK(error_of([&] { Bigrams(alphabet, {{0, kUnknown, 1}}); }) ==
        "a bigram's id lies outside the alphabet");
  CHECK(error_of([&] { Bigrams(alphabet, {{0, 2, 0}}); }) ==
        "a bigram's id lies outside the alphabet");
  CHECK(error_of([&] { Bigrams(alphabet, {{0, 1, -1}}); }) == "a count is negative");
}

TEST_CASE("sums are exact where alphabets interleave and ids move") {
  const Bigrams a = count_words({U"ac", U"中"});
  const Bigrams b = count_words({U"bc", U"é"});
  const Bigrams sum = added(a, b);
  CHECK(sum == count_words({U"ac", U"中", U"bc", U"é"}));
  CHECK(tally(sum) == summed(tally(a), tally(b)));
}

TEST_CASE("adding counts is the same as counting everything at once") {
  Random random(2);
  for (int i = 0; i < 200; ++i) {
    const Bigrams a = random_counts(random);
    const Bigrams b = random_counts(random);
    CHECK(tally(added(a, b)) == summed(tally(a), tally(b)));
    CHECK(added(a, b).total() == a.total() + b.total());
    CHECK(added(a, b).words() == a.words() + b.words());
  }
}

TEST_CASE("adding is commutative and associative and nothing changes nothing") {
  Random random(3);
  const Bigrams none(Alphabet(U'.'));
  for (int i = 0; i < 200; ++i) {
    const Bigrams a = random_counts(random);
    const Bigrams b = random_counts(random);
    const Bigrams c = random_counts(random);
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

TEST_CASE("a total beyond 64 bits is refused even where each cell fits") {
  CHECK(error_of([] {
          Bigrams(Alphabet(U'.', {U'a'}), {{0, 1, kMost}, {1, 0, 1}});
        }) == "a count went beyond 64 bits");
  CHECK(error_of([] { Bigrams(Alphabet(U'.'), {{0, 0, kMost}, {0, 0, kMost}}); }) ==
        "a count went beyond 64 bits");
}

TEST_CASE("checked sums are exact or refused") {
  CHECK(checked_sum(2, 3) == 5);
  CHECK(checked_sum(kMost, 0) == kMost);
  CHECK_THROWS_AS(checked_sum(kMost, 1), Error);
}

TEST_CASE("counts with different boundaries cannot be added") {
  CHECK(error_of([] { added(Bigrams(Alphabet(U'.')), Bigrams(Alphabet(U'#'))); }) ==
        "counts with the boundaries '.' and '#' cannot be added");
}
