// Data in messages: whatever it is, nothing of it acts on the terminal that shows it.
#include "support.hpp"
#include "text/quoted.hpp"

using namespace makemore;
using namespace makemore::testing;

TEST_CASE("a word in a message is quoted and cut between symbols if it is long") {
  CHECK(quoted(Bytes{}) == "''");
  CHECK(quoted(bytes_of("emma")) == "'emma'");
  CHECK(quoted(bytes_of(std::string(60, 'a'))) == "'" + std::string(60, 'a') + "'");
  CHECK(quoted(bytes_of(std::string(61, 'a'))) == "'" + std::string(60, 'a') + "...'");
  for (std::size_t before = 55; before < 65; ++before) {
    const std::string word = std::string(before, 'a') + "😀😀";
    const std::string text = quoted(bytes_of(word));
    CAPTURE(before);
    CHECK(is_valid_utf8(text));
    CHECK(text.size() <= 70);
  }
}

TEST_CASE("a word in a message is valid UTF-8 whatever its bytes are") {
  CHECK(quoted(bytes_of("a\xFF"
                        "b")) ==
        "'a\xEF\xBF\xBD"
        "b'");
  CHECK(quoted(bytes_of("a\xC3")) == "'a\xEF\xBF\xBD'");
  Random random(22);
  for (int i = 0; i < 1000; ++i) {
    ByteString bytes(below(random, 100));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    CHECK(is_valid_utf8(quoted(bytes)));
  }
}

TEST_CASE("what cannot be seen is escaped as in Python") {
  CHECK(quoted("a\tb\nc\r\x1b[2J\x7f") == "'a\\tb\\nc\\r\\x1b[2J\\x7f'");
  CHECK(quoted(U'\0') == "'\\x00'");
  CHECK(quoted(char32_t{0x9B}) == "'\\x9b'");
  CHECK(quoted(char32_t{0x202E}) == "'\\u202e'");
  CHECK(quoted(char32_t{0xD800}) == "'\\ud800'");
  CHECK(quoted(char32_t{0xE0041}) == "'\\U000e0041'");
  CHECK(quoted(char32_t{0x110000}) == "'\\U00110000'");
  CHECK(quoted("it's \\ all") == "'it\\'s \\\\ all'");
  CHECK(quoted("é中😀") == "'é中😀'");
}

TEST_CASE("a symbol in a message is one line of visible characters") {
  int wrong = 0;
  for (char32_t symbol = 0; symbol <= kMaxCodePoint + 1; ++symbol) {
    const std::string text = quoted(symbol);
    for (const char byte : text) wrong += static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
    wrong += !is_valid_utf8(text) || contains(text, "\xC2\x85") || contains(text, "\xC2\x9B");
    if (symbol < 0xD800) wrong += text != quoted(utf8({&symbol, 1}));
  }
  CHECK(wrong == 0);
}
