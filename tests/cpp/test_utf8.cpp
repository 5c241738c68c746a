// Strict UTF-8: against the Unicode Standard's table 3-7, and for every code point.
#include <array>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

// The rows of table 3-7; bytes after the second one are 80..BF.
struct Form {
  int lead_low, lead_high;
  int second_low, second_high;
  std::size_t size;
};
constexpr std::array<Form, 9> kForms = {{
    {0x00, 0x7F, 0, 0, 1},
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
}};

Decoded decode_by_table(const ByteString& bytes) {
  constexpr std::array<int, 5> first_of_size = {0, 0x00, 0xC0, 0xE0, 0xF0};
  for (const Form& form : kForms) {
    if (bytes[0] < form.lead_low || bytes[0] > form.lead_high) continue;
    int symbol = bytes[0] - first_of_size[form.size];
    for (std::size_t i = 1; i < form.size; ++i) {
      if (i == bytes.size()) return {Decoded::Kind::incomplete, 0, 0};
      const int low = i == 1 ? form.second_low : 0x80;
      const int high = i == 1 ? form.second_high : 0xBF;
      if (bytes[i] < low || bytes[i] > high) return {Decoded::Kind::invalid, 0, 0};
      symbol = symbol * 64 + bytes[i] - 0x80;
    }
    return {Decoded::Kind::symbol, static_cast<char32_t>(symbol), form.size};
  }
  return {Decoded::Kind::invalid, 0, 0};
}

bool same(const Decoded& a, const Decoded& b) {
  return a.kind == b.kind && a.symbol == b.symbol && a.size == b.size;
}

// Every byte there is, and those at the edges of the table's ranges.
ByteString all_bytes() {
  ByteString bytes;
  for (int b = 0; b < 256; ++b) bytes.push_back(static_cast<std::uint8_t>(b));
  return bytes;
}
const ByteString kEdges = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE1, 0xFF};

// How many of all sequences with these bytes in each place are decoded unlike the table.
int differences(const std::vector<ByteString>& places) {
  int wrong = 0;
  ByteString bytes(places.size());
  ByteString behind(places.size() + 1, 'x');  // the same, not at the start of the buffer
  std::vector<std::size_t> digits(places.size());
  while (true) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      bytes[i] = behind[i + 1] = places[i][digits[i]];
    }
    const Decoded expected = decode_by_table(bytes);
    wrong += !same(decode_checked(bytes, 0), expected);
    wrong += !same(decode_checked(behind, 1), expected);
    std::size_t i = 0;
    while (i < digits.size() && ++digits[i] == places[i].size()) digits[i++] = 0;
    if (i == digits.size()) return wrong;
  }
}

Decoded::Kind kind_of(std::string_view text) { return decode_checked(bytes_of(text), 0).kind; }

}  // namespace

TEST_CASE("every sequence of one or two bytes is decoded as Unicode's table says") {
  CHECK(differences({all_bytes()}) == 0);
  CHECK(differences({all_bytes(), all_bytes()}) == 0);
}

TEST_CASE("sequences of three and four bytes are decoded as Unicode's table says") {
  ByteString long_leads;
  for (int lead = 0xE0; lead < 256; ++lead) long_leads.push_back(static_cast<std::uint8_t>(lead));
  CHECK(differences({all_bytes(), kEdges, kEdges}) == 0);
  CHECK(differences({long_leads, all_bytes(), kEdges}) == 0);
  CHECK(differences({long_leads, all_bytes(), kEdges, kEdges}) == 0);
  CHECK(differences({long_leads, kEdges, kEdges, all_bytes()}) == 0);
}

TEST_CASE("a sequence that the bytes cut short is incomplete and not invalid") {
  CHECK(kind_of("\xC3") == Decoded::Kind::incomplete);
  CHECK(kind_of("\xE4\xB8") == Decoded::Kind::incomplete);
  CHECK(kind_of("\xF0\x9F\x98") == Decoded::Kind::incomplete);
}

TEST_CASE("a sequence that cannot become valid is invalid even where the bytes end") {
  CHECK(kind_of("\x80") == Decoded::Kind::invalid);      // a continuation byte
  CHECK(kind_of("\xC0") == Decoded::Kind::invalid);      // overlong
  CHECK(kind_of("\xE0\x9F") == Decoded::Kind::invalid);  // overlong
  CHECK(kind_of("\xED\xA0") == Decoded::Kind::invalid);  // a surrogate
  CHECK(kind_of("\xF4\x90") == Decoded::Kind::invalid);  // above U+10FFFF
  CHECK(kind_of("\xF5") == Decoded::Kind::invalid);      // above U+10FFFF
  CHECK(kind_of("\xE4"
                "a") == Decoded::Kind::invalid);  // broken off
  CHECK(kind_of("\xF0\x9F"
                "a") == Decoded::Kind::invalid);  // broken off
}

TEST_CASE("every code point comes back from its bytes") {
  int wrong = 0;
  for (char32_t symbol = 0; symbol <= kMaxCodePoint; ++symbol) {
    if (is_surrogate(symbol)) continue;
    std::array<std::uint8_t, 4> buffer{};
    const auto size = static_cast<std::size_t>(encode(symbol, buffer.data()) - buffer.data());
    const std::size_t expected = symbol < 0x80 ? 1 : symbol < 0x800 ? 2 : symbol < 0x10000 ? 3 : 4;
    const Decoded checked = decode_checked(Bytes(buffer).first(size), 0);
    const std::uint8_t* p = buffer.data();
    const char32_t trusted = decode_valid(p);
    wrong += size != expected || !same(checked, {Decoded::Kind::symbol, symbol, size}) ||
             trusted != symbol || p != buffer.data() + size;
  }
  CHECK(wrong == 0);
}

TEST_CASE("surrogates are the 2048 code points from U+D800 to U+DFFF") {
  CHECK_FALSE(is_surrogate(0xD7FF));
  CHECK(is_surrogate(0xD800));
  CHECK(is_surrogate(0xDFFF));
  CHECK_FALSE(is_surrogate(0xE000));
}

TEST_CASE("a symbol as a string is its UTF-8") {
  CHECK(to_utf8(U'a') == "a");
  CHECK(to_utf8(U'é') == "\xC3\xA9");
  CHECK(to_utf8(U'中') == "\xE4\xB8\xAD");
  CHECK(to_utf8(U'😀') == "\xF0\x9F\x98\x80");
  CHECK(to_utf8(0) == std::string(1, '\0'));
}
