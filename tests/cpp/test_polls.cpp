// Long work on counts looks for a stop: often enough, and ends by what the poll throws.
#include "counting/ngram_counter.hpp"
#include "counts/ngrams.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

struct Stop {};

// Calls work(poll) twice: it polls, and it ends at once if the third poll throws.
template <class Work>
void check_polls(const char* what, Work&& work) {
  CAPTURE(what);
  int polls = 0;
  work([&] { ++polls; });
  CHECK(polls >= 3);
  polls = 0;
  CHECK_THROWS_AS(work([&] {
                    if (++polls == 3) throw Stop();
                  }),
                  Stop);
  CHECK(polls == 3);
}

// Words of Chinese symbols with some million different n-grams.
ByteString many_words() {
  Random random(7);
  ByteString bytes;
  for (int i = 0; i < 250'000; ++i) {
    Word word;
    for (int j = 0; j < 5; ++j) word += 0x4E00 + static_cast<char32_t>(below(random, 5000));
    const ByteString more = packed({word});
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
  return bytes;
}

}  // namespace

TEST_CASE("counting, sums and other forms of counts poll") {
  const ByteString words = many_words();
  const std::vector<std::int64_t> weights(250'000, 2);
  const auto options = [](const Poll& poll) {
    CountOptions with;
    with.poll = poll;
    return with;
  };
  const auto bigrams = [&](const Poll& poll) {
    BigramCounter counter(options(poll));
    counter.add(words);
    return counter.counts();
  };
  const auto ngrams = [&](const Poll& poll) {
    NgramCounter counter(options(poll), 4);
    counter.add(words);
    return counter.counts();
  };
  check_polls("bigrams", bigrams);
  check_polls("n-grams", ngrams);
  check_polls("weighted", [&](const Poll& poll) {
    NgramCounter counter(options(poll), 2);
    counter.add({words}, weights);
    (void)counter.counts();
  });
  const Ngrams pairs = bigrams({});
  const Ngrams grams = ngrams({});
  check_polls("sum of bigrams", [&](const Poll& poll) { (void)added(pairs, pairs, poll); });
  check_polls("sum of n-grams", [&](const Poll& poll) { (void)added(grams, grams, poll); });
  check_polls("lower", [&](const Poll& poll) { (void)lowered(grams, 3, poll); });
  check_polls("forward", [&](const Poll& poll) { (void)forward_items(grams, poll); });
  check_polls("rows", [&](const Poll& poll) { (void)bigram_rows(pairs, poll); });
}
