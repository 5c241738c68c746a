// What bad words and bytes get: an Error that says what is wrong and where.
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

std::string lines_error(const std::vector<ByteString>& blocks) {
  return error_of([&] { count_blocks(blocks, lines()); });
}
std::string lines_error(std::string_view text) { return lines_error({bytes_of(text)}); }

std::string words_error(const std::vector<Word>& words) {
  return error_of([&] { count_words(words); });
}

CountOptions with_alphabet(std::vector<char32_t> others, CountOptions options = {}) {
  options.alphabet = Alphabet(options.boundary, std::move(others));
  return options;
}

CountOptions with_boundary(char32_t boundary, CountOptions options = {}) {
  options.boundary = boundary;
  return options;
}

// Enough symbols that those which follow have large codes.
Word many_symbols() {
  Word word;
  for (char32_t i = 0; i < 200; ++i) word += static_cast<char32_t>(0x4E00 + i);
  return word;
}

}  // namespace

TEST_CASE("the boundary in a word names the word and a way out") {
  CHECK(words_error({U"emma", U"a.b", U"c.d"}) ==
        "word 1: 'a.b' contains the boundary '.'; " + kWayOut);
  CHECK(words_error({U"."}) == "word 0: '.' contains the boundary '.'; " + kWayOut);
  CHECK(words_error({U"", U"", U"é."}) == "word 2: 'é.' contains the boundary '.'; " + kWayOut);
  CHECK(lines_error("emma\r\n\r\na.b\n") == "line 3: 'a.b' contains the boundary '.'; " + kWayOut);
}

TEST_CASE("a boundary beyond ASCII in a word is found as well") {
  CHECK(error_of([] { count_words({U"a", U"béb"}, with_boundary(U'é')); }) ==
        "word 1: 'béb' contains the boundary 'é'; " + kWayOut);
  CHECK(error_of([] { count_blocks({utf8(U"a\n中\n")}, with_boundary(U'中', lines())); }) ==
        "line 2: '中' contains the boundary '中'; " + kWayOut);
}

TEST_CASE("a symbol outside the given alphabet is named with its word") {
  const auto options = with_alphabet({U'a', U'é'});
  CHECK(error_of([&] { count_words({U"aé", U"ab"}, options); }) ==
        "word 1: 'ab' contains 'b', which is not in the given alphabet; unknown=True gives it a "
        "share");
  CHECK(error_of([&] { count_words({U"aé", U"", U"aü"}, options); }) ==
        "word 2: 'aü' contains 'ü', which is not in the given alphabet; unknown=True gives it a "
        "share");
  CHECK(error_of([&] { count_words({U"a\n"}, options); }) ==
        "word 0: 'a\\n' contains '\\n', which is not in the given alphabet; unknown=True gives it "
        "a share");
  const auto of_lines = with_alphabet({U'a', U'é'}, lines());
  CHECK(error_of([&] { count_blocks({utf8(U"a\ré\r\na中")}, of_lines); }) ==
        "line 3: 'a中' contains '中', which is not in the given alphabet; unknown=True gives it a "
        "share");
  CHECK(error_of([&] { count_words({U"a.", U"ab"}, options); }) ==
        "word 0: 'a.' contains the boundary '.'; " + kWayOut);
}

TEST_CASE("a given alphabet says nothing about line ends") {
  CHECK(error_of([] { count_blocks({bytes_of("a\r\na\n")}, with_alphabet({U'a'}, lines())); }) ==
        "no error");
}

TEST_CASE("ASCII words that are known to be so are checked as well") {
  BigramCounter counter({});
  const ByteString good = packed({U"emma", U"ava"});
  const ByteString bad = packed({U"olivia", U"a.a"});
  counter.add(good, true);
  CHECK(error_of([&] { counter.add(bad, true); }) ==
        "word 3: 'a.a' contains the boundary '.'; " + kWayOut);
}

TEST_CASE("lines are counted through blocks, line ends of every kind and large codes") {
  const std::string bad = ": 'x.y' contains the boundary '.'; " + kWayOut;
  CHECK(lines_error({bytes_of("a\nb\n"), bytes_of("c\nx.y\n")}) == "line 4" + bad);
  CHECK(lines_error({bytes_of("a\r\nb\r\n"), bytes_of("c\r\nx.y")}) == "line 4" + bad);
  CHECK(lines_error({bytes_of("a\r"), bytes_of("\nx.y")}) == "line 2" + bad);
  CHECK(lines_error({bytes_of("a\r\r"), bytes_of("\n\nx.y")}) == "line 4" + bad);
  CHECK(lines_error({utf8(many_symbols() + U"\n中\r\n"), bytes_of("\nx.y")}) == "line 4" + bad);
  CHECK(lines_error({utf8(many_symbols() + U"\r"), bytes_of("\nx.y")}) == "line 2" + bad);
  CHECK(lines_error({utf8(many_symbols() + U"\r"), utf8(U"\n中\nx.y")}) == "line 3" + bad);
  CHECK(lines_error({utf8(many_symbols()), bytes_of("\n"), bytes_of("x.y")}) == "line 2" + bad);
  CHECK(lines_error({utf8(U"中"), utf8(U"文\n\n"), utf8(U"\nx.y")}) == "line 4" + bad);
}

TEST_CASE("words are counted through blocks and large codes") {
  const std::string bad = ": 'x.y' contains the boundary '.'; " + kWayOut;
  BigramCounter counter({});
  counter.add(packed({many_symbols(), U"", U"中\n"}));
  counter.add(packed({U"a", many_symbols()}));
  CHECK(error_of([&] { counter.add(packed({U"b", U"x.y"})); }) == "word 6" + bad);
}

TEST_CASE("each text has its own line numbers and byte offsets") {
  BigramCounter counter(lines());
  counter.add(bytes_of("a\nb"));
  counter.end_text();
  counter.add(utf8(many_symbols()));
  counter.end_text();
  counter.add(bytes_of("c\n"));
  CHECK(error_of([&] { counter.add(bytes_of("d\xC3\x28")); }) == "line 2, byte 3: not valid UTF-8");
}

TEST_CASE("a boundary before a symbol with a large code is found at every distance") {
  // The counter looks at bytes in steps: the boundary may be the last byte of one.
  for (std::size_t before = 32'700; before < 32'800; ++before) {
    BigramCounter counter({});
    counter.add(packed({many_symbols()}));
    const ByteString bad = packed({Word(before, U'x') + U"." + Word(1, 0x4E00 + 199)});
    CAPTURE(before);
    CHECK(contains(error_of([&] { counter.add(bad); }), "word 1: 'xx"));
  }
}

TEST_CASE("invalid UTF-8 is named with its line and byte") {
  CHECK(lines_error("\xFF") == "line 1, byte 0: not valid UTF-8");
  CHECK(lines_error("emma\nav\x80"
                    "a\n") == "line 2, byte 7: not valid UTF-8");
  CHECK(lines_error("\xC3\xA9\n\xC0\xAF\n") == "line 2, byte 3: not valid UTF-8");
  CHECK(lines_error("a\r\n\xED\xA0\x80") == "line 2, byte 3: not valid UTF-8");
  CHECK(lines_error("\xEF\xBB\xBF"
                    "a\n\xF5") == "line 2, byte 5: not valid UTF-8");
}

TEST_CASE("invalid UTF-8 has one place wherever the text is cut") {
  const ByteString bytes = bytes_of(
      "\xEF\xBB\xBF"
      "a\r\n\xE4\xB8\xAD\r\xE4\xB8"
      "a\n");
  const std::string whole = lines_error({bytes});
  CHECK(whole == "line 3, byte 10: not valid UTF-8");
  for (std::size_t i = 0; i <= bytes.size(); ++i) {
    const auto cut = bytes.begin() + static_cast<std::ptrdiff_t>(i);
    CAPTURE(i);
    CHECK(lines_error({{bytes.begin(), cut}, {cut, bytes.end()}}) == whole);
  }
}

TEST_CASE("a text that ends inside a sequence is named with its line and byte") {
  const std::string problem = ": the text ends inside a UTF-8 sequence";
  CHECK(lines_error("\xC3") == "line 1, byte 0" + problem);
  CHECK(lines_error("a\xE4\xB8") == "line 1, byte 1" + problem);
  CHECK(lines_error({bytes_of("a\nb\n"), bytes_of("\xF0\x9F")}) == "line 3, byte 4" + problem);
  CHECK(lines_error({bytes_of("a\nb\n\xF0"), bytes_of("\x9F"), bytes_of("\x98")}) ==
        "line 3, byte 4" + problem);
  CHECK(lines_error("a\nb\n\xF0\x9F\x98") == "line 3, byte 4" + problem);
  CHECK(lines_error("a\r\nb\r\nc\xC3") == "line 3, byte 7" + problem);
}

TEST_CASE("a message is valid UTF-8 wherever the text is cut") {
  const ByteString bytes = utf8(U"é\na.é中😀\n");
  for (std::size_t i = 0; i <= bytes.size(); ++i) {
    const auto cut = bytes.begin() + static_cast<std::ptrdiff_t>(i);
    const std::string message = lines_error({{bytes.begin(), cut}, {cut, bytes.end()}});
    CAPTURE(i);
    CHECK(is_valid_utf8(message));
    CHECK(contains(message, "line 2: "));
    CHECK(contains(message, "contains the boundary '.'"));
  }
}

TEST_CASE("a message is valid UTF-8 even if the word it quotes is not") {
  const std::string message = lines_error("a\nb.\xFF\n");
  CHECK(is_valid_utf8(message));
  CHECK(contains(message, "line 2"));
}

TEST_CASE("the first bad thing of a block is the one that is named") {
  CHECK(words_error({U"a.b", U"é.c"}) == "word 0: 'a.b' contains the boundary '.'; " + kWayOut);
  CHECK(lines_error("a.b\n\xFF\n") == "line 1: 'a.b' contains the boundary '.'; " + kWayOut);
  // Far apart: the counter looks at the two in different steps.
  CHECK(lines_error("a.b\n" + std::string(100'000, 'x') + "\n\xFF\n") ==
        "line 1: 'a.b' contains the boundary '.'; " + kWayOut);
}
