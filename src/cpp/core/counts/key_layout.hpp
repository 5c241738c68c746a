// The ids of an n-gram in one number.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/compiler.hpp"

namespace makemore {

// The last symbol is the highest: key = w << top | h1 << ... , where h1 is the symbol before w. A
// word's next key is then one shift and one or away, and sorted keys stand by their last symbol,
// then by the one before it, and so on back.
using WideKey = UInt128;

struct KeyLayout {
  unsigned order;  // symbols in a key; from 1
  unsigned bits;   // of one symbol

  unsigned size() const { return order * bits; }
  unsigned top() const { return size() - bits; }
  bool is_narrow() const { return size() <= 64; }  // keys fit 64 bits

  // The key of a bigram.
  WideKey bigram(std::uint32_t first, std::uint32_t second) const {
    return WideKey{second} << bits | WideKey{first};
  }

  // A key as it is in another layout of this order, which has other ids.
  template <class Key, class IdOf>
  WideKey in(const KeyLayout& other, Key key, IdOf&& other_id) const {
    const auto packed = [&](auto result) {
      for (unsigned back = 0; back < order; ++back) {
        result = result << other.bits | decltype(result){other_id(symbol(key, back))};
      }
      return result;
    };
    if (other.is_narrow()) return WideKey{packed(std::uint64_t{0})};  // which is faster
    return packed(WideKey{0});
  }

  // The symbol `back` places before the last.
  template <class Key>
  std::uint32_t symbol(Key key, unsigned back) const {
    return static_cast<std::uint32_t>(key >> (top() - back * bits)) &
           ((std::uint32_t{1} << bits) - 1);
  }
};

// The highest order for which keys of ids below `symbols` fit WideKey.
unsigned highest_order(std::size_t symbols);

// The layout for ids below `symbols`; throws Error where a key would not fit WideKey.
KeyLayout key_layout(unsigned order, std::size_t symbols);

// Tells keys with an id outside the alphabet, all ids of a key at once: an id and what its bits
// have room for beyond the alphabet carry into the bits of the next. Every other id is looked at,
// so that those are empty; the last has none above it.
template <class Key>
class OutsideAlphabet {
 public:
  OutsideAlphabet(KeyLayout layout, std::size_t symbols) : layout_(layout), symbols_(symbols) {
    const Key id = (Key{1} << layout.bits) - Key{1};
    const Key room = (Key{1} << layout.bits) - static_cast<Key>(symbols);
    for (unsigned at = 0; at < layout.top(); at += 2 * layout.bits) {
      ids_ |= id << at;
      rooms_ |= room << at;
      carries_ |= Key{1} << (at + layout.bits);
    }
  }

  bool operator()(Key key) const {
    const Key ones = (key & ids_) + rooms_;
    const Key others = (key >> layout_.bits & ids_) + rooms_;
    return ((ones | others) & carries_) != Key{0} || layout_.symbol(key, 0) >= symbols_;
  }

 private:
  KeyLayout layout_;
  std::size_t symbols_;
  Key ids_ = 0;
  Key rooms_ = 0;
  Key carries_ = 0;
};

}  // namespace makemore
