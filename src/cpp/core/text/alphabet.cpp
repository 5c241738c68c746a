// Sorts symbols into ids.
#include "text/alphabet.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {

Alphabet::Alphabet(char32_t boundary, std::vector<char32_t> others) : symbols_(std::move(others)) {
  std::erase(symbols_, boundary);
  std::sort(symbols_.begin(), symbols_.end());
  symbols_.erase(std::unique(symbols_.begin(), symbols_.end()), symbols_.end());
  symbols_.insert(symbols_.begin(), boundary);
  for (const char32_t symbol : symbols_) {
    if (symbol > kMaxCodePoint || is_surrogate(symbol)) {
      throw Error("the alphabet holds a lone surrogate or a number that is no code point");
    }
  }

  direct_.fill(kUnknown);
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    if (symbols_[i] < kDirect) direct_[symbols_[i]] = static_cast<std::uint32_t>(i);
  }
  unknown_ = boundary == kUnknownSymbol ? kUnknown : id(kUnknownSymbol);
}

std::uint32_t Alphabet::id_above(char32_t symbol) const {
  if (symbol == symbols_[0]) return 0;
  const auto found = std::lower_bound(symbols_.begin() + 1, symbols_.end(), symbol);
  if (found == symbols_.end() || *found != symbol) return kUnknown;
  return static_cast<std::uint32_t>(found - symbols_.begin());
}

Alphabet united(const Alphabet& a, const Alphabet& b) {
  if (a.boundary() != b.boundary()) {
    throw Error("counts with the boundaries " + quoted(a.boundary()) + " and " +
                quoted(b.boundary()) + " cannot be added");
  }
  if (a == b) return a;
  std::vector<char32_t> all(a.symbols().begin() + 1, a.symbols().end());
  all.insert(all.end(), b.symbols().begin() + 1, b.symbols().end());
  return Alphabet(a.boundary(), std::move(all));
}

Alphabet with_unknown(const Alphabet& alphabet) {
  if (alphabet.boundary() == kUnknownSymbol) {
    throw Error("the boundary is U+FFFD, the unknown symbol; choose another boundary=");
  }
  if (alphabet.unknown() != kUnknown) return alphabet;
  std::vector<char32_t> all(alphabet.symbols().begin() + 1, alphabet.symbols().end());
  all.push_back(kUnknownSymbol);
  return Alphabet(alphabet.boundary(), std::move(all));
}

}  // namespace makemore
