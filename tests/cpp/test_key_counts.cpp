// Counting keys in a hash table of lines: like a map, whatever the keys and how often.
#include "counting/key_counts.hpp"

#include "base/find_in_line.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

using Twin = std::map<std::uint64_t, std::int64_t>;

template <class Key>
Twin counted(KeyCounts<Key>& counts) {
  Twin all;
  bool twice = false;
  counts.each([&](Key key, std::int64_t count) {
    twice = !all.emplace(static_cast<std::uint64_t>(key), count).second || twice;
  });
  CHECK_FALSE(twice);
  return all;
}

template <class Key>
void like_twin(std::uint64_t distinct, std::uint64_t step, std::int64_t most_at_once) {
  Random random(41);
  KeyCounts<Key> counts;
  Twin twin;
  for (int batch = 0; batch < 400; ++batch) {
    std::vector<std::uint64_t> keys(below(random, 400));
    for (std::uint64_t& key : keys) key = step * below(random, distinct);
    const auto count =
        1 + static_cast<std::int64_t>(below(random, static_cast<std::size_t>(most_at_once)));
    if (batch % 3 == 0) {
      for (const std::uint64_t key : keys) counts.add(static_cast<Key>(key), count);
    } else {
      counts.add(std::span<const std::uint64_t>(keys), count);
    }
    for (const std::uint64_t key : keys) twin[key] += count;
    if (batch == 200) CHECK(counted(counts) == twin);  // and counting goes on
  }
  CHECK(counted(counts) == twin);
  CHECK(counts.size() >= twin.size());
}

}  // namespace

TEST_CASE_TEMPLATE("keys are counted like a map does", Key, std::uint32_t, std::uint64_t, UInt128) {
  for (const std::uint64_t distinct : {1u, 2u, 7u, 100u, 100'000u}) {
    for (const std::int64_t most : {std::int64_t{1}, std::int64_t{300}, std::int64_t{1} << 40}) {
      CAPTURE(distinct);
      CAPTURE(most);
      like_twin<Key>(distinct, 1, most);
      like_twin<Key>(distinct, 4096, most);  // alike in their low bits
    }
  }
}

TEST_CASE("counts are exact past 2^32, in lines and beside them") {
  KeyCounts<std::uint32_t> counts;
  const std::vector<std::uint32_t> keys(1 << 16, 7);
  std::int64_t expected = 0;
  for (int i = 0; i < 300; ++i) {
    counts.add(std::span<const std::uint32_t>(keys), 256);
    expected += 256 * static_cast<std::int64_t>(keys.size());
  }
  counts.add(std::uint32_t{7}, std::int64_t{1} << 33);
  counts.add(std::uint32_t{0}, std::int64_t{1} << 34);
  expected += std::int64_t{1} << 33;
  CHECK(expected > std::int64_t{1} << 33);
  CHECK(counted(counts) == Twin{{0, std::int64_t{1} << 34}, {7, expected}});
}

TEST_CASE("a count of nothing is none") {
  KeyCounts<std::uint64_t> counts;
  counts.add(std::uint64_t{5}, 0);
  counts.add(std::uint64_t{0}, 0);
  CHECK(counted(counts).empty());
}

TEST_CASE_TEMPLATE("a key is found where it stands among eight", Key, std::uint32_t,
                   std::uint64_t) {
  alignas(64) std::array<Key, 16> keys{};
  for (std::uint32_t i = 0; i < 16; ++i) keys[i] = static_cast<Key>(i * 0x01010101u + 1);
  for (std::uint32_t i = 0; i < 16; ++i) {
    const std::uint32_t place = i < 8 ? i : 8;
    CHECK(find_in_line<8>(keys.data(), keys[i]) == place);
    CHECK(portable::find_in_line<8>(keys.data(), keys[i]) == place);
  }
}
