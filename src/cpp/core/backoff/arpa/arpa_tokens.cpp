// Symbols as tokens: printable ones as they are, the others as their code points.
#include "backoff/arpa/arpa_tokens.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/error.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore::arpa {
namespace {

// Whether a reader might take a symbol for a separator or a line end: Unicode's white space
// and its control characters.
bool needs_escape(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

std::optional<char32_t> symbol_of(std::string_view token) {
  if (token == kUnknownToken || token == "<UNK>") return kUnknownSymbol;
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(token.data()), token.size()};
  const Decoded first = decode_checked(bytes, 0);
  if (first.kind != Decoded::Kind::symbol) return std::nullopt;
  if (first.size == token.size()) return first.symbol;
  if (!token.starts_with("U+") || token.size() < 6) return std::nullopt;
  std::uint32_t code = 0;
  const char* const end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data() + 2, end, code, 16);
  if (error != std::errc() || stop != end || code > kMaxCodePoint || is_surrogate(code)) {
    return std::nullopt;
  }
  return static_cast<char32_t>(code);
}

std::string token_of(char32_t symbol) {
  if (symbol == kUnknownSymbol) return std::string(kUnknownToken);
  if (!needs_escape(symbol)) return to_utf8(symbol);
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), std::uint32_t{symbol}, 16).ptr;
  std::string hex(digits.begin(), end);
  for (char& digit : hex) digit = digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
  return "U+" + std::string(4 - hex.size(), '0') + hex;
}

std::string token_of(const Alphabet& alphabet, std::uint32_t id) {
  if (!alphabet.vocabulary() || alphabet.symbols()[id] == kUnknownSymbol) {
    return token_of(alphabet.symbols()[id]);
  }
  std::string token = alphabet.spelled(id);
  if (token == kStart || token == kEnd || token == kUnknownToken || token == "<UNK>") {
    throw Error("the token " + quoted(token) + " has another meaning in ARPA files");
  }
  // The blanks at which readers of ARPA files cut.
  if (token.find_first_of(std::string_view(" \t\n\v\f\r\0", 7)) != token.npos) {
    throw Error("the token " + quoted(token) + " holds a blank, at which ARPA files are cut");
  }
  return token;
}

}  // namespace makemore::arpa
