// Small numbers for symbols, given out while counting.
//
// An ASCII symbol is its own code, so plain text needs no translation at all. Every
// other symbol gets the next free code when it first appears, whatever its place in
// Unicode: with at most 127 of them, as in any alphabetic script, a code fits a byte.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "text/text.hpp"
#include "text/utf8.hpp"

namespace makemore {

class SymbolCodes {
 public:
  static constexpr std::uint32_t kAscii = 128;   // codes below are ASCII symbols
  static constexpr std::uint32_t kNarrow = 256;  // codes below fit a byte

  // The code of a symbol from 128 on; 0 if it has none yet, as what is no code point.
  std::uint32_t find(char32_t symbol) const { return pages_.empty() ? 0 : find_assigned(symbol); }

  // The same, where some symbol has a code.
  std::uint32_t find_assigned(char32_t symbol) const {
    const auto page = static_cast<std::uint32_t>(symbol) / kPage;
    return (*pages_[page < kPages ? page : kPages])[symbol % kPage];
  }

  // Gives the next code to a symbol that has none.
  std::uint32_t assign(char32_t symbol);

  // The symbol of a code that was given out (kWordEnd never is).
  char32_t symbol(std::uint32_t code) const {
    return code < kAscii ? static_cast<char32_t>(code) : symbols_[code - kAscii];
  }

  // One more than the highest code given out so far.
  std::uint32_t end() const { return kAscii + static_cast<std::uint32_t>(symbols_.size()); }

 private:
  static constexpr std::uint32_t kPage = 256;
  using Page = std::array<std::uint32_t, kPage>;
  static constexpr std::uint32_t kPages = (kMaxCodePoint + 1) / kPage;
  static const Page kNoCodes;

  // Made for the first symbol from 128 on: those that hold a code, and kNoCodes for the others
  // and, once more, for what is no code point.
  std::vector<const Page*> pages_;
  std::map<std::uint32_t, Page> owned_;  // by page; a map leaves them where they are
  std::vector<char32_t> symbols_;        // by code - kAscii
};

}  // namespace makemore
