// What is said of a symbol that a counted word may not hold.
#pragma once

#include <string>

#include "text/quoted.hpp"
#include "text/text.hpp"

namespace makemore {

// Goes on after the number of the word or line: the symbol is the boundary, or else not in the
// given alphabet.
inline std::string bad_symbol(Bytes word, char32_t symbol, char32_t boundary) {
  const std::string said = ": " + quoted(word) + " contains ";
  if (symbol != boundary) {
    return said + quoted(symbol) +
           ", which is not in the given alphabet; unknown=True gives it a share";
  }
  const std::string never = symbol == '\n' ? "" : "no line of a file holds \"\\n\"; ";
  return said + "the boundary " + quoted(symbol) + "; " + never + "choose another with boundary=";
}

}  // namespace makemore
