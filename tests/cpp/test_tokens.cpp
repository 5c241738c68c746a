// Tokens: their numbers and symbols, how words are cut, and counts of tokens met in any order.
#include <map>
#include <random>
#include <string>
#include <vector>

#include "counting/token_lines.hpp"
#include "counts/token_counts.hpp"
#include "support.hpp"
#include "text/tokens/token_cutter.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

TokenRules separated() { return {TokenRules::Cut::separated, "<s>", " ", {}}; }

Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Ngrams counted(const std::string& text, unsigned order, unsigned threads, std::size_t piece) {
  CountOptions options;
  options.boundary = Vocabulary::kBoundarySymbol;
  LineRules lines;
  lines.weighted = false;
  const TokenCounting counting{options, order, lines, TokenCutter(separated())};
  return count_tokens(counting, text.size(), reader_of(bytes_of(text)), threads, {}, piece);
}

}  // namespace

TEST_CASE("tokens of all lengths have the numbers in which they were added") {
  TokenTable table;
  std::map<std::string, std::uint32_t> wanted;
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    std::string token(random() % 21, '\0');
    for (char& byte : token) byte = static_cast<char>(random() % 3);
    const auto [found, is_new] = wanted.emplace(token, static_cast<std::uint32_t>(wanted.size()));
    if (is_new) CHECK(table.find(token) == TokenTable::kNone);
    CHECK(table.add(token) == found->second);
    CHECK(table.find(token) == found->second);
  }
  CHECK(table.size() == wanted.size());
  for (const auto& [token, number] : wanted) CHECK(table[number] == token);
}

TEST_CASE("each number has a symbol of its own, which is no line end and no surrogate") {
  char32_t last = 0;
  for (std::uint32_t number = Vocabulary::kFirst; number < Vocabulary::kMost; ++number) {
    const char32_t symbol = Vocabulary::symbol_of(number);
    bool good = symbol <= 0x10FFFF && symbol != U'\n' && symbol != U'\r' &&
                symbol != kUnknownSymbol && (symbol < 0xD800 || symbol > 0xDFFF);
    good = good && (number == Vocabulary::kFirst || symbol > last);
    good = good && Vocabulary::number_of(symbol) == number;
    if (!good) CHECK(number == 0);
    last = symbol;
  }
  CHECK(last == 0x10FFFF);
  CHECK(Vocabulary::number_of(Vocabulary::kBoundarySymbol) == Vocabulary::kBoundary);
  CHECK(Vocabulary::number_of(kUnknownSymbol) == Vocabulary::kUnknownToken);
}

TEST_CASE("ids keep their order when tokens join, also beyond the unknown symbol") {
  std::vector<std::string> some;
  std::vector<std::string> more;
  for (int i = 0; i < 70'000; ++i) {
    std::string token = "t" + std::to_string(1'000'000 + i);
    if (i % 2 == 0) some.push_back(token);
    more.push_back(std::move(token));
  }
  const auto alphabet = [](const std::vector<std::string>& tokens, bool unknown) {
    return Alphabet(std::make_shared<const Vocabulary>(separated(), views_of(tokens)), unknown);
  };
  const Alphabet a = alphabet(some, true);
  const Alphabet b = united(a, alphabet(more, false));
  CHECK(b.size() == more.size() + 2);
  const std::vector<std::uint32_t> ids = ids_in(b, a);
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  for (std::uint32_t id = 0; id < b.size(); ++id) {
    if (b.id(b.symbols()[id]) != id) CHECK(id == 0);
  }
  CHECK(b.unknown() == 1);
  CHECK(b.spelled(2) == more[0]);
}

TEST_CASE("a text is counted alike by any threads and any pieces") {
  std::string text;
  std::mt19937 random(2);
  for (int line = 0; line < 3000; ++line) {
    for (std::uint32_t i = random() % 8; i > 0; --i) {
      text += "w" + std::to_string(random() % 400) + (i > 1 ? " " : "");
    }
    text += line % 3 == 0 ? "\r\n" : line % 3 == 1 ? "\n" : "\n\n";
  }
  const Ngrams one = counted(text, 3, 1, std::size_t{1} << 20);
  CHECK(one.alphabet().size() == 401);
  for (const std::size_t piece : {64U, 1000U, 4096U}) {
    CHECK(counted(text, 3, 1, piece) == one);
    CHECK(counted(text, 3, 4, piece) == one);
  }
}

TEST_CASE("what may not be in a word is told with its line") {
  const auto told = [](const std::string& text) {
    try {
      (void)counted(text, 2, 3, 16);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(told("a b\n\nc <s> d\ne") ==
        "line 3: 'c <s> d' contains the boundary '<s>'; choose another with boundary=");
  CHECK(told("a b\nc \xFF\n") == "line 2, byte 6: not valid UTF-8");
}

TEST_CASE("the longest piece is taken") {
  TokenCutter cutter(TokenRules{TokenRules::Cut::longest, ".", "", {"ch", "s", "sch", "schoo"}});
  const std::vector<std::string_view> tokens = cutter.tokens_of("schschoschoo€c");
  CHECK(tokens == std::vector<std::string_view>{"sch", "sch", "o", "schoo", "€", "c"});
}
