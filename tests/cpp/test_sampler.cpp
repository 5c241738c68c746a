// Drawing words: one stream, however it is cut and whatever draws it.
#include <algorithm>
#include <cmath>

#include "sampling.hpp"
#include "sampling/lanes.hpp"
#include "sampling/philox.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

const std::vector<Word> kNames = {U"emma", U"olivia", U"ava", U"isabella", U"sophia", U"é中"};

// The stream as the header tells it, one step after the other.
Ids slow_word(const AliasTables& tables, const SampleRequest& request, std::uint64_t word) {
  Ids ids = request.prefix;
  std::uint32_t state = ids.empty() ? 0 : ids.back();
  for (std::uint32_t t = 0; request.max_length == 0 || ids.size() < request.max_length; ++t) {
    const PhiloxBlock block = philox4x32(
        {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32), t / 4, 0},
        request.seed);
    state = tables.draw(state, block[t % 4]);
    if (state == 0) break;
    ids.push_back(state);
  }
  return ids;
}

std::vector<Ids> slow_words(const AliasTables& tables, const SampleRequest& request) {
  std::vector<Ids> words;
  for (std::size_t i = 0; i < request.words; ++i) {
    words.push_back(slow_word(tables, request, request.start + i));
  }
  return words;
}

}  // namespace

TEST_CASE("the stream is that of its description for seeds, starts, prefixes and limits") {
  const Setup setup(kNames, 0.1);
  const AliasTables tables(setup.probabilities, setup.model.size());
  for (const std::uint64_t seed : {0ull, 42ull, ~0ull}) {
    for (const std::uint64_t start : {0ull, 7ull, (1ull << 32) - 20, 1ull << 63, ~0ull - 20}) {
      for (const Ids& prefix : {Ids{}, Ids{1}, Ids{3, 2, 2}}) {
        for (const std::size_t max_length : {0u, 3u, 4u, 9u}) {
          const SampleRequest request{40, seed, start, prefix, max_length, 1};
          CHECK(drawn<std::uint8_t>(setup.sampler, request) == slow_words(tables, request));
          CHECK(drawn<std::uint32_t>(setup.sampler, request) == slow_words(tables, request));
        }
      }
    }
  }
}

TEST_CASE("the stream is that of its description for words of any length") {
  // Of some 50 symbols in the mean; a few have several hundred.
  const Setup setup(counts_of(Alphabet(U'.', {U'a', U'b'}),
                              {{0, 1, 1}, {1, 0, 1}, {1, 2, 49}, {2, 0, 1}, {2, 1, 49}}));
  const AliasTables tables(setup.probabilities, 3);
  for (const Ids& prefix : {Ids{}, Ids{2}, Ids(70, 1)}) {
    for (const std::size_t max_length : {0u, 70u, 71u, 72u, 73u, 74u, 127u, 133u, 134u, 135u}) {
      const SampleRequest request{200, 1, 5, prefix, max_length, 2};
      CAPTURE(max_length);
      CHECK(drawn<std::uint8_t>(setup.sampler, request) == slow_words(tables, request));
      CHECK(drawn<std::uint16_t>(setup.sampler, request) == slow_words(tables, request));
    }
  }
  for (std::size_t max_length = 1; max_length < 70; ++max_length) {
    const SampleRequest request{50, 1, 5, {}, max_length, 2};
    CHECK(drawn<std::uint8_t>(setup.sampler, request) == slow_words(tables, request));
  }
}

TEST_CASE("the stream is that of its description where few words make up most of it") {
  // A word in a thousand has some 3,000 symbols, so no block tells how long the others are.
  const Setup setup(counts_of(Alphabet(U'.', {U'a', U'b'}),
                              {{0, 1, 999}, {0, 2, 1}, {1, 0, 1}, {2, 0, 1}, {2, 2, 2999}}));
  const AliasTables tables(setup.probabilities, 3);
  for (const std::uint64_t seed : {1ull, 2ull, 3ull, 4ull}) {
    SampleRequest request = request_for(10'000, seed);
    const std::vector<Ids> words = slow_words(tables, request);
    for (const unsigned threads : {1u, 2u, 5u}) {
      request.threads = threads;
      CHECK(drawn<std::uint8_t>(setup.sampler, request) == words);
      CHECK(drawn<std::uint16_t>(setup.sampler, request) == words);
    }
  }
}

TEST_CASE("the stream is that of its description for every size of alphabet and of request") {
  for (const std::size_t symbols : {1u, 2u, 15u, 16u, 17u, 63u, 128u, 129u, 255u, 256u}) {
    std::vector<char32_t> others;
    for (std::size_t i = 1; i < symbols; ++i) others.push_back(static_cast<char32_t>(0x4E00 + i));
    const Setup setup(counts_of(Alphabet(U'.', others), {{0, 0, 1}}), 0.5);
    const AliasTables tables(setup.probabilities, symbols);
    for (const std::size_t words : {1u, 2u, 3u, 7u, 8u, 31u, 33u, 100u}) {
      SampleRequest request = request_for(words);
      request.max_length = 90;
      CAPTURE(symbols);
      CHECK(drawn<std::uint8_t>(setup.sampler, request) == slow_words(tables, request));
    }
  }
}

TEST_CASE("plain code draws what the kernel of this machine draws") {
  for (const std::size_t symbols : {2u, 27u, 200u}) {
    std::vector<char32_t> others;
    for (std::size_t i = 1; i < symbols; ++i) others.push_back(static_cast<char32_t>(0x4E00 + i));
    const Setup setup(counts_of(Alphabet(U'.', others), {{0, 0, 1}}), 0.5);
    const AliasTables tables(setup.probabilities, symbols);
    for (const std::uint32_t words : {1u, 5u, 64u, 65u, LaneBlock::kMostWords}) {
      const auto slots_of = [&](DrawLanes draw) {
        std::vector<std::uint8_t> slots(LaneBlock::bytes(words));
        const LaneBlock block{tables.entries(), tables.bits(), 3, 1ull << 40, words, 0, 16,
                              slots.data()};
        draw(block);
        for (std::uint32_t layer = 0; layer < LaneBlock::kLayers; ++layer) {
          std::fill_n(block.slot(layer, words), LaneBlock::kSlot, 0);  // the word of no use
        }
        return slots;
      };
      CHECK(slots_of(draw_plain) == slots_of(draw_lanes()));
    }
  }
}

TEST_CASE("the words do not depend on the number of threads") {
  const Setup setup(kNames);
  SampleRequest request = request_for(20'000);
  request.threads = 1;
  const std::vector<Ids> words = drawn(setup.sampler, request);
  CHECK(words.size() == 20'000);
  for (const unsigned threads : {0u, 2u, 3u, 7u}) {
    request.threads = threads;
    CHECK(drawn<std::uint8_t>(setup.sampler, request) == words);
    CHECK(drawn<std::uint32_t>(setup.sampler, request) == words);
  }
}

TEST_CASE("the words do not depend on the batches they are drawn in") {
  const Setup setup(kNames);
  const std::vector<Ids> words = drawn(setup.sampler, request_for(10'000));
  for (const std::size_t batch : {1999u, 4096u, 9999u}) {
    std::vector<Ids> pieces;
    while (pieces.size() < words.size()) {
      SampleRequest request = request_for(std::min(batch, words.size() - pieces.size()));
      request.start = pieces.size();
      for (Ids& word : drawn<std::uint8_t>(setup.sampler, request)) {
        pieces.push_back(std::move(word));
      }
    }
    CHECK(pieces == words);
  }
}

TEST_CASE("the width of the ids changes no word") {
  const Setup setup(kNames);
  const std::vector<Ids> words = drawn<std::uint32_t>(setup.sampler, request_for(500));
  CHECK(drawn<std::uint8_t>(setup.sampler, request_for(500)) == words);
  CHECK(drawn<std::uint16_t>(setup.sampler, request_for(500)) == words);
}

TEST_CASE("another seed gives other words and the same seed the same") {
  const Setup setup(kNames);
  CHECK(drawn(setup.sampler, request_for(100)) == drawn(setup.sampler, request_for(100)));
  CHECK(drawn(setup.sampler, request_for(100)) != drawn(setup.sampler, request_for(100, 43)));
}

TEST_CASE("no words are an empty answer and one word may be empty") {
  const Setup setup(kNames);
  CHECK(drawn(setup.sampler, request_for(0)).empty());
  CHECK(drawn(Setup({U""}).sampler, request_for(3)) == std::vector<Ids>(3));
}

TEST_CASE("bigrams are drawn as often as the model says") {
  const Setup setup(kNames);
  const std::size_t v = setup.model.size();
  std::vector<double> seen(v * v);
  std::vector<double> from(v);
  for (Ids word : drawn(setup.sampler, request_for(100'000))) {
    word.push_back(0);
    std::uint32_t state = 0;
    for (const std::uint32_t next : word) {
      ++seen[state * v + next];
      ++from[state];
      state = next;
    }
  }
  for (std::size_t i = 0; i < v * v; ++i) {
    const double p = setup.probabilities[i];
    const double n = from[i / v];
    CHECK(std::abs(seen[i] - n * p) <= 5 * std::sqrt(n * p * (1 - p)) + 1e-6);
  }
}

TEST_CASE("every word begins with the prefix and no word is longer than max_length") {
  const Setup setup(kNames, 0.1);
  SampleRequest request = request_for(3000);
  request.prefix = {4, 1};
  request.max_length = 5;
  bool cut = false;
  for (const Ids& word : drawn(setup.sampler, request)) {
    CHECK(word.size() >= 2);
    CHECK(word.size() <= 5);
    CHECK((word[0] == 4 && word[1] == 1));
    cut = cut || word.size() == 5;
  }
  CHECK(cut);
  request.max_length = 2;
  CHECK(drawn(setup.sampler, request) == std::vector<Ids>(3000, Ids{4, 1}));
  request.max_length = 1;
  CHECK(sample_error(setup.sampler, request) == "prefix= is longer than max_length=");
}
