// Escapes what is not printable.
#include "text/quoted.hpp"

#include <algorithm>
#include <cstdint>

#include "text/utf8.hpp"

namespace makemore {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode's controls, format characters, separators other than the space, surrogates and
// private use, and blocks of invisible characters as a whole; in order.
constexpr Range kUnprintable[] = {
    {0x0000, 0x001F},   {0x007F, 0x00A0},      {0x00AD, 0x00AD},   {0x0600, 0x0605},
    {0x061C, 0x061C},   {0x06DD, 0x06DD},      {0x070F, 0x070F},   {0x0890, 0x0891},
    {0x08E2, 0x08E2},   {0x1680, 0x1680},      {0x180E, 0x180E},   {0x2000, 0x200F},
    {0x2028, 0x202F},   {0x205F, 0x206F},      {0x3000, 0x3000},   {0xD800, 0xF8FF},
    {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},      {0xFFF0, 0xFFFB},   {0x110BD, 0x110BD},
    {0x110CD, 0x110CD}, {0x13430, 0x1343F},    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF}, {0xF0000, 0xFFFFFFFF},
};

bool is_printable(char32_t symbol) {
  if ((symbol & 0xFFFE) == 0xFFFE) return false;  // the last two of a plane are no characters
  const Range* const range =
      std::lower_bound(std::begin(kUnprintable), std::end(kUnprintable), symbol,
                       [](const Range& a, char32_t b) { return a.last < b; });
  return range == std::end(kUnprintable) || symbol < range->first;
}

void append_hex(std::string& text, char kind, char32_t symbol, int digits) {
  text += '\\';
  text += kind;
  for (int i = digits; i-- > 0;) text += "0123456789abcdef"[symbol >> 4 * i & 0xF];
}

void append(std::string& text, char32_t symbol) {
  switch (symbol) {
    case '\t': text += "\\t"; return;
    case '\n': text += "\\n"; return;
    case '\r': text += "\\r"; return;
    case '\'': text += "\\'"; return;
    case '\\': text += "\\\\"; return;
    default: break;
  }
  if (is_printable(symbol)) {
    text += to_utf8(symbol);
  } else if (symbol < 0x100) {
    append_hex(text, 'x', symbol, 2);
  } else if (symbol < 0x10000) {
    append_hex(text, 'u', symbol, 4);
  } else {
    append_hex(text, 'U', symbol, 8);
  }
}

}  // namespace

std::string quoted(Bytes word) {
  constexpr std::size_t most = 60;
  std::string text = "'";
  for (std::size_t at = 0; at < word.size();) {
    const Decoded decoded = decode_checked(word, at);
    const bool valid = decoded.kind == Decoded::Kind::symbol;
    at += valid ? decoded.size : 1;
    if (at > most) {
      text += "...";
      break;
    }
    append(text, valid ? decoded.symbol : U'\uFFFD');
  }
  return text + "'";
}

std::string quoted(std::string_view word) {
  return quoted(Bytes(reinterpret_cast<const std::uint8_t*>(word.data()), word.size()));
}

std::string quoted(char32_t symbol) {
  std::string text = "'";
  append(text, symbol);
  return text + "'";
}

}  // namespace makemore
