// Sorting by digits: as std::stable_sort sorts, whatever the keys.
#include "base/compiler.hpp"
#include "base/sort_by_key.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

struct Item {
  UInt128 key;
  std::size_t place;

  bool operator==(const Item&) const = default;
};

constexpr auto kKey = [](const Item& item) { return item.key; };

}  // namespace

TEST_CASE("items are sorted by their keys, and stay in order where these are the same") {
  Random random(1);
  for (const unsigned bits : {1u, 5u, 11u, 12u, 63u, 64u, 65u, 100u, 128u}) {
    for (const std::size_t n : {0u, 1u, 2u, 4096u, 4097u, 50'000u}) {
      std::vector<Item> items(n);
      for (std::size_t i = 0; i < n; ++i) {
        items[i].key = (UInt128{random()} << 64 | UInt128{random()}) >> (128 - bits);
        items[i].place = i;
      }
      std::vector<Item> expected = items;
      std::stable_sort(expected.begin(), expected.end(),
                       [](const Item& a, const Item& b) { return a.key < b.key; });
      sort_by_key(items, bits, kKey, {});
      CHECK(items == expected);
      sort_by_key(items, bits, kKey, {});
      CHECK(items == expected);
    }
  }
}

TEST_CASE("items whose highest digits are the same are sorted by the others") {
  Random random(3);
  for (const std::size_t n : {5000u, 50'000u, 300'000u}) {
    for (const std::size_t groups : {1u, 2u, 3u, 40u, 5000u}) {
      std::vector<Item> items(n);
      std::vector<UInt128> high(groups);
      for (UInt128& one : high) one = UInt128{random()} << 64;
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t kinds = below(random, 3) == 0 ? 3 : n;  // some keys come often
        items[i] = {high[below(random, groups)] | UInt128{below(random, kinds)}, i};
      }
      std::vector<Item> expected = items;
      std::stable_sort(expected.begin(), expected.end(),
                       [](const Item& a, const Item& b) { return a.key < b.key; });
      sort_by_key(items, 128, kKey, {});
      CHECK(items == expected);
    }
  }
}

TEST_CASE("a long sort is stopped by what its poll throws") {
  struct Stop {};
  std::vector<Item> items(3'000'000);
  Random random(2);
  for (Item& item : items) item.key = UInt128{random()};
  int polls = 0;
  CHECK_THROWS_AS(sort_by_key(items, 64, kKey,
                              [&] {
                                if (++polls == 20) throw Stop();
                              }),
                  Stop);
  CHECK(polls == 20);
}
