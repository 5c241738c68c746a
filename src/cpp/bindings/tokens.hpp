// Symbols as Python says them: characters, or tokens by the rules that cut words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bindings/python.hpp"
#include "text/tokens/token_cutter.hpp"

namespace makemore {

// The UTF-8 of a str; ValueError for a lone surrogate, which says what holds it.
std::string utf8_of(const py::str& text, const char* name = "a str");

// What finds grapheme clusters, by Python's package regex, if the rules need it; ImportError if it
// is not installed.
Graphemes graphemes_for(const TokenRules& rules);

// Cuts words for a model or counts of an alphabet; nothing if its symbols are characters. The
// boundary inside a word is an unknown symbol.
std::optional<TokenCutter> cutter_of(const Alphabet& alphabet);

// What a caller tells of symbols. The boundary is a str of one symbol, or the TokenRules of words
// that are cut; the alphabet a str of characters, an Alphabet, or None.
struct SymbolsWanted {
  char32_t boundary;
  std::optional<TokenRules> rules{};   // if symbols are tokens
  std::optional<Alphabet> alphabet{};  // if one is given
  bool unknown;                        // whether it holds, or gets, the unknown symbol

  // Cuts words that are to be counted or learned from; nothing if symbols are characters. Every
  // token joins if no alphabet is given.
  std::optional<TokenCutter> cutter() const;
};
SymbolsWanted symbols_wanted(const py::object& boundary, const py::object& alphabet, bool unknown);

// An alphabet that was kept: the numbers of its symbols in their order, or an Alphabet. Throws
// Error if it is none.
Alphabet kept_alphabet(const py::object& kept);

// The numbers of its symbols, if these are characters, as an array of that name; a vocabulary is
// kept by the package.
void keep_characters(py::dict& arrays, const Alphabet& alphabet);

// The symbols of an alphabet: a str of characters, or a tuple of tokens.
py::object symbols_of(const Alphabet& alphabet);

// The id of a symbol; kUnknown for one that is not there.
std::uint32_t id_of(const Alphabet& alphabet, const py::str& symbol);

// A word of ids as Python has it: a str, or a list of tokens.
py::object word_object(const Alphabet& alphabet, std::span<const std::uint32_t> ids);

// A word in text, uncut, as Python has it; and its symbols.
py::object word_object(const Alphabet& alphabet, const std::string& word);
std::vector<std::string> symbols_in(const Alphabet& alphabet, const std::string& word);

}  // namespace makemore
