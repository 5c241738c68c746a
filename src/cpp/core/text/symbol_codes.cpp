// Assigns codes to symbols as they are met.
#include "text/symbol_codes.hpp"

#include "text/utf8.hpp"

namespace makemore {

std::uint32_t SymbolCodes::assign(char32_t symbol) {
  if (pages_.empty()) pages_.resize(kMaxCodePoint / kPage + 1);
  if (end() == kWordEnd) symbols_.push_back(0);  // this code means the end of a word
  const std::uint32_t code = end();
  auto& page = pages_[symbol / kPage];
  if (!page) page = std::make_unique<Page>(Page{});
  (*page)[symbol % kPage] = code;
  symbols_.push_back(symbol);
  return code;
}

}  // namespace makemore
