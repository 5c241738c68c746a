// Symbols that are tokens: phonemes, digraphs, graphemes, words.
//
// The core counts, models and draws Unicode scalar values. A token stands there as one of them, so
// that no kernel, model or file knows of tokens: it is given the value of its place among the
// tokens in code-point order. Tokens that are met in any order come to the same values, so counts
// of parts of a corpus add up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/text.hpp"
#include "text/tokens/token_table.hpp"

namespace makemore {

// How words are cut into tokens, and put together again.
struct TokenRules {
  enum class Cut : std::uint8_t {
    listed,     // a word is a list of tokens; in text, each token has kTokenEnd behind it
    separated,  // tokens stand between separators, of which several count as one
    longest,    // the longest of some pieces that fits is a token, or else a code point
    graphemes,  // tokens are extended grapheme clusters
  };

  Cut cut = Cut::listed;
  std::string boundary{};             // as it is written
  std::string separator{};            // if separated
  std::vector<std::string> pieces{};  // if longest: in code-point order, each once

  // What stands between tokens where a word is written.
  std::string_view joint() const {
    return cut == Cut::separated ? std::string_view(separator) : "";
  }

  bool operator==(const TokenRules&) const = default;
};

// Throws Error for an empty separator, piece or boundary, or one that cannot be met.
void check_rules(const TokenRules& rules);

// Ends a token in text where words are lists; a byte that no UTF-8 text contains.
inline constexpr std::uint8_t kTokenEnd = 0xFE;

class Vocabulary {
 public:
  // Tokens that have a symbol of their own always: the boundary and the unknown symbol.
  static constexpr std::uint32_t kBoundary = 0;
  static constexpr std::uint32_t kUnknownToken = 1;
  static constexpr std::uint32_t kFirst = 2;
  static constexpr char32_t kBoundarySymbol = U'\n';

  // The tokens, in any order; repeats, the boundary and the unknown symbol are left out. Throws
  // Error for too many, or an empty one.
  Vocabulary(TokenRules rules, std::span<const std::string_view> tokens, const Poll& poll = {});

  const TokenRules& rules() const { return rules_; }
  std::size_t size() const { return table_.size() - kFirst; }

  // The tokens with their numbers: kBoundary, kUnknownToken, and from kFirst on in code-point
  // order.
  const TokenTable& table() const { return table_; }

  std::string_view spelled(char32_t symbol) const { return table_[number_of(symbol)]; }

  bool operator==(const Vocabulary& other) const;

  // A table with the tokens that have a symbol always.
  static TokenTable fresh_table(const TokenRules& rules);

  // The symbol that stands for a token's number, and back. Line ends, surrogates and the unknown
  // symbol stand for no other token; numbers from kMost on have no symbol.
  static constexpr std::uint32_t kMost = 0x110000 - 0x800 - 3 + kFirst;
  static char32_t symbol_of(std::uint32_t number) {
    if (number < kFirst) return number == kBoundary ? kBoundarySymbol : char32_t{0xFFFD};
    char32_t symbol = number - kFirst;
    symbol += symbol >= U'\n';
    symbol += symbol >= U'\r';
    if (symbol >= 0xD800) symbol += 0x800;
    symbol += symbol >= 0xFFFD;
    return symbol;
  }
  static std::uint32_t number_of(char32_t symbol) {
    if (symbol == kBoundarySymbol) return kBoundary;
    if (symbol == 0xFFFD) return kUnknownToken;
    char32_t place = symbol;
    place -= symbol > 0xFFFD;
    if (symbol > 0xD800) place -= 0x800;
    place -= symbol > U'\r';
    place -= symbol > U'\n';
    return place + kFirst;
  }

 private:
  TokenRules rules_;
  TokenTable table_;
};

// A vocabulary that was kept, with exactly these tokens. Throws Error if one is not valid UTF-8,
// stands in another order than that of code points, or is the boundary or the unknown symbol.
std::shared_ptr<const Vocabulary> kept_vocabulary(TokenRules rules,
                                                  const std::vector<std::string>& tokens,
                                                  const Poll& poll = {});

std::vector<std::string_view> views_of(const std::vector<std::string>& tokens);

// Throws Error for tokens that do not stand in the order of their code points, each once.
void check_order_of_tokens(const std::vector<std::string>& tokens);

// Says that there are more tokens than there are symbols for.
[[noreturn]] void fail_too_many_tokens();

}  // namespace makemore
