// Words that meet conditions: the first of their tries, whatever the threads and the ids' width.
#include "sampling/meeting.hpp"

#include <algorithm>

#include "sampling.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

// Word i, by the rule: try 0 is the stream's own word, the others are those of a stream of its own.
Ids first_that(const WordSampler& sampler, std::uint64_t seed, std::uint64_t word,
               const auto& good) {
  SampleRequest request = request_for(1, seed);
  request.start = word;
  Ids one = drawn(sampler, request)[0];
  constexpr std::uint32_t last = 0xFFFFFFFF;
  const PhiloxBlock block = philox4x32(
      {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32), last, last}, seed);
  request.seed = std::uint64_t{block[1]} << 32 | block[0];
  for (request.start = 0; !good(one); ++request.start) one = drawn(sampler, request)[0];
  return one;
}

}  // namespace

TEST_CASE("a word is the first of its tries that meets all conditions") {
  const Setup setup({U"emma", U"olivia", U"ava", U"mia"}, 0.1);
  const std::uint32_t a = setup.model.alphabet().id(U'a');
  const std::uint32_t m = setup.model.alphabet().id(U'm');
  for (const std::uint64_t start : {std::uint64_t{0}, (std::uint64_t{1} << 32) - 3}) {
    SampleRequest request = request_for(500, 7);
    request.start = start;
    request.max_length = 7;  // words are cut where they are too long to be met
    request.conditions.min_length = 2;
    request.conditions.max_length = 6;
    request.conditions.suffix = {a};
    request.conditions.contains = {m, a};
    const auto good = [&](const Ids& word) {
      const Ids both{m, a};
      return word.size() >= 2 && word.size() <= 6 && word.back() == a &&
             std::search(word.begin(), word.end(), both.begin(), both.end()) != word.end();
    };
    request.threads = 1;
    const std::vector<Ids> words = drawn(setup.sampler, request);
    for (std::size_t i = 0; i < words.size(); i += 41) {
      CHECK(words[i] == first_that(setup.sampler, 7, start + i, good));
    }
    CHECK(std::all_of(words.begin(), words.end(), good));
    request.threads = 3;
    CHECK(drawn(setup.sampler, request) == words);
    CHECK(drawn<std::uint8_t>(setup.sampler, request) == words);
    CHECK(drawn<std::uint16_t>(setup.sampler, request) == words);
  }
}

TEST_CASE("a condition that the caller checks is asked about words that meet the others") {
  const Setup setup({U"emma", U"olivia", U"ava", U"mia"}, 0.1);
  SampleRequest request = request_for(300, 1);
  request.threads = 1;
  request.conditions.min_length = 3;
  bool only_long = true;
  request.conditions.match = [&](auto ids, auto ends, auto accepted) {
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      only_long = only_long && ends[i] - begin >= 3;
      accepted[i] = ids[static_cast<std::size_t>(begin)] % 2;
      begin = ends[i];
    }
  };
  for (const Ids& word : drawn(setup.sampler, request)) {
    CHECK(word.size() >= 3);
    CHECK(word[0] % 2 == 1);
  }
  CHECK(only_long);
}

TEST_CASE("what no word meets is given up, and the condition named") {
  const Setup setup({U"ab", U"abab"});
  SampleRequest request = request_for(1);
  request.conditions.min_length = 1;
  request.conditions.suffix = {setup.model.alphabet().id(U'a')};
  CHECK(contains(sample_error(setup.sampler, request),
                 "tries of word 0; suffix= was missed most often, in 1048576 of them"));
  request.conditions.suffix = {};
  request.conditions.max_length = 1;
  CHECK(contains(sample_error(setup.sampler, request), "max_length= was missed most often"));
  request.conditions.min_length = 2;
  CHECK(sample_error(setup.sampler, request) == "min_length= is above max_length=");
}
