// What is said of a symbol that a counted word may not hold.
#pragma once

#include <string>

#include "text/quoted.hpp"
#include "text/text.hpp"

namespace makemore {

// Go on after the number of the word or line. The word and the symbol are quoted.
inline std::string outside_alphabet(const std::string& word, const std::string& symbol) {
  return ": " + word + " contains " + symbol +
         ", which is not in the given alphabet; unknown=True gives it a share";
}
inline std::string boundary_inside(const std::string& word, const std::string& boundary,
                                   const std::string& hint = "") {
  return ": " + word + " contains the boundary " + boundary + "; " + hint +
         "choose another with boundary=";
}

// The symbol is the boundary, or else not in the given alphabet.
inline std::string bad_symbol(Bytes word, char32_t symbol, char32_t boundary) {
  if (symbol != boundary) return outside_alphabet(quoted(word), quoted(symbol));
  return boundary_inside(quoted(word), quoted(symbol),
                         symbol == '\n' ? "" : "no line of a file holds \"\\n\"; ");
}

}  // namespace makemore
