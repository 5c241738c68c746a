// Weighted words, and lines of a word and its weight, cut anywhere.
#include <limits>

#include "counting/ngram_counter.hpp"
#include "counting/weighted_text_count.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

using Weights = std::vector<std::int64_t>;

Ngrams count_weighted(const std::vector<Word>& words, const Weights& weights) {
  NgramCounter counter({}, 2);
  const ByteString bytes = packed(words);
  counter.add({bytes}, weights);
  return counter.counts();
}

std::vector<Word> repeated(const std::vector<Word>& words, const Weights& weights) {
  std::vector<Word> all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    all.insert(all.end(), static_cast<std::size_t>(weights[i]), words[i]);
  }
  return all;
}

// One text that arrives in blocks.
Ngrams count_lines_of(const std::vector<ByteString>& blocks) {
  WeightedLineCounter counter(NgramCounter({}, 2), true);
  for (const ByteString& block : blocks) counter.add(block);
  counter.end_text();
  return counter.counts();
}

}  // namespace

TEST_CASE("weighted words count as if each stood there so often") {
  Random random(1);
  for (const std::u32string_view symbols : {U"ab", U"aé中😀\n", U"\x7f\x80\xff"}) {
    for (int i = 0; i < 50; ++i) {
      std::vector<Word> words;
      Weights weights;
      for (std::size_t n = below(random, 20); n > 0; --n) {
        words.push_back(random_word(random, symbols, 9));
        weights.push_back(static_cast<std::int64_t>(below(random, 4)));
      }
      CHECK(count_weighted(words, weights) == count_words(repeated(words, weights)));
    }
  }
}

TEST_CASE("alphabets beyond a byte and sums beyond 32 bits") {
  std::vector<Word> words;
  Weights weights;
  Tally expected;
  for (char32_t i = 0; i < 4000; ++i) {
    words.push_back({U'a', 0x4E00 + i % 1999, 0x4E00 + i % 701});
    weights.push_back(std::int64_t{1} << (i % 40));
    for (const auto& [pair, count] : tally({words.back()})) {
      expected[pair] += count * weights.back();
    }
  }
  CHECK(tally(count_weighted(words, weights)) == expected);
}

TEST_CASE("a total that 64 bits do not hold is an error that names the word") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(count_weighted({U""}, {most}).total() == most);
  CHECK(contains(error_of([] { count_weighted({U"", U"a"}, {most - 1, 1}); }), "word 1: "));
  CHECK(contains(error_of([] { count_weighted({U"aaa"}, {most / 3}); }), "beyond 64 bits"));
  CHECK(error_of([] { count_weighted({U"a", U"b"}, {1, -2}); }) ==
        "word 1: the weight -2 is negative");
}

TEST_CASE("lines cut at every place are the same words and weights") {
  const ByteString text = bytes_of(
      "\xEF\xBB\xBF"
      "ava\t2\r\n\nn\xC3\xA9\t10\rx\ty\t3\r\n\t4\nend\t1");
  const Tally expected = tally(repeated({U"ava", U"né", U"x\ty", U"", U"end"}, {2, 10, 3, 4, 1}));
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      const auto at = [&](std::size_t i) { return text.begin() + static_cast<std::ptrdiff_t>(i); };
      const std::vector<ByteString> blocks = {
          {at(0), at(first)}, {at(first), at(second)}, {at(second), text.end()}};
      CHECK(tally(count_lines_of(blocks)) == expected);
    }
  }
}

TEST_CASE("the first bad line is named however the text is cut") {
  const std::pair<const char*, const char*> cases[] = {
      {"a\t1\r\n\r\nb\t-1\nc", "line 3: the weight -1 is negative"},
      {"a\t1\r\n\r\nb.\t1\nc", "line 3: 'b.' contains the boundary '.'"},
      {"a\t1\r\n\r\nb\nc.\t1", "line 3: 'b' has no tab"},
      {"a\t1\r\n\r\nb\xFF\t1\n", "line 3, byte 8: not valid UTF-8"},
      {"a\t1\n\nb\tx\n\nd.", "line 3: the count 'x' is no whole number"},
  };
  for (const auto& [text, message] : cases) {
    const ByteString bytes = bytes_of(text);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      const auto middle = bytes.begin() + static_cast<std::ptrdiff_t>(cut);
      const std::string error =
          error_of([&] { count_lines_of({{bytes.begin(), middle}, {middle, bytes.end()}}); });
      CAPTURE(cut);
      CAPTURE(error);
      CHECK(error.starts_with(message));
    }
  }
}
