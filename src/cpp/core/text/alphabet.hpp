// The ordered symbols of a model: id 0 the boundary, then the others in code-point order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace makemore {

inline constexpr std::uint32_t kUnknown = 0xFFFFFFFF;  // the id of a symbol that is not there

// The unknown symbol, which stands for all symbols outside an alphabet that holds it: Unicode's
// replacement character.
inline constexpr char32_t kUnknownSymbol = 0xFFFD;

class Alphabet {
 public:
  // The boundary and any other symbols, in any order; repeats count once.
  explicit Alphabet(char32_t boundary, std::vector<char32_t> others = {});

  std::size_t size() const { return symbols_.size(); }
  char32_t boundary() const { return symbols_[0]; }
  std::span<const char32_t> symbols() const { return symbols_; }

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

  bool operator==(const Alphabet& other) const { return symbols_ == other.symbols_; }

 private:
  static constexpr std::size_t kDirect = 0x80;
  std::uint32_t id_above(char32_t symbol) const;

  std::vector<char32_t> symbols_;
  std::uint32_t unknown_;
  std::array<std::uint32_t, kDirect> direct_;
};

// All symbols of both. The two must share their boundary; ids keep their order.
Alphabet united(const Alphabet& a, const Alphabet& b);

// The same symbols and the unknown one. Throws Error if that is the boundary.
Alphabet with_unknown(const Alphabet& alphabet);

}  // namespace makemore
