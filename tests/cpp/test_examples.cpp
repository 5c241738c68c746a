// The training arrays of the lectures.
#include "text/examples.hpp"

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

template <class Id>
struct Examples {
  std::vector<Id> x;
  std::vector<Id> y;
  bool operator==(const Examples&) const = default;
};

template <class Id>
Examples<Id> examples_of(const std::vector<Word>& words, std::size_t block_size,
                         const Poll& poll = nullptr) {
  const Ngrams counts = count_words(words);
  const auto rows = static_cast<std::size_t>(counts.total());
  Examples<Id> result{std::vector<Id>(rows * block_size), std::vector<Id>(rows)};
  const ByteString bytes = packed(words);
  fill_examples(Text{bytes, Layout::packed, false}, counts.alphabet(), block_size, result.x.data(),
                result.y.data(), poll);
  return result;
}

// The lecture's loop.
template <class Id>
Examples<Id> slow_examples(const std::vector<Word>& words, std::size_t block_size) {
  const Alphabet alphabet = count_words(words).alphabet();
  Examples<Id> result;
  for (const Word& word : words) {
    std::vector<Id> context(block_size);
    for (const char32_t symbol : word + U'.') {
      const auto id = static_cast<Id>(alphabet.id(symbol));
      result.x.insert(result.x.end(), context.begin(), context.end());
      result.y.push_back(id);
      context.erase(context.begin());
      context.push_back(id);
    }
  }
  return result;
}

}  // namespace

TEST_CASE("emma with a block of three gives the five examples of the lecture") {
  const auto examples = examples_of<std::uint8_t>({U"emma"}, 3);  // . a e m
  CHECK(examples.x == ByteString{0, 0, 0, 0, 0, 2, 0, 2, 3, 2, 3, 3, 3, 3, 1});
  CHECK(examples.y == ByteString{2, 3, 3, 1, 0});
}

TEST_CASE("a block of one gives the bigrams") {
  const auto examples = examples_of<std::uint8_t>({U"ab", U"", U"b"}, 1);
  CHECK(examples.x == ByteString{0, 1, 2, 0, 0, 2});
  CHECK(examples.y == ByteString{1, 2, 0, 0, 2, 0});
}

TEST_CASE("no words give no examples") { CHECK(examples_of<std::uint64_t>({}, 3).y.empty()); }

TEST_CASE("the window never looks into the word before") {
  const auto examples = examples_of<std::uint8_t>({U"aaa", U"b"}, 4);
  CHECK(ByteString(examples.x.begin() + 16, examples.x.begin() + 20) == ByteString{0, 0, 0, 0});
  CHECK(ByteString(examples.x.begin() + 20, examples.x.begin() + 24) == ByteString{0, 0, 0, 2});
}

TEST_CASE("examples equal the lecture's loop for every block size and id type") {
  Random random(7);
  for (int i = 0; i < 50; ++i) {
    std::vector<Word> words;
    for (std::size_t n = below(random, 6); n > 0; --n) {
      words.push_back(random_word(random, U"abé中😀\n", 9));
    }
    for (const std::size_t block_size : {1u, 2u, 3u, 8u, 20u}) {
      CAPTURE(block_size);
      CHECK(examples_of<std::uint8_t>(words, block_size) ==
            slow_examples<std::uint8_t>(words, block_size));
      CHECK(examples_of<std::uint16_t>(words, block_size) ==
            slow_examples<std::uint16_t>(words, block_size));
      CHECK(examples_of<std::uint32_t>(words, block_size) ==
            slow_examples<std::uint32_t>(words, block_size));
      CHECK(examples_of<std::uint64_t>(words, block_size) ==
            slow_examples<std::uint64_t>(words, block_size));
    }
  }
}

TEST_CASE("ids above 255 fit the wider types") {
  Word word;
  for (char32_t symbol = 0x4E00; symbol < 0x4E00 + 400; ++symbol) word += symbol;
  const auto examples = examples_of<std::uint16_t>({word}, 2);
  CHECK(examples == slow_examples<std::uint16_t>({word}, 2));
  CHECK(examples.y[399] == 400);
}

TEST_CASE("a poll that throws stops the filling of long arrays") {
  struct Stop {};
  int polls = 0;
  const std::vector<Word> words(1 << 18, U"emma");  // 5 * 2^18 rows
  const Poll stop = [&] {
    ++polls;
    throw Stop{};
  };
  CHECK_THROWS_AS(examples_of<std::uint8_t>(words, 1, stop), Stop);
  CHECK(polls == 1);
}
