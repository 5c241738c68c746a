// Sorts by a whole number, digit by digit: in linear time, stable, and with looks for Ctrl-C.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"

namespace makemore {

template <class Item, class KeyOf>
class SortByKey {
 public:
  SortByKey(unsigned bits, KeyOf key, const Poll& poll)
      : digits_((bits + kDigit - 1) / kDigit), key_(std::move(key)), pace_(poll) {}

  void sort(Item* items, std::size_t n) {
    if (n <= kFew) {
      sort_few(items, n);
      return;
    }
    bool sorted = true;
    auto varying = key_(items[0]) ^ key_(items[0]);  // the bits that are not the same in all
    for (std::size_t i = 1; i < n; ++i) {
      sorted = sorted && !before(items[i], items[i - 1]);
      varying |= key_(items[i]) ^ key_(items[0]);
      pace_.step();
    }
    if (!sorted) sort_digits(items, n, varying);
  }

 private:
  static constexpr unsigned kDigit = 11;  // bits
  static constexpr std::size_t kValues = std::size_t{1} << kDigit;
  static constexpr std::size_t kFew = 1 << 12;
  static constexpr std::size_t kSmall = 32;
  static constexpr std::size_t kMisses = 8;  // a step that waits for memory counts for as many

  using Key = std::decay_t<decltype(std::declval<KeyOf>()(std::declval<const Item&>()))>;
  using Places = std::array<std::size_t, kValues>;

  bool before(const Item& a, const Item& b) const { return key_(a) < key_(b); }

  static std::size_t digit(const Key& key, unsigned which) {
    return static_cast<std::size_t>(key >> (which * kDigit)) & (kValues - 1);
  }

  void sort_few(Item* items, std::size_t n) {
    const auto by_key = [this](const Item& a, const Item& b) { return before(a, b); };
    if (std::is_sorted(items, items + n, by_key)) return;
    if (n > kSmall) {
      std::stable_sort(items, items + n, by_key);
      return;
    }
    for (std::size_t i = 1; i < n; ++i) {
      const Item item = items[i];
      std::size_t at = i;
      for (; at > 0 && before(item, items[at - 1]); --at) items[at] = items[at - 1];
      items[at] = item;
    }
  }

  // By the highest digits, as many as tell most of so many items apart; then each group of items
  // that are the same in these, by the rest.
  void sort_digits(Item* items, std::size_t n, const Key& varying) {
    unsigned high = digits_;
    while (digit(varying, high - 1) == 0) --high;
    const unsigned enough = (2 * static_cast<unsigned>(std::bit_width(n)) + kDigit - 1) / kDigit;
    const unsigned low = high > enough + 1 ? high - enough : 0;
    std::vector<unsigned> which;
    for (unsigned i = low; i < high; ++i) {
      if (digit(varying, i) != 0) which.push_back(i);
    }
    std::vector<Places> places(which.size());
    for (Places& one : places) one.fill(0);
    for (std::size_t i = 0; i < n; ++i) {
      const Key key = key_(items[i]);
      for (std::size_t k = 0; k < which.size(); ++k) ++places[k][digit(key, which[k])];
      pace_.step(which.size());
    }
    Buffer<Item> others(n);
    Item* from = items;
    Item* to = others.data();
    for (std::size_t k = 0; k < which.size(); ++k) {
      Places& next = places[k];
      std::exclusive_scan(next.begin(), next.end(), next.begin(), std::size_t{0});
      for (std::size_t i = 0; i < n; ++i) {
        to[next[digit(key_(from[i]), which[k])]++] = from[i];
        pace_.step(kMisses);
      }
      std::swap(from, to);
    }
    if (from != items) {
      for (std::size_t i = 0; i < n; ++i) {
        items[i] = from[i];
        pace_.step();
      }
    }
    others = Buffer<Item>();
    if (low > 0) sort_groups(items, n, low * kDigit);
  }

  void sort_groups(Item* items, std::size_t n, unsigned shift) {
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= n; ++i) {
      pace_.step();
      if (i < n && key_(items[i]) >> shift == key_(items[begin]) >> shift) continue;
      if (i - begin > 1) sort(items + begin, i - begin);
      begin = i;
    }
  }

  const unsigned digits_;
  const KeyOf key_;
  Pace pace_;
};

// key(item) is an unsigned number of so many bits. Takes as much memory again as the items.
template <class Item, class Allocator, class KeyOf>
void sort_by_key(std::vector<Item, Allocator>& items, unsigned bits, KeyOf key, const Poll& poll) {
  SortByKey<Item, KeyOf>(bits, std::move(key), poll).sort(items.data(), items.size());
}

}  // namespace makemore
