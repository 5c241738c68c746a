// Data in messages: quoted, and printable whatever it holds.
//
// A message goes to terminals and logs, which obey control characters and bidirectional
// controls. So what cannot be seen is escaped, as Python's repr() does: \n, \x07, \u202e.
#pragma once

#include <string>
#include <string_view>

#include "text/text.hpp"

namespace makemore {

// A word: cut if it is long; bytes that are not valid UTF-8 stand as replacement characters.
std::string quoted(Bytes word);
std::string quoted(std::string_view word);

// One symbol, or any number in its place.
std::string quoted(char32_t symbol);

}  // namespace makemore
