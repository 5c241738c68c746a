// The set of words against the standard library's, and what the filter keeps of a stream.
#include "sampling/word_filter.hpp"

#include <set>

#include "sampling.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

template <class Id>
SampledWords<Id> made(const std::vector<Ids>& words) {
  SampledWords<Id> made;
  made.offsets.push_back(0);
  for (const Ids& word : words) {
    for (const std::uint32_t id : word) made.ids.push_back(static_cast<Id>(id));
    made.offsets.push_back(static_cast<std::int64_t>(made.ids.size()));
  }
  return made;
}

template <class Id>
std::vector<Ids> unmade(const SampledWords<Id>& sampled) {
  std::vector<Ids> words;
  for (std::size_t i = 0; i + 1 < sampled.offsets.size(); ++i) {
    words.emplace_back(sampled.ids.begin() + sampled.offsets[i],
                       sampled.ids.begin() + sampled.offsets[i + 1]);
  }
  return words;
}

// Words of up to `longest` symbols, of which many come more than once.
std::vector<Ids> random_words(Random& random, std::size_t n, std::size_t longest) {
  std::vector<Ids> words(n);
  for (Ids& word : words) {
    for (std::size_t left = below(random, longest + 1); left > 0; --left) {
      word.push_back(1 + static_cast<std::uint32_t>(below(random, 2)));
    }
  }
  return words;
}

template <class Id>
void check_set(std::size_t longest) {
  Random random(longest);
  WordSet<Id> set;
  std::set<Ids> twin;
  bool equal = true;
  for (const Ids& ids : random_words(random, 20'000, longest)) {
    const std::vector<Id> word(ids.begin(), ids.end());
    equal &= set.contains(word, set.hash(word)) == twin.contains(ids);
    equal &= set.insert(word, set.hash(word)) == twin.insert(ids).second;
    equal &= set.contains(word, set.hash(word));
  }
  CHECK(equal);
  CHECK(set.size() == twin.size());
}

}  // namespace

TEST_CASE("a set of words holds what the standard library's holds") {
  for (const std::size_t longest : {3u, 8u, 12u, 40u}) {
    check_set<std::uint8_t>(longest);
    check_set<std::uint16_t>(longest);
    check_set<std::uint32_t>(longest);
  }
}

TEST_CASE("words that differ at their end, or by zeros, are different") {
  WordSet<std::uint8_t> set;
  std::vector<std::uint8_t> word;
  for (int i = 0; i < 40; ++i) {
    CHECK(set.insert(word, set.hash(word)));
    CHECK_FALSE(set.insert(word, set.hash(word)));
    word.push_back(0);
  }
}

TEST_CASE("the filter keeps words as one would by hand, in whatever batches they come") {
  Random random(5);
  const std::vector<Ids> stream = random_words(random, 10'000, 9);
  const Alphabet alphabet(U'.', {U'a', U'b'});
  for (const bool unique : {false, true}) {
    for (const bool exclude : {false, true}) {
      std::set<Ids> out;
      if (exclude) out = {{1, 2}, {}};
      std::vector<Ids> expected;
      for (const Ids& word : stream) {
        if (out.contains(word)) continue;
        expected.push_back(word);
        if (unique) out.insert(word);
      }
      for (const std::size_t batch : {1u, 7u, 5000u}) {
        WordFilter<std::uint8_t> filter(unique);
        if (exclude) filter.exclude({packed({U"ab", U"", U"xa", U"ab"})}, alphabet);
        SampledWords<std::uint8_t> kept;
        kept.offsets.push_back(0);
        for (std::size_t at = 0; at < stream.size(); at += batch) {
          const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(at);
          const auto end = begin + static_cast<std::ptrdiff_t>(std::min(batch, stream.size() - at));
          filter.keep(made<std::uint8_t>({begin, end}), SIZE_MAX, kept);
        }
        CHECK(unmade(kept) == expected);
        CHECK(filter.seen() == stream.size());
        CHECK(filter.kept() == expected.size());
      }
    }
  }
}

TEST_CASE("as many words as asked for, and never one beyond them unless ahead") {
  Random random(6);
  const std::vector<Ids> stream = random_words(random, 50'000, 9);
  for (const Ahead ahead : {Ahead::none, Ahead::few, Ahead::many}) {
    for (const std::size_t words : {0u, 1u, 2u, 100u, 900u}) {
      WordFilter<std::uint16_t> filter(true);
      std::size_t drawn = 0;
      const auto draw = [&](std::size_t n) {
        CHECK(drawn == filter.seen());
        const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(drawn);
        drawn += n;
        REQUIRE(drawn <= stream.size());
        return made<std::uint16_t>({begin, begin + static_cast<std::ptrdiff_t>(n)});
      };
      const auto kept = unmade(sample_filtered(filter, words, ahead, draw));
      CHECK(kept.size() == words);
      CHECK(std::set<Ids>(kept.begin(), kept.end()).size() == words);
      if (ahead == Ahead::none) CHECK(drawn == filter.seen());
      if (ahead == Ahead::few) CHECK(drawn <= 2 * filter.seen());
      if (words != 0) {
        const auto last = std::find(stream.begin(), stream.end(), kept.back());
        CHECK(filter.seen() == static_cast<std::size_t>(last - stream.begin()) + 1);
      }
    }
  }
}

TEST_CASE("few words ahead are twice as many while none is kept") {
  WordFilter<std::uint8_t> filter(true);
  std::size_t calls = 0;
  std::size_t drawn = 0;
  const auto draw = [&](std::size_t n) {
    ++calls;
    drawn += n;
    return made<std::uint8_t>(std::vector<Ids>(n, Ids{drawn > 10'000}));
  };
  CHECK(sample_filtered(filter, 2, Ahead::few, draw).offsets.size() == 3);
  CHECK(calls < 25);
  CHECK(drawn < 50'000);
}

TEST_CASE("the filter gives up after many tries of few words") {
  using Filter = WordFilter<std::uint8_t>;
  constexpr auto each = static_cast<std::uint32_t>(Filter::kMostLeftOut / 8);
  Filter filter(true);
  std::size_t drawn = 0;
  const auto draw = [&](std::size_t n) {
    SampledWords<std::uint8_t> words = made<std::uint8_t>(std::vector<Ids>(n, Ids{1}));
    words.tries.assign(n, each);
    drawn += n;
    return words;
  };
  const std::string error = error_of([&] { sample_filtered(filter, 1'000'000, Ahead::few, draw); });
  CHECK(error == "only 1 different word that meets the conditions was found in " +
                     std::to_string(std::uint64_t{9} * each) + " draws, and none in the last " +
                     std::to_string(Filter::kMostLeftOut) +
                     "; ask for fewer, or widen the choice by other conditions, a higher "
                     "temperature= or smoothing=");
  CHECK(filter.seen() == 9);
  CHECK(drawn == 64);  // the first batch
}

TEST_CASE("a boundary in an excluded word is an error that numbers the word over all blocks") {
  const Alphabet alphabet(U'.', {U'a'});
  WordFilter<std::uint8_t> filter(false);
  filter.exclude({packed({U"a", U"aa"})}, alphabet);
  CHECK(error_of([&] { filter.exclude({packed({U"a", U"a.a"})}, alphabet); }) ==
        "word 3: 'a.a' contains the boundary '.'");
}

TEST_CASE("the filter gives up at the same word, whatever the batches") {
  using Filter = WordFilter<std::uint8_t>;
  for (const std::size_t batch : {1000u, 1u << 20}) {
    Filter filter(true);
    const std::vector<Ids> same(batch, Ids{1});
    const auto drawn = made<std::uint8_t>(same);
    const std::string error = error_of(
        [&] { sample_filtered(filter, 2, Ahead::many, [&](std::size_t) { return drawn; }); });
    CHECK(contains(error, "only 1 different word was found in 1048577 draws, and none in the "));
    CHECK(filter.seen() == Filter::kMostLeftOut + 1);
  }
}
