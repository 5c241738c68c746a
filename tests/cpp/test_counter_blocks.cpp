// A text may arrive in blocks that are cut anywhere: the counts are the same.
#include <algorithm>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

// The first `count` symbols of a script with many, from `first` on, as one line.
Word many_symbols(std::size_t count, char32_t first = 0x4E00) {
  Word word;
  for (char32_t i = 0; i < count; ++i) word += first + i;
  return word + U'\n';
}

ByteString part(const ByteString& bytes, std::size_t from, std::size_t to) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
          bytes.begin() + static_cast<std::ptrdiff_t>(to)};
}

// How many of the cuts of a text into two blocks, or three, give other counts than no cut.
int unlike_whole(const Word& text, bool skip_blank, bool in_three = true) {
  const ByteString bytes = utf8(text);
  const Ngrams whole = count_lines(bytes, skip_blank);
  int unlike = 0;
  for (std::size_t i = 0; i <= bytes.size(); ++i) {
    const ByteString head = part(bytes, 0, i);
    for (std::size_t j = i; j <= (in_three ? bytes.size() : i); ++j) {
      unlike += count_blocks({head, part(bytes, i, j), part(bytes, j, bytes.size())},
                             lines(skip_blank)) != whole;
    }
  }
  return unlike;
}

const std::vector<Word> kTexts = {
    U"emma\nolivia\r\nava\risabella\n\n\r\n\r\rsophia",
    U"\xFEFF"
    U"aé\r\n中文😀\n\n😀\r\r\né",
    U"\xFEFF\r\n\xFEFF\n",
    U"\n\r\n\ra",
    U"a\r",
    U"é",
};

}  // namespace

TEST_CASE("every cut of a text into three blocks gives the counts of the whole") {
  for (const Word& text : kTexts) {
    CAPTURE(text);
    CHECK(unlike_whole(text, true) == 0);
    CHECK(unlike_whole(text, false) == 0);
  }
}

TEST_CASE("a text that arrives byte by byte gives the counts of the whole") {
  for (const Word& text : kTexts) {
    const ByteString bytes = utf8(text);
    for (const bool skip_blank : {true, false}) {
      BigramCounter counter(lines(skip_blank));
      for (const std::uint8_t byte : bytes) {
        counter.add(Bytes(&byte, 1));
        counter.add({});
      }
      counter.end_text();
      CAPTURE(text);
      CHECK(counter.counts() == count_lines(bytes, skip_blank));
    }
  }
}

TEST_CASE("cuts between and around symbols with large codes change nothing") {
  // The last symbols have codes that do not fit a byte.
  const Word text = many_symbols(130) + U"a亿b\n亿\r\n亾\r亾亿\n\né丁";
  CHECK(unlike_whole(text, true, false) == 0);
  CHECK(unlike_whole(text, false, false) == 0);
}

TEST_CASE("plain ASCII may follow a symbol with a large code in the next block") {
  const Word head = many_symbols(200) + Word(1, 0x4E00 + 199);
  for (const Word& tail : std::vector<Word>{U"abc\n", U"\nabc", U"\r\n", U"a"}) {
    CAPTURE(tail);
    CHECK(count_blocks({utf8(head), utf8(tail)}, lines(false)) ==
          count_lines(utf8(head + tail), false));
  }
}

TEST_CASE("plain ASCII may follow a symbol with a large code in one long word") {
  // Longer than any step in which a counter looks at the bytes.
  for (std::size_t before = 0; before < 5; ++before) {
    const Word word = Word(before, U'x') + Word(40'000, 0x4E00 + 199) + Word(100'000, U'a');
    const std::vector<Word> words = {many_symbols(200), word + U"\x4E00"};
    CHECK(tally(count_words(words)) == tally(words));
  }
}

TEST_CASE("random cuts of long texts give the counts of the whole") {
  Random random(11);
  Word symbols = U"abcdefghij\n\n\r";
  for (char32_t i = 0; i < 150; ++i) symbols += static_cast<char32_t>(0x3B1 + i);
  for (int round = 0; round < 6; ++round) {
    // Rounds with ASCII alone, with few and with many other symbols, and stretches of each.
    const std::size_t distinct = round < 2 ? 13 : round < 4 ? 60 : symbols.size();
    const auto some = std::u32string_view(symbols).substr(0, distinct);
    Word text;
    while (text.size() < 100'000) {
      text += random_word(random, some, 20);
      if (below(random, 200) == 0) text += random_word(random, U"abc\n", 50'000);
    }
    const ByteString bytes = utf8(text);
    const Ngrams whole = count_lines(bytes, false);
    for (int i = 0; i < 10; ++i) {
      BigramCounter counter(lines(false));
      for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t to = std::min(bytes.size(), at + below(random, i < 5 ? 100 : 70'000));
        counter.add(part(bytes, at, to));
        at = to;
      }
      counter.end_text();
      CHECK(counter.counts() == whole);
    }
  }
}

TEST_CASE("a long text counts as the sum of its parts") {
  Random random(23);
  for (const std::u32string_view symbols :
       {U"abcdefghijklmnopqrstuvwxyz\n\n\n", U"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-\r\n",
        U"aеёжзиклмнопрст\n\n", U"abcdefghijklmnopqrstuvwxyz\né"}) {
    BigramCounter counter(lines(false));
    Ngrams sum(Alphabet(U'.'), 2);
    for (int part = 0; part < 40; ++part) {
      Word text;
      while (text.size() < 50'000) text += random_word(random, symbols, 1000);
      const ByteString bytes = utf8(text + U"x\n");
      counter.add(bytes);
      sum = added(sum, count_lines(bytes, false));
    }
    counter.end_text();
    CHECK(counter.counts() == sum);
  }
}

TEST_CASE("packed words may come in any grouping into blocks") {
  const std::vector<Word> words = {U"emma", U"", U"中\n", U"\r", U"\né", U"", U"😀"};
  const Ngrams whole = count_words(words);
  for (std::size_t cuts = 0; cuts < std::size_t{1} << words.size(); ++cuts) {
    BigramCounter counter({});
    std::vector<Word> group;
    for (std::size_t i = 0; i < words.size(); ++i) {
      group.push_back(words[i]);
      if ((cuts >> i & 1) == 0) continue;
      counter.add(packed(group));
      group.clear();
    }
    counter.add(packed(group));
    CHECK(counter.counts() == whole);
  }
}
