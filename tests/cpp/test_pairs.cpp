// Counting neighbouring codes: every path through the kernels against one plain loop.
#include "counting/pairs.hpp"

#include <algorithm>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

constexpr std::size_t kSide = 256;

using Counts = std::vector<std::int64_t>;

// Kernels for long runs are used only after so many codes; with these in front they are.
const ByteString kHead(std::size_t{1} << 20, 'z');

struct Twin {
  Counts counts = Counts(kSide * kSide);
  void add(std::uint32_t previous, Bytes codes) {
    for (const std::uint8_t code : codes) {
      ++counts[previous * kSide + code];
      previous = code;
    }
  }
};

Counts narrow_counts(PairCounts& pairs) {
  pairs.settle();
  Counts counts(kSide * kSide);
  for (std::uint32_t a = 0; a < kSide; ++a) {
    for (std::uint32_t b = 0; b < kSide; ++b) counts[a * kSide + b] = pairs.narrow(a, b);
  }
  return counts;
}

// Some of `symbols` codes in any order; the codes lie all over the 256.
ByteString random_codes(Random& random, std::size_t size, std::size_t symbols) {
  ByteString codes(size);
  for (std::uint8_t& code : codes) {
    code = static_cast<std::uint8_t>(37 * below(random, symbols) + 3);
  }
  return codes;
}

// Adds the codes in blocks of up to `longest`, alone or behind many others, and compares.
bool counted_like_twin(const ByteString& codes, std::size_t longest, bool alone, Random& random) {
  PairCounts pairs;
  Twin twin;
  std::uint32_t previous = 'z';
  if (!alone) {
    pairs.add('z', kHead);
    twin.counts['z' * kSide + 'z'] += static_cast<std::int64_t>(kHead.size());
  }
  for (std::size_t at = 0; at < codes.size();) {
    const std::size_t size = std::min(codes.size() - at, 1 + below(random, longest));
    const Bytes block = Bytes(codes).subspan(at, size);
    pairs.add(previous, block);
    twin.add(previous, block);
    previous = block.back();
    at += size;
  }
  return narrow_counts(pairs) == twin.counts;
}

bool counted_like_twin(const ByteString& codes, std::size_t longest, Random& random) {
  return counted_like_twin(codes, longest, true, random) &&
         counted_like_twin(codes, longest, false, random);
}

}  // namespace

TEST_CASE("pairs of random codes are counted like the plain loop does") {
  Random random(14);
  for (const std::size_t symbols : {1u, 2u, 3u, 26u, 31u, 32u, 33u, 63u, 64u, 65u, 256u}) {
    CAPTURE(symbols);
    CHECK(counted_like_twin(random_codes(random, 300'000, symbols), 300'000, random));
    CHECK(counted_like_twin(random_codes(random, 300'000, symbols), 3000, random));
    CHECK(counted_like_twin(random_codes(random, 80'000, symbols), 20, random));
  }
}

TEST_CASE("runs and patterns that repeat are counted past 65,535") {
  Random random(15);
  for (const std::string_view pattern : {"a", "ab", "abc", "aab", "abcd", "aaaaaaaaaaaaaaaab"}) {
    ByteString codes;
    while (codes.size() < 700'000) codes.insert(codes.end(), pattern.begin(), pattern.end());
    CAPTURE(std::string(pattern));
    CHECK(counted_like_twin(codes, 700'000, random));
    CHECK(counted_like_twin(codes, 40'000, random));
  }
}

TEST_CASE("runs of every length between other codes are counted") {
  Random random(16);
  ByteString codes;
  for (std::size_t length = 0; length < 300; ++length) {
    const ByteString run(length, static_cast<std::uint8_t>('a' + length % 20));
    codes.insert(codes.end(), run.begin(), run.end());
    codes.push_back(static_cast<std::uint8_t>('a' + below(random, 26)));
  }
  CHECK(counted_like_twin(codes, codes.size(), random));
}

TEST_CASE("codes that first appear late are counted") {
  Random random(17);
  ByteString codes = random_codes(random, 100'000, 20);
  for (const std::size_t symbols : {25u, 32u, 40u, 64u, 70u, 256u}) {
    for (const std::size_t gap : {1u, 511u, 512u, 575u, 576u, 577u, 5000u, 70'000u}) {
      codes.push_back(static_cast<std::uint8_t>(37 * (symbols - 1) + 3));
      const ByteString more = random_codes(random, gap, symbols);
      codes.insert(codes.end(), more.begin(), more.end());
    }
  }
  CHECK(counted_like_twin(codes, codes.size(), random));
  CHECK(counted_like_twin(codes, 4000, random));
}

// Codes from 128 on may have ids from other text: as bytes of this one they are none.
TEST_CASE("text is counted before its first byte that is not ASCII") {
  Random random(27);
  for (const bool high_ids : {false, true}) {
    for (std::size_t size = 0; size < 1500; size += 1 + below(random, 40)) {
      CAPTURE(size);
      PairCounts pairs;
      Twin twin;
      const auto add = [&](std::uint32_t previous, const ByteString& codes) {
        pairs.add(previous, codes);
        twin.add(previous, codes);
      };
      add('z', kHead);
      if (high_ids) {
        ByteString high(std::size_t{1} << 15);
        for (std::uint8_t& code : high) code = static_cast<std::uint8_t>(0xC0 + below(random, 30));
        add('z', high);
      }
      ByteString text(size);
      for (std::uint8_t& byte : text) byte = static_cast<std::uint8_t>('a' + below(random, 26));
      if (below(random, 4) > 0) text.push_back(static_cast<std::uint8_t>(0x80 + below(random, 80)));
      text.insert(text.end(), below(random, 400), 'b');
      const std::size_t done = pairs.add_ascii('z', text);
      const bool all = text.size() == size || text[size] < 0x80;
      CHECK((all ? done == text.size() : done <= size));
      twin.add('z', Bytes(text).first(done));
      CHECK(narrow_counts(pairs) == twin.counts);
    }
  }
}

TEST_CASE("blocks of every length are counted") {
  Random random(18);
  for (std::size_t size = 1; size < 1300; size += size < 40 ? 3 : 61) {
    for (const std::size_t symbols : {20u, 40u}) {
      CHECK(counted_like_twin(random_codes(random, size, symbols), 2 * size, random));
    }
  }
}

TEST_CASE("counting goes on after a look at the counts") {
  Random random(19);
  PairCounts pairs;
  Twin twin;
  pairs.add('z', kHead);
  twin.add('z', kHead);
  for (int round = 0; round < 8; ++round) {
    const auto symbols = static_cast<std::size_t>(10 + 9 * round);  // to more than 64
    const ByteString codes = random_codes(random, 100'000, symbols);
    pairs.add('z', codes);
    twin.add('z', codes);
    CHECK(narrow_counts(pairs) == twin.counts);
    CHECK(narrow_counts(pairs) == twin.counts);
  }
}

TEST_CASE("a code that was never first has no pairs and any other has") {
  Random random(20);
  for (const std::size_t size : {100u, 1'500'000u}) {
    PairCounts pairs;
    const ByteString codes = random_codes(random, size, 20);
    pairs.add('z', codes);
    for (std::uint32_t code = 0; code < kSide; ++code) {
      const bool first = code == 'z' || std::count(codes.begin(), codes.end() - 1, code) > 0;
      if (first) CHECK(pairs.has(code));
      if (!first && codes.back() != code) CHECK_FALSE(pairs.has(code));
    }
  }
}

TEST_CASE("a large code may come before narrow ones") {
  PairCounts pairs;
  Twin twin;
  for (const ByteString& codes : {ByteString{7}, ByteString{7, 8, 7}, kHead, kHead}) {
    pairs.add(1000, codes);
    twin.add(codes[0], Bytes(codes).subspan(1));
  }
  pairs.add(1000, Bytes{});
  CHECK(narrow_counts(pairs) == twin.counts);
  std::int64_t wide = 0;
  pairs.wide()->for_each([&](const WidePairs::Pair& pair) { wide += pair.count; });
  CHECK(wide == 4);
}

TEST_CASE("pairs with large codes are counted in their own table") {
  Random random(21);
  PairCounts pairs;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> twin;
  std::vector<std::uint32_t> codes;
  for (int i = 0; i < 200'000; ++i) codes.push_back(static_cast<std::uint32_t>(below(random, 700)));
  pairs.add(5, std::span<const std::uint32_t>(codes));
  std::uint32_t previous = 5;
  for (const std::uint32_t code : codes) {
    ++twin[{previous, code}];
    previous = code;
  }
  std::size_t wrong = 0;
  std::size_t found = 0;
  pairs.wide()->for_each([&](const WidePairs::Pair& pair) {
    ++found;
    const auto expected = twin.find({pair.first, pair.second});
    wrong += expected == twin.end() || expected->second != pair.count;
  });
  CHECK(wrong == 0);
  CHECK(found == twin.size());
}
