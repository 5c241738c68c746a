// The hash table that others are made of: what is found in it, and what a stop leaves of it.
#include "base/hash_table.hpp"

#include <set>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

struct Slot {
  std::uint64_t key;
  std::uint64_t of_key;  // its hash
  bool taken;

  bool used() const { return taken; }
  std::uint64_t hash() const { return of_key; }
};

std::size_t place(const HashTable<Slot>& table, std::uint64_t key, std::uint64_t hash) {
  return table.find(table.home(hash), [&](const Slot& slot) { return slot.key == key; });
}

}  // namespace

TEST_CASE("keys are found, also those of one hash and behind the last slot") {
  for (const std::uint64_t set : {std::uint64_t{0}, ~std::uint64_t{0}}) {
    const auto hash = [&](std::uint64_t key) { return hash_of(key) | set; };
    HashTable<Slot> table(4);
    std::set<std::uint64_t> twin;
    Random random(3);
    for (int i = 0; i < 3000; ++i) {
      const std::uint64_t key = below(random, 1000);
      Slot& slot = table[place(table, key, hash(key))];
      REQUIRE(slot.used() == !twin.insert(key).second);
      if (slot.used()) continue;
      slot = {key, hash(key), true};
      table.taken({});
    }
    CHECK(table.used() == twin.size());
    CHECK(2 * table.used() <= table.slots().size());
  }
}

TEST_CASE("a poll that throws while a table grows leaves all that is in it") {
  struct Stop {};
  HashTable<Slot> table;
  std::uint64_t keys = 0;
  const auto insert = [&](const Poll& poll) {
    table[table.find_free(hash_of(keys))] = {keys, hash_of(keys), true};
    ++keys;
    table.taken(poll);
  };
  const auto until_stopped = [&] {
    while (true) insert([] { throw Stop(); });
  };
  CHECK_THROWS_AS(until_stopped(), Stop);
  CHECK_THROWS_AS(until_stopped(), Stop);
  insert({});
  CHECK(table.used() == keys);
  CHECK(2 * keys <= table.slots().size());
  std::size_t missing = 0;
  for (std::uint64_t key = 0; key < keys; ++key) {
    missing += !table[place(table, key, hash_of(key))].used();
  }
  CHECK(missing == 0);
}
