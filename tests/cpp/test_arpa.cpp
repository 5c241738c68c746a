// ARPA files: the same text after a trip, and damaged ones that may fail but not break.
#include "backoff/arpa/arpa.hpp"

#include <string>

#include "backoff/ngram_model.hpp"
#include "backoff/ngram_trie.hpp"
#include "counting/ngram_counter.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

std::string written(const Alphabet& alphabet, const Backoff& backoff) {
  std::string text;
  write_arpa(alphabet, backoff, [&](std::string_view part) { text += part; }, {});
  return text;
}

ArpaModel read(const std::string& text) { return read_arpa(bytes_of(text), U'.', {}, nullptr); }

std::string some_model(Random& random, unsigned order) {
  std::vector<Word> words{U"é中"};
  for (int i = 0; i < 20; ++i) words.push_back(random_word(random, U"ab \n\u3000中😀", 6));
  NgramCounter counter({}, order);
  counter.add(packed(words));
  Ngrams counts = counter.counts();
  if (random() % 2 == 0) counts = in_alphabet(counts, with_unknown(counts.alphabet()));
  return written(counts.alphabet(), kneser_ney(NgramTrie(counts), {}));
}

}  // namespace

TEST_CASE("what was read is written as it was") {
  Random random(1);
  for (unsigned order = 2; order < 8; ++order) {
    const std::string text = some_model(random, order);
    const ArpaModel model = read(text);
    CHECK(model.backoff.order == order);
    CHECK(model.backoff.by_levels);
    CHECK(written(model.alphabet, model.backoff) == text);
  }
}

TEST_CASE("a damaged file is an error or another model") {
  Random random(2);
  const std::string pieces = "0-9.\t \n\\<>sU+ab";
  const std::string text = some_model(random, 3);
  int read_well = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = text;
    for (std::size_t left = 1 + below(random, 3); left > 0; --left) {
      const std::size_t at = below(random, damaged.size());
      switch (random() % 3) {
        case 0: damaged[at] = static_cast<char>(random()); break;
        case 1: damaged.insert(at, 1, pieces[below(random, pieces.size())]); break;
        default: damaged.erase(at, 1 + below(random, 40));
      }
    }
    try {
      ArpaModel model = read(damaged);
      const NgramModel scorer(std::move(model.alphabet), std::move(model.backoff));
      std::vector<double> scores;
      scorer.score(Text{packed({U"ab", U"中x"}), Layout::packed, false}, scores, nullptr);
      CHECK(scores.size() == 2);
      ++read_well;
    } catch (const Error& error) {
      CHECK(std::string(error.what()).starts_with("line "));
    }
  }
  CHECK(read_well > 0);
}
