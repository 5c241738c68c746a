// From one of Python's str objects into the block.
#pragma once

#include "bindings/packer.hpp"
#include "bindings/python.hpp"

namespace makemore {

// Any str, or TypeError; ValueError for a lone surrogate.
void pack_any(Packer& packer, PyObject* word, std::int64_t index);

// The same, with a short way for the most common.
inline void pack_str(Packer& packer, PyObject* word, std::int64_t index) {
  if (!PyUnicode_CheckExact(word) || !PyUnicode_IS_COMPACT_ASCII(word)) {
    pack_any(packer, word, index);
    return;
  }
  const auto size = static_cast<std::size_t>(PyUnicode_GET_LENGTH(word));
  const auto* const data = reinterpret_cast<const std::uint8_t*>(PyUnicode_1BYTE_DATA(word));
  std::uint8_t* const out = packer.room(size);
  if (size - 1 < 8) {
    // Up to 8 bytes with one load and one store instead of a loop. The load ends at the last
    // byte and so never passes the string's end; it may begin before the string, which is
    // still the object's own header.
    static_assert(sizeof(PyASCIIObject) >= 8);
    std::uint64_t bits = 0;
    std::memcpy(&bits, data + size - 8, 8);
    bits >>= 8 * (8 - size);
    std::memcpy(out, &bits, 8);
  } else {
    std::memcpy(out, data, size);
  }
  packer.end_word(out + size);
}

// A symbol that text may hold, or ValueError; `at` is its place in the word.
inline std::uint8_t* encode_checked(char32_t symbol, std::uint8_t* out, std::int64_t index,
                                    std::size_t at) {
  if (is_surrogate(symbol)) {
    fail_word(index, "holds a lone surrogate at position " + std::to_string(at));
  }
  if (symbol > kMaxCodePoint) {
    fail_word(index, "holds what is no code point at position " + std::to_string(at));
  }
  return encode(symbol, out);
}

}  // namespace makemore
