// Turns UTF-8 into codes of one byte a symbol, as fast as the bytes can be read.
//
// Symbols of two to four bytes are looked up by their last byte in a table of 64 codes for the
// bytes before it, their prefix: a script uses few prefixes. Only symbols that have a code are
// known here, so whatever is invalid, new or out of reach ends the translation, and the caller
// deals with that one symbol by the book.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "text/text.hpp"

namespace makemore {

struct Prefix {
  std::array<std::uint8_t, 3> bytes;   // `size` - 1 of them, the rest 0
  std::uint8_t size;                   // bytes of a symbol, 2 to 4
  std::uint8_t quarters;               // bit i: there is a code among the last bytes 0x80 + 16 i on
  std::array<std::uint8_t, 64> codes;  // by the last byte's low six bits; 0: none yet
};

// The prefixes in use, in the order of their first symbol.
class Prefixes {
 public:
  static constexpr std::size_t kMost = 24;  // beyond, symbols are looked up by the caller

  // Notes the code of a symbol of two to four bytes; does nothing where there is no room.
  void set(Bytes symbol, std::uint8_t code);

  const std::vector<Prefix>& all() const { return prefixes_; }

  // The most bytes that one of the symbols has; 1 if there are none.
  std::size_t longest() const { return longest_; }

  // The code of the two-byte symbol of these bytes, of which the first is from 0xC0 to 0xDF;
  // 0 if it has none.
  std::uint8_t two(std::uint8_t lead, std::uint8_t last) const {
    return (last & 0xC0) == 0x80 ? two_[(lead & 0x1Fu) << 6 | (last & 0x3Fu)] : std::uint8_t{0};
  }

 private:
  std::vector<Prefix> prefixes_;
  std::size_t longest_ = 1;
  std::array<std::uint8_t, 2048> two_{};  // the codes of all two-byte symbols, once more
};

struct Translated {
  std::size_t read;     // bytes taken from the text
  std::size_t written;  // codes put out
};

// Translates from the front of `text` as far as everything is ASCII or has a code; in the
// packed layout kWordEnd stands for itself. `out` has room for text.size() + 64 codes. Reads
// no byte outside `text`.
using Translate = Translated (*)(Bytes text, const Prefixes& prefixes, Layout layout,
                                 std::uint8_t* out);

// The variant of the active instruction set (cpu.hpp).
Translate translate_kernel();

}  // namespace makemore
