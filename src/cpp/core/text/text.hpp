// The one view of words that every kernel takes: UTF-8 bytes, and how words end in them.
//
// Every kind of input (list of str, file, array) becomes this view by a small
// adapter, so a new input adds no kernel and a new kernel adds no adapter. Word
// ends stand in the bytes themselves: counting pairs of neighbouring bytes then
// counts the pairs with the boundary too, and no offsets need to be kept. For words that lie
// joined in memory, counting has a way that leaves them there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace makemore {

using Bytes = std::span<const std::uint8_t>;

enum class Layout : std::uint8_t {
  packed,  // valid UTF-8, each word followed by kWordEnd; a word may hold any symbol
  lines,   // unchecked UTF-8; a word ends at \n, \r\n or \r, the last one maybe at nothing
};

// Ends a word in the packed layout; a byte that no UTF-8 text contains.
inline constexpr std::uint8_t kWordEnd = 0xFF;

struct Text {
  Bytes bytes;
  Layout layout = Layout::packed;
  bool ascii = false;  // known: every symbol is below 128 (false: not known)
};

// Words as an Arrow array holds them, one behind the other with nothing between: word i is the
// bytes [offsets[i], offsets[i + 1]) of `values`. Nothing of it is checked, and all of it may
// change while it is read: `size` alone says how many bytes of `values` there are.
template <class Offset>
struct Joined {
  const std::uint8_t* values;
  std::span<const Offset> offsets;  // one more than words; not empty, and maybe not aligned
  std::size_t size;

  std::size_t words() const { return offsets.size() - 1; }
};

}  // namespace makemore
