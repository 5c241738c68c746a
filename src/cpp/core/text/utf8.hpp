// Strict UTF-8, one symbol at a time.
//
// Strict means Unicode's table of well-formed sequences (The Unicode Standard,
// table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "text/text.hpp"

namespace makemore {

inline constexpr char32_t kMaxCodePoint = 0x10FFFF;

inline constexpr bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

// Decodes one symbol that is known to be valid and moves `p` behind it.
inline char32_t decode_valid(const std::uint8_t*& p) {
  const char32_t a = *p++;
  if (a < 0x80) return a;
  const char32_t b = *p++ & 0x3Fu;
  if (a < 0xE0) return (a & 0x1Fu) << 6 | b;
  const char32_t c = *p++ & 0x3Fu;
  if (a < 0xF0) return (a & 0x0Fu) << 12 | b << 6 | c;
  const char32_t d = *p++ & 0x3Fu;
  return (a & 0x07u) << 18 | b << 12 | c << 6 | d;
}

// What stands at the start of some bytes.
struct Decoded {
  enum class Kind : std::uint8_t { symbol, incomplete, invalid };
  Kind kind;
  char32_t symbol;   // if kind is symbol
  std::size_t size;  // bytes it takes (symbol only)
};

// Checks and decodes the symbol at `at`; "incomplete" means that the bytes end
// in the middle of a sequence that is valid so far. Needs at < bytes.size().
Decoded decode_checked(Bytes bytes, std::size_t at);

// The place of the first byte that no valid UTF-8 has there; the size if all is valid.
std::size_t first_invalid(Bytes bytes);

// Writes one symbol (not a surrogate) and returns the place behind it.
inline std::uint8_t* encode(char32_t c, std::uint8_t* out) {
  if (c < 0x80) {
    *out++ = static_cast<std::uint8_t>(c);
  } else if (c < 0x800) {
    *out++ = static_cast<std::uint8_t>(0xC0 | c >> 6);
    *out++ = static_cast<std::uint8_t>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out++ = static_cast<std::uint8_t>(0xE0 | c >> 12);
    *out++ = static_cast<std::uint8_t>(0x80 | (c >> 6 & 0x3F));
    *out++ = static_cast<std::uint8_t>(0x80 | (c & 0x3F));
  } else {
    *out++ = static_cast<std::uint8_t>(0xF0 | c >> 18);
    *out++ = static_cast<std::uint8_t>(0x80 | (c >> 12 & 0x3F));
    *out++ = static_cast<std::uint8_t>(0x80 | (c >> 6 & 0x3F));
    *out++ = static_cast<std::uint8_t>(0x80 | (c & 0x3F));
  }
  return out;
}

// One symbol as a std::string; a surrogate as the replacement character. Messages show symbols
// by quoted() (quoted.hpp).
std::string to_utf8(char32_t c);

}  // namespace makemore
