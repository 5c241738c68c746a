// Words counted where they lie, joined: against the same words packed.
#include <algorithm>
#include <limits>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

template <class Offset>
struct Column {
  ByteString values;
  std::vector<Offset> offsets;

  explicit Column(const std::vector<Word>& words) : offsets{0} {
    for (const Word& word : words) {
      const ByteString bytes = utf8(word);
      values.insert(values.end(), bytes.begin(), bytes.end());
      offsets.push_back(static_cast<Offset>(values.size()));
    }
  }
  Joined<Offset> slice(std::size_t first, std::size_t words) const {
    return {values.data(), {offsets.data() + first, words + 1}, values.size()};
  }
  Joined<Offset> all() const { return slice(0, offsets.size() - 1); }
};

std::vector<Word> random_words(Random& random, std::size_t n, std::size_t longest) {
  std::vector<Word> words(n);
  for (Word& word : words) word = random_word(random, U"abcxyz\t\u007f", longest);
  return words;
}

}  // namespace

TEST_CASE_TEMPLATE("joined words are counted like packed ones", Offset, std::int32_t,
                   std::int64_t) {
  Random random(21);
  for (const std::size_t longest : {0u, 1u, 2u, 8u, 300u}) {
    for (const std::size_t n : {0u, 1u, 2u, 3u, 100u, 2047u, 2048u, 2049u, 9000u}) {
      const std::vector<Word> words = random_words(random, n, longest);
      const Column<Offset> column(words);
      BigramCounter counter({});
      CHECK(counter.add(column.all()) == n);
      CHECK(counter.counts() == count_words(words));
    }
  }
}

TEST_CASE("joined words, slices of them and packed ones are counted together") {
  Random random(22);
  const std::vector<Word> words = random_words(random, 5000, 9);
  const Column<std::int32_t> column(words);
  BigramCounter counter({});
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t n = std::min<std::size_t>(1 + below(random, 700), words.size() - at);
    if (below(random, 2) == 0) {
      CHECK(counter.add(column.slice(at, n)) == n);
    } else {
      counter.add(packed({words.begin() + static_cast<std::ptrdiff_t>(at),
                          words.begin() + static_cast<std::ptrdiff_t>(at + n)}));
    }
    at += n;
  }
  CHECK(counter.counts() == count_words(words));
}

TEST_CASE("what is not ASCII or goes back is left to the caller") {
  std::vector<Word> words(5000, U"ab");
  words[3000] = U"\u00e9";
  const Column<std::int32_t> column(words);
  BigramCounter counter({});
  const std::size_t done = counter.add(column.all());
  CHECK(done <= 3000);
  CHECK(counter.counts().words() == static_cast<std::int64_t>(done));

  Column<std::int64_t> back(std::vector<Word>(10, U"ab"));
  back.offsets[4] = 3;
  CHECK(BigramCounter({}).add(back.all()) == 0);
  back.offsets[4] = 8;
  back.offsets[0] = -1;
  CHECK(BigramCounter({}).add(back.all()) == 0);
}

TEST_CASE("offsets past the values are left to the caller, wherever they stand") {
  for (const std::size_t at : {0u, 1u, 2047u, 2048u, 4096u, 4999u, 5000u}) {
    Column<std::int32_t> column(std::vector<Word>(5000, U"ab"));
    column.offsets[at] = std::numeric_limits<std::int32_t>::max() - 1;
    BigramCounter counter({});
    const std::size_t done = counter.add(column.all());
    CHECK(done <= at);
    CHECK(counter.counts().words() == static_cast<std::int64_t>(done));
  }
  // The values of part of a column are no more than it says.
  const Column<std::int64_t> column(std::vector<Word>(10, U"ab"));
  Joined<std::int64_t> words = column.all();
  words.size -= 1;
  CHECK(BigramCounter({}).add(words) == 0);
}

TEST_CASE("a word that ends in a line end, or is longer than a stretch, is left to the caller") {
  for (const Word& word : {Word(U"a\n"), Word(U"\r"), Word(40'000, U'a'), Word(U"a\r\n")}) {
    std::vector<Word> words(5000, U"ab");
    words[3000] = word;
    BigramCounter counter({});
    CHECK(counter.add(Column<std::int32_t>(words).all()) <= 3000);
  }
  const std::vector<Word> words(5000, U"a\n\rb");
  BigramCounter counter({});
  CHECK(counter.add(Column<std::int64_t>(words).all()) == 5000);
  CHECK(counter.counts() == count_words(words));
}

TEST_CASE("the boundary in a joined word is found with the word's number") {
  std::vector<Word> words(6000, U"ab");
  words[0] = words[4999] = U"";
  words[5000] = U"a.b";
  const Column<std::int32_t> column(words);
  BigramCounter counter({});
  counter.add(packed({U"xyz"}));
  CHECK_THROWS_WITH_AS(counter.add(column.all()),
                       ("word 5001: 'a.b' contains the boundary '.'; " + kWayOut).c_str(), Error);
}
