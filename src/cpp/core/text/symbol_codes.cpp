// Assigns codes to symbols as they are met.
#include "text/symbol_codes.hpp"

namespace makemore {

const SymbolCodes::Page SymbolCodes::kNoCodes{};

std::uint32_t SymbolCodes::assign(char32_t symbol) {
  if (pages_.empty()) pages_.assign(kPages + 1, &kNoCodes);
  if (end() == kWordEnd) symbols_.push_back(0);  // this code means the end of a word
  const std::uint32_t code = end();
  const std::uint32_t at = symbol / kPage;
  Page& page = owned_[at];
  page[symbol % kPage] = code;
  pages_[at] = &page;
  symbols_.push_back(symbol);
  return code;
}

}  // namespace makemore
