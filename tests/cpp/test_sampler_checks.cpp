// What a sampler refuses before it draws anything, and how it can be stopped.
#include "sampling.hpp"

using namespace makemore;
using namespace makemore::testing;

TEST_CASE("a row without a next symbol is refused before a draw only if it can be reached") {
  const Ngrams counts = counts_of(Alphabet(U'.', {U'a', U'q'}), {{0, 1, 1}, {1, 0, 1}});
  const Setup setup(counts);
  CHECK(drawn(setup.sampler, request_for(2)) == std::vector<Ids>(2, Ids{1}));
  SampleRequest request = request_for(2);
  request.prefix = {1, 2};
  request.max_length = 10;
  CHECK(sample_error(setup.sampler, request) ==
        "nothing was ever seen after 'q', so no symbol can be drawn there; use smoothing=");
  request.prefix = {2, 1};
  CHECK(drawn(setup.sampler, request) == std::vector<Ids>(2, Ids{2, 1}));
  const Setup reached(counts_of(Alphabet(U'.', {U'a', U'q'}), {{0, 1, 1}, {1, 0, 1}, {1, 2, 1}}));
  CHECK(contains(sample_error(reached.sampler, request_for(0)), "nothing was ever seen after 'q'"));
}

TEST_CASE("words that can never end are refused unless their length has a limit") {
  const Ngrams counts = counts_of(Alphabet(U'.', {U'a', U'b', U'c'}),
                                  {{0, 1, 1}, {1, 0, 1}, {1, 2, 1}, {2, 3, 1}, {3, 2, 1}});
  const Setup setup(counts);
  CHECK(sample_error(setup.sampler, request_for(1)) ==
        "a word that reaches 'b' can never end; give max_length= and truncate=True");
  SampleRequest request = request_for(100);
  request.max_length = 7;
  for (const Ids& word : drawn(setup.sampler, request)) {
    CHECK((word.size() == 1 || word.size() == 7));
  }
  const Setup alone(counts_of(Alphabet(U'.', {U'a', U'b'}), {{0, 1, 1}, {1, 0, 1}, {2, 2, 1}}));
  CHECK(drawn(alone.sampler, request_for(1)) == std::vector<Ids>{{1}});
}

TEST_CASE("an end too unlikely for any draw counts as one that never comes") {
  const BigramSampler sampler(Alphabet(U'.', {U'a'}), {0, 1, 1e-12, 1 - 1e-12});
  CHECK(contains(sample_error(sampler, request_for(1)),
                 "can never end; give max_length= and truncate=True"));
}

TEST_CASE("a poll that throws stops the drawing of many words") {
  struct Stop {};
  int polls = 0;
  SampleRequest request = request_for(1'000'000);
  request.threads = 1;
  const Poll stop = [&] {
    ++polls;
    throw Stop{};
  };
  const Setup setup({U"emma", U"olivia", U"ava"});
  CHECK_THROWS_AS(sample_words<std::uint8_t>(setup.sampler, request, stop), Stop);
  CHECK(polls == 1);
}

TEST_CASE("the drawing of a few long words polls while it goes on") {
  const Setup setup(counts_of(Alphabet(U'.', {U'a'}), {{0, 1, 1}, {1, 0, 1}, {1, 1, 1'000'000}}));
  SampleRequest request = request_for(30);  // a million symbols each, more or less
  request.threads = 1;
  int polls = 0;
  sample_words<std::uint8_t>(setup.sampler, request, [&] { ++polls; });
  CHECK(polls >= 4);  // of which two or so come at the end
}
