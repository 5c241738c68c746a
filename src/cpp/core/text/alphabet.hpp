// The ordered symbols of a model: id 0 the boundary, then the others in code-point order.
//
// Symbols that are tokens stand here as the scalar values of their vocabulary, and the alphabet
// knows how they are spelled. The unknown symbol, if there is one, then comes before all of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "text/tokens/vocabulary.hpp"

namespace makemore {

inline constexpr std::uint32_t kUnknown = 0xFFFFFFFF;  // the id of a symbol that is not there

// The unknown symbol, which stands for all symbols outside an alphabet that holds it: Unicode's
// replacement character.
inline constexpr char32_t kUnknownSymbol = 0xFFFD;

class Alphabet {
 public:
  // The boundary and any other symbols, in any order; repeats count once.
  explicit Alphabet(char32_t boundary, std::vector<char32_t> others = {});

  // All tokens of a vocabulary, with the unknown symbol or without it.
  Alphabet(std::shared_ptr<const Vocabulary> vocabulary, bool unknown);

  std::size_t size() const { return symbols_.size(); }
  char32_t boundary() const { return symbols_[0]; }
  std::span<const char32_t> symbols() const { return symbols_; }

  // The tokens that the symbols stand for; null where these are characters.
  const std::shared_ptr<const Vocabulary>& vocabulary() const { return vocabulary_; }

  // The symbol of an id as it is written, in UTF-8.
  std::string spelled(std::uint32_t id) const;

  // The id of a symbol, kUnknown if it is not in the alphabet.
  std::uint32_t id(char32_t symbol) const {
    return symbol < kDirect ? direct_[symbol] : id_above(symbol);
  }

  // The id of the unknown symbol, kUnknown if the alphabet holds none.
  std::uint32_t unknown() const { return unknown_; }

  // The id of a symbol or of what stands for it: the unknown symbol's where the symbol is not
  // there.
  std::uint32_t id_or_unknown(char32_t symbol) const {
    const std::uint32_t own = id(symbol);
    return own == kUnknown ? unknown_ : own;
  }

  // Whether the two write the same boundary and, if their symbols are tokens, cut words alike:
  // then one can take the symbols of the other.
  bool is_alike(const Alphabet& other) const;

  bool operator==(const Alphabet& other) const;

  // Bytes that it takes beside its own size, with the vocabulary, which others may share.
  std::size_t memory() const;

 private:
  static constexpr std::size_t kDirect = 0x80;
  std::uint32_t id_above(char32_t symbol) const;

  void number();

  std::vector<char32_t> symbols_;
  std::uint32_t unknown_;
  std::array<std::uint32_t, kDirect> direct_;
  std::shared_ptr<const Vocabulary> vocabulary_;
};

// The symbol of an id in a message, and a word, or a part of one, of ids.
std::string quoted(const Alphabet& alphabet, std::uint32_t id);
std::string quoted(const Alphabet& alphabet, std::span<const std::uint32_t> ids);

// A word, or a part of one, as it is written; of lists, with kTokenEnd behind each token.
std::string spelled(const Alphabet& alphabet, std::span<const std::uint32_t> ids);

// Throws Error, which says what `a` and `b` are, if the two are not alike.
void check_alike(const Alphabet& a, const std::string& what_a, const Alphabet& b,
                 const std::string& what_b);

// The ids in `to` of all symbols of `from`, which is alike: that of the unknown symbol, or
// kUnknown, for one that is not there.
std::vector<std::uint32_t> ids_in(const Alphabet& to, const Alphabet& from);

// The alphabet of the tokens that stand behind the symbols of another, which are those of a
// TokenCutter without a vocabulary; and the ids in it of all symbols of that one.
struct TokenAlphabet {
  Alphabet alphabet;
  std::vector<std::uint32_t> ids;
};
TokenAlphabet token_alphabet(const Alphabet& met_symbols, const TokenTable& met,
                             const TokenRules& rules, const Poll& poll);

// All symbols of both. The two must be alike; ids keep their order.
Alphabet united(const Alphabet& a, const Alphabet& b);

// All symbols of at least one, which must be alike.
Alphabet united(std::span<const Alphabet* const> alphabets);

// How many symbols that has, without the work of making it where most are those of the largest.
std::size_t united_size(std::span<const Alphabet* const> alphabets);

// The same symbols and the unknown one. Throws Error if that is the boundary.
Alphabet with_unknown(const Alphabet& alphabet);

}  // namespace makemore
