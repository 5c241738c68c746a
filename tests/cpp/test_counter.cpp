// What a word is, what a line is, and how its bigrams are counted.
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

constexpr char32_t kMark = 0xFEFF;  // the byte order mark

// The slow splitter: a line ends at \n, \r\n or \r, the last one maybe at nothing.
std::vector<Word> split_lines(Word text, bool skip_blank) {
  std::vector<Word> words;
  if (!text.empty() && text[0] == kMark) text.erase(0, 1);
  Word line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != U'\n' && text[i] != U'\r') {
      line += text[i];
      continue;
    }
    if (text[i] == U'\r' && i + 1 < text.size() && text[i + 1] == U'\n') ++i;
    if (!line.empty() || !skip_blank) words.push_back(line);
    line.clear();
  }
  if (!line.empty()) words.push_back(line);
  return words;
}

Ngrams count_lines(std::u32string_view text, bool skip_blank = true) {
  return testing::count_lines(utf8(text), skip_blank);
}

std::vector<Word> words_of(std::size_t count, char32_t first) {
  std::vector<Word> words;
  for (char32_t i = 0; i < count; ++i) words.push_back({first + i, U'a', first + i / 2});
  return words;
}

}  // namespace

TEST_CASE("five words give the table that is counted by hand") {
  const Ngrams counts = count_words({U"emma", U"olivia", U"ava", U"isabella", U"sophia"});
  CHECK(tally(counts) ==
        Tally{{{U'.', U'e'}, 1}, {{U'.', U'o'}, 1}, {{U'.', U'a'}, 1}, {{U'.', U'i'}, 1},
              {{U'.', U's'}, 1}, {{U'a', U'.'}, 5}, {{U'a', U'v'}, 1}, {{U'a', U'b'}, 1},
              {{U'b', U'e'}, 1}, {{U'e', U'm'}, 1}, {{U'e', U'l'}, 1}, {{U'h', U'i'}, 1},
              {{U'i', U'v'}, 1}, {{U'i', U'a'}, 2}, {{U'i', U's'}, 1}, {{U'l', U'i'}, 1},
              {{U'l', U'l'}, 1}, {{U'l', U'a'}, 1}, {{U'm', U'm'}, 1}, {{U'm', U'a'}, 1},
              {{U'o', U'l'}, 1}, {{U'o', U'p'}, 1}, {{U'p', U'h'}, 1}, {{U's', U'a'}, 1},
              {{U's', U'o'}, 1}, {{U'v', U'i'}, 1}, {{U'v', U'a'}, 1}});
  CHECK(Word(counts.alphabet().symbols().begin(), counts.alphabet().symbols().end()) ==
        U".abehilmopsv");
  CHECK(counts.words() == 5);
  CHECK(counts.total() == 32);
}

TEST_CASE("no words give empty counts with the boundary alone") {
  CHECK(count_words({}) == Ngrams(Alphabet(U'.'), 2));
  CHECK(count_lines(U"") == Ngrams(Alphabet(U'.'), 2));
  CHECK(BigramCounter({}).counts() == Ngrams(Alphabet(U'.'), 2));
}

TEST_CASE("the empty word runs from boundary to boundary") {
  CHECK(tally(count_words({U"", U"a", U""})) ==
        Tally{{{U'.', U'.'}, 2}, {{U'.', U'a'}, 1}, {{U'a', U'.'}, 1}});
}

TEST_CASE("packed words may hold line ends, NUL and DEL like any symbol") {
  const std::vector<Word> words = {U"a\nb",        U"\n",   U"\r\n",          U"\r",
                                   Word(1, U'\0'), U"\x7F", Word(U"a\0b", 3), Word(1, kMark),
                                   U"中\n",        U"\ré"};
  CHECK(tally(count_words(words)) == tally(words));
}

TEST_CASE("lines may hold NUL and DEL like any symbol") {
  const std::vector<Word> words = {Word(U"a\0", 2), U"\x7F", U"é\x7F", Word(U"\0中", 2)};
  CHECK(tally(count_lines(Word(U"a\0\n\x7F\né\x7F\n\0中\n", 11))) == tally(words));
}

TEST_CASE("line and paragraph separators of Unicode end no line") {
  const std::vector<Word> words = {
      U"a\vb\fc\x1C"
      U"d\x85"
      U"e\u2028f\u2029g"};
  CHECK(tally(count_lines(words[0] + U"\n")) == tally(words));
}

TEST_CASE("words known to be ASCII are counted like any other") {
  const std::vector<Word> words = {U"emma", U"", U"ava\n", Word(50'000, U'x'), U"b"};
  BigramCounter counter({});
  counter.add(packed(words), true);
  CHECK(counter.counts() == count_words(words));
  CHECK(tally(counter.counts()) == tally(words));
}

TEST_CASE("lines end at newline or carriage return or both") {
  const Ngrams counts = count_words({U"ab", U"c"});
  CHECK(count_lines(U"ab\nc\n") == counts);
  CHECK(count_lines(U"ab\r\nc\r\n") == counts);
  CHECK(count_lines(U"ab\rc\r") == counts);
  CHECK(count_lines(U"ab\nc") == counts);
  CHECK(count_lines(U"ab\r\n\r\nc\n\n\n") == counts);
  CHECK(count_lines(U"\n\r\r\n\xFEFF"
                    U"ab\nc")
            .words() == 2);
}

TEST_CASE("blank lines are skipped or each is the empty word") {
  CHECK(count_lines(U"\n\na\n\n", false) == count_words({U"", U"", U"a", U""}));
  CHECK(count_lines(U"\n\na\n\n", true) == count_words({U"a"}));
  CHECK(count_lines(U"\r\n\r\n", false) == count_words({U"", U""}));
  CHECK(count_lines(U"\n\r", false) == count_words({U"", U""}));
  CHECK(count_lines(U"", false) == count_words({}));
}

TEST_CASE("a leading byte order mark is skipped and any other is a symbol") {
  CHECK(count_lines(U"\xFEFF"
                    U"ab\n") == count_words({U"ab"}));
  CHECK(count_lines(U"\xFEFF") == count_words({}));
  CHECK(count_lines(U"\xFEFF\n", false) == count_words({U""}));
  CHECK(count_lines(U"\xFEFF\xFEFF"
                    U"a\n") == count_words({U"\xFEFF"
                                            U"a"}));
  CHECK(count_lines(U"a\n\xFEFF"
                    U"b\n") == count_words({U"a",
                                            U"\xFEFF"
                                            U"b"}));
}

TEST_CASE("random texts are split as the slow splitter does") {
  Random random(8);
  const Word symbols = {U'a', U'é', U'😀', U'\n', U'\r', U'中', kMark};
  for (int i = 0; i < 3000; ++i) {
    const Word text = random_word(random, symbols, 12);
    CAPTURE(text);
    CHECK(tally(count_lines(text, true)) == tally(split_lines(text, true)));
    CHECK(tally(count_lines(text, false)) == tally(split_lines(text, false)));
  }
}

TEST_CASE("long random texts are split as the slow splitter does") {
  Random random(9);
  for (const std::u32string_view symbols :
       {U"abcdefgh\n", U"abcdefgh\r\né", U"ab\n\r\nбвг中文字😀", U"abcdefghijklmnop"}) {
    Word text;
    while (text.size() < 150'000) {  // many of the steps in which a counter looks at bytes
      text += random_word(random, symbols, 200);
      text.append(below(random, 3) == 0 ? below(random, 50'000) : 0, U'x');
    }
    CHECK(tally(count_lines(text)) == tally(split_lines(text, true)));
    CHECK(tally(count_lines(text, false)) == tally(split_lines(text, false)));
  }
}

TEST_CASE("several texts count as their lines one after the other") {
  const std::vector<Word> texts = {U"ab\r", U"\nc", U"", U"\xFEFFé\n", U"d", U"\xFEFF", U"\r\n中"};
  for (const bool skip_blank : {true, false}) {
    BigramCounter counter(lines(skip_blank));
    std::vector<Word> words;
    for (const Word& text : texts) {
      counter.add(utf8(text));
      counter.end_text();
      for (const Word& word : split_lines(text, skip_blank)) words.push_back(word);
    }
    CHECK(tally(counter.counts()) == tally(words));
  }
}

TEST_CASE("packed texts may be ended like any other") {
  BigramCounter counter({});
  counter.add(packed({U"ab"}));
  counter.end_text();
  counter.add(packed({U"cd"}));
  counter.end_text();
  CHECK(tally(counter.counts()) == tally({U"ab", U"cd"}));
}

TEST_CASE("any number of distinct symbols is counted exactly") {
  for (const std::size_t distinct : {126u, 127u, 128u, 129u, 1000u, 20'000u}) {
    CAPTURE(distinct);
    const std::vector<Word> words = words_of(distinct, 0x4E00);
    CHECK(tally(count_words(words)) == tally(words));
    Word text;
    for (const Word& word : words) text += word + U"\n";
    CHECK(tally(count_lines(text)) == tally(words));
  }
}

TEST_CASE("a symbol may follow any other whether few or many came before them") {
  Random random(10);
  Word symbols = U"ab\n\r";
  for (char32_t symbol = 0x4E00; symbol < 0x4E00 + 300; ++symbol) symbols += symbol;
  Word text;
  while (text.size() < 200'000) text += random_word(random, symbols, 10) + Word(1, U'c');
  CHECK(tally(count_lines(text)) == tally(split_lines(text, true)));
  CHECK(tally(count_lines(text, false)) == tally(split_lines(text, false)));
}

TEST_CASE("counting goes on after a look at the counts") {
  BigramCounter counter({});
  counter.add(packed({U"ab", U"中"}));
  const Ngrams before = counter.counts();
  CHECK(counter.counts() == before);
  counter.add(packed({U"é"}));
  CHECK(before == count_words({U"ab", U"中"}));
  CHECK(counter.counts() == count_words({U"ab", U"中", U"é"}));
}

TEST_CASE("the boundary may be any symbol") {
  for (const char32_t boundary : {U'#', U'é', U'中', U'😀', U'\0'}) {
    CountOptions options;
    options.boundary = boundary;
    const std::vector<Word> words = {U"a.b", U"", U"ü."};
    CHECK(tally(count_words(words, options)) == tally(words, boundary));
  }
}

TEST_CASE("a newline is a boundary that no line can hold") {
  CountOptions options = lines(false);
  options.boundary = U'\n';
  CHECK(tally(count_blocks({bytes_of("a.\n\nb")}, options)) == tally({U"a.", U"", U"b"}, U'\n'));
}

TEST_CASE("a given alphabet gives the ids even to symbols that do not occur") {
  CountOptions options;
  options.alphabet = Alphabet(U'.', {U'z', U'a', U'中', U'é'});
  const Ngrams counts = count_words({U"aé", U"中"}, options);
  CHECK(counts.alphabet() == *options.alphabet);
  CHECK(tally(counts) == tally({U"aé", U"中"}));
  CHECK(count_words({}, options) == Ngrams(*options.alphabet, 2));
}
