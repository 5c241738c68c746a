// What the words of a text are, for counting, whatever the order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "base/poll.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

struct CountOptions {
  char32_t boundary = U'.';
  Layout layout = Layout::packed;
  bool skip_blank = true;              // lines only: a blank line is no word
  std::optional<Alphabet> alphabet{};  // if given, any other symbol is an error
  Poll poll{};                         // may stop the work; the counter is then of no more use

  void check() const {
    if (alphabet && alphabet->boundary() != boundary) {
      throw Error("the given alphabet has another boundary");
    }
  }

  // Whether a word may hold a symbol.
  bool allows(char32_t symbol) const {
    return symbol != boundary && (!alphabet || alphabet->id(symbol) != kUnknown);
  }

  // Whether a byte, or the code of a symbol, ends a word.
  bool ends_word(std::uint32_t code) const {
    return layout == Layout::lines ? code == '\n' || code == '\r' : code == kWordEnd;
  }

  // The word around a place in a text.
  Bytes word_around(Bytes bytes, std::size_t at) const {
    std::size_t begin = at;
    while (begin > 0 && !ends_word(bytes[begin - 1])) --begin;
    std::size_t end = at;
    while (end < bytes.size() && !ends_word(bytes[end])) ++end;
    return bytes.subspan(begin, end - begin);
  }
};

}  // namespace makemore
