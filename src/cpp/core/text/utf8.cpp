// Decodes UTF-8 strictly.
#include "text/utf8.hpp"

namespace makemore {

Decoded decode_checked(Bytes bytes, std::size_t at) {
  constexpr Decoded invalid{Decoded::Kind::invalid, 0, 0};
  const std::uint8_t lead = bytes[at];
  if (lead < 0x80) return {Decoded::Kind::symbol, lead, 1};

  // The lead byte gives the length and, for four of them, a narrower range for
  // the second byte; that range is what shuts out overlong forms and surrogates.
  std::size_t size = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  char32_t symbol = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    size = 2;
    symbol = lead & 0x1Fu;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    size = 3;
    symbol = lead & 0x0Fu;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4;
    symbol = lead & 0x07u;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return invalid;
  }
  for (std::size_t i = 1; i < size; ++i) {
    if (at + i >= bytes.size()) return {Decoded::Kind::incomplete, 0, 0};
    const std::uint8_t byte = bytes[at + i];
    if (byte < low || byte > high) return invalid;
    symbol = symbol << 6 | (byte & 0x3Fu);
    low = 0x80;
    high = 0xBF;
  }
  return {Decoded::Kind::symbol, symbol, size};
}

std::string to_utf8(char32_t c) {
  if (is_surrogate(c)) c = 0xFFFD;  // the replacement character
  std::uint8_t buffer[4] = {};
  const auto size = static_cast<std::size_t>(encode(c, buffer) - buffer);
  return std::string(reinterpret_cast<const char*>(buffer), size);
}

std::size_t first_invalid(Bytes bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes[at] < 0x80) {
      ++at;
      continue;
    }
    const Decoded decoded = decode_checked(bytes, at);
    if (decoded.kind != Decoded::Kind::symbol) return at;
    at += decoded.size;
  }
  return bytes.size();
}

}  // namespace makemore
