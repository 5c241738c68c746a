// Turns UTF-8 into codes of any size, where they do not all fit a byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "counting/translate.hpp"
#include "text/symbol_codes.hpp"

namespace makemore {

// The codes of single bytes: of ASCII symbols, and of kWordEnd in the packed layout. 0 for what
// the caller deals with.
using ByteCodes = std::array<std::uint32_t, 256>;

// Translates the symbols that begin in [from, to) from the front as far as all have a code and
// are well-formed, and so many bytes lie behind them that none has to be looked at alone. `out`
// has room for to - from codes.
Translated translate_wide(Bytes text, std::size_t from, std::size_t to, const SymbolCodes& codes,
                          const ByteCodes& byte_codes, std::uint32_t* out);

}  // namespace makemore
