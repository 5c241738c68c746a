// All that shares its work out to threads gives the same with one and with several: each is
// here, so that ThreadSanitizer sees each.
#include "backoff/ngram_model.hpp"
#include "backoff/ngram_trie.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/text_count.hpp"
#include "counting/weighted_text_count.hpp"
#include "mixture/fit.hpp"
#include "mixture/saved_mixture.hpp"
#include "support.hpp"
#include "text/word_list.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

ByteString text_of(std::size_t words, std::string_view after) {
  Random random(7);
  ByteString text;
  for (std::size_t i = 0; i < words; ++i) {
    const ByteString word = utf8(random_word(random, U"abcdé中", 9));
    text.insert(text.end(), word.begin(), word.end());
    text.insert(text.end(), after.begin(), after.end());
  }
  return text;
}

void check_threads(const WordSampler& sampler) {
  SampleRequest request;
  request.words = 5000;
  request.threads = 3;  // first, while there is still something to share
  const auto drawn = sample_words<std::uint8_t>(sampler, request, nullptr);
  request.threads = 1;
  const auto expected = sample_words<std::uint8_t>(sampler, request, nullptr);
  CHECK(drawn.ids == expected.ids);
  CHECK(drawn.offsets == expected.offsets);
}

}  // namespace

TEST_CASE("bigrams of a text by threads") {
  const ByteString text = text_of(20'000, "\n");
  const auto count = [&](unsigned threads) {
    return count_text(lines(), text.size(), reader_of(text), threads, nullptr, 1 << 12);
  };
  CHECK(count(3) == count(1));
}

TEST_CASE("weighted lines by threads") {
  const ByteString text = text_of(20'000, "\t3\n");
  for (const unsigned order : {2U, 4U}) {
    const auto count = [&](unsigned threads) {
      return count_weighted(CountOptions{}, order, true, text.size(), reader_of(text), threads,
                            nullptr, 1 << 12);
    };
    CHECK(count(3) == count(1));
  }
}

TEST_CASE("a mixture is learned, restored and drawn from by threads") {
  Random random(5);
  std::vector<Word> some;
  for (int i = 0; i < 400; ++i) some.push_back(random_word(random, U"abcde", 6));
  WordList words(U'.');
  words.add({packed(some)});
  const std::vector<Chain> chains{Chain("h1 h2"), Chain("p3 h1"), Chain("f0")};
  const MixtureModel one = fit(words, chains, {.seed = 1, .threads = 1}, {});
  const MixtureModel several = fit(words, chains, {.seed = 1, .threads = 3}, {});
  CHECK(several.next({}) == one.next({}));
  const MixtureModel in_orders = fit(words, chains, {.seed = 1, .threads = 1, .orders = 4}, {});
  const MixtureModel by_threads = fit(words, chains, {.seed = 1, .threads = 3, .orders = 4}, {});
  CHECK(by_threads.next({}) == in_orders.next({}));
  CHECK(in_orders.next({}) != one.next({}));
  CHECK(restore(save(several, {}), {}).next({}) == one.next({}));

  check_threads(*one.sampler({}));
}

TEST_CASE("threads share the rows of a truncated model") {
  Random random(8);
  NgramCounter counter({}, 4);
  ByteString words;
  for (int i = 0; i < 2000; ++i) {
    const ByteString word = packed({random_word(random, U"abcdef", 6)});
    words.insert(words.end(), word.begin(), word.end());
  }
  counter.add(words);
  const Ngrams counts = counter.counts();
  const NgramModel model(counts.alphabet(), witten_bell(NgramTrie(counts)));
  check_threads(*model.sampler({.temperature = 0.7, .top_k = 5}));
}
