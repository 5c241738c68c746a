// Sorts by a whole number, digit by digit: in linear time, stable, and with looks for Ctrl-C.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"

namespace makemore {

// key(item) is an unsigned number of so many bits. Takes as much memory again as the items.
template <class Item, class Allocator, class KeyOf>
void sort_by_key(std::vector<Item, Allocator>& items, unsigned bits, KeyOf&& key,
                 const Poll& poll) {
  constexpr std::size_t few = 1 << 12;
  if (items.size() <= few) {
    const auto before = [&](const Item& a, const Item& b) { return key(a) < key(b); };
    if (std::is_sorted(items.begin(), items.end(), before)) return;
    std::stable_sort(items.begin(), items.end(), before);
    return;
  }
  constexpr unsigned digit = 11;
  constexpr std::size_t values = std::size_t{1} << digit;
  constexpr std::size_t misses = 8;  // a step that waits for memory counts for as many
  Pace pace(poll);
  const std::size_t n = items.size();
  bool sorted = true;
  auto varying = key(items[0]) ^ key(items[0]);  // the bits that are not the same in all
  for (std::size_t i = 1; i < n; ++i) {
    sorted = sorted && !(key(items[i]) < key(items[i - 1]));
    varying |= key(items[i]) ^ key(items[0]);
    pace.step();
  }
  if (sorted) return;

  Buffer<Item> others(n);
  Item* from = items.data();
  Item* to = others.data();
  std::array<std::size_t, values> places;
  for (unsigned shift = 0; shift < bits; shift += digit) {
    const auto place_of = [&](const Item& item) -> std::size_t& {
      return places[static_cast<std::size_t>(key(item) >> shift) & (values - 1)];
    };
    if ((static_cast<std::size_t>(varying >> shift) & (values - 1)) == 0) continue;
    places.fill(0);
    for (std::size_t i = 0; i < n; ++i) {
      ++place_of(from[i]);
      pace.step();
    }
    std::exclusive_scan(places.begin(), places.end(), places.begin(), std::size_t{0});
    for (std::size_t i = 0; i < n; ++i) {
      to[place_of(from[i])++] = from[i];
      pace.step(misses);
    }
    std::swap(from, to);
  }
  if (from == items.data()) return;
  for (std::size_t i = 0; i < n; ++i) {
    items[i] = from[i];
    pace.step();
  }
}

}  // namespace makemore
