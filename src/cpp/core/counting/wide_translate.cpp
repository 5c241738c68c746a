// Finds where symbols begin 64 bytes at a time, and then decodes each without branches on how
// many bytes it has: in a text of several scripts nobody can foresee them.
#include "counting/wide_translate.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace makemore {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kBehind = 3;  // bytes of a symbol behind its first

// Which of eight bytes begin a symbol, those that do not continue one.
std::uint64_t starts_of_eight(const std::uint8_t* p) {
  constexpr std::uint64_t high = 0x8080808080808080u;
  std::uint64_t eight = 0;
  std::memcpy(&eight, p, sizeof eight);
  const std::uint64_t starts = (~eight | eight << 1) & high;
  return (starts >> 7) * 0x0102040810204080u >> 56;  // the bits of the bytes side by side
}

// What the first byte of a symbol says about the whole.
struct Form {
  std::uint32_t size;
  std::uint32_t fixed;     // the bits of four bytes that are the same in all such symbols
  std::uint32_t expected;  // what they are
  std::uint32_t first;     // the bits of the first byte that are part of the code point
  std::uint32_t shift;     // how far the code point of four bytes is too high
  std::uint32_t least;     // code points below are overlong
};

constexpr Form kForms[] = {
    {1, 0, 0, 0, 18, 0},  // a single byte, whose code is looked up elsewhere
    {2, 0x0000C0E0, 0x000080C0, 0x1F, 12, 0x80},
    {3, 0x00C0C0F0, 0x008080E0, 0x0F, 6, 0x800},
    {4, 0xC0C0C0F8, 0x808080F0, 0x07, 0, 0x10000},
};

// The form by the first byte; of 0xF8 and above, which begin no symbol but may be kWordEnd, the
// first.
constexpr std::array<std::uint8_t, 32> kFormOf = [] {
  std::array<std::uint8_t, 32> forms{};
  for (std::size_t i = 0xC0 >> 3; i < 0xE0 >> 3; ++i) forms[i] = 1;
  for (std::size_t i = 0xE0 >> 3; i < 0xF0 >> 3; ++i) forms[i] = 2;
  forms[0xF0 >> 3] = 3;
  return forms;
}();

}  // namespace

Translated translate_wide(Bytes text, std::size_t from, std::size_t to, const SymbolCodes& codes,
                          const ByteCodes& byte_codes, std::uint32_t* out) {
  std::size_t at = from;  // where the next symbol has to begin
  std::uint32_t* const begin = out;
  for (std::size_t block = from; block < to; block += kBlock) {
    if (text.size() - block < kBlock + kBehind) break;
    const std::uint8_t* const p = text.data() + block;
    std::uint64_t starts = 0;
    for (std::size_t i = 0; i < kBlock; i += 8) starts |= starts_of_eight(p + i) << i;
    if (to - block < kBlock) starts &= (std::uint64_t{1} << (to - block)) - 1;
    for (; starts != 0; starts &= starts - 1) {
      const auto start = static_cast<std::size_t>(std::countr_zero(starts));
      std::uint32_t four = 0;
      std::memcpy(&four, p + start, sizeof four);
      const std::uint32_t lead = four & 0xFF;
      const Form& form = kForms[kFormOf[lead >> 3]];
      const std::uint32_t symbol = ((lead & form.first) << 18 | (four >> 8 & 0x3F) << 12 |
                                    (four >> 16 & 0x3F) << 6 | (four >> 24 & 0x3F)) >>
                                   form.shift;
      const std::uint32_t found = codes.find_assigned(static_cast<char32_t>(symbol));
      const std::uint32_t code = form.size == 1 ? byte_codes[lead] : found;
      const bool good = (block + start == at) & ((four & form.fixed) == form.expected) &
                        (symbol >= form.least) & (code != 0);
      if (!good) return {at - from, static_cast<std::size_t>(out - begin)};
      *out++ = code;
      at += form.size;
    }
  }
  return {at - from, static_cast<std::size_t>(out - begin)};
}

}  // namespace makemore
