// Counting n-grams from blocks cut anywhere, and what models of them must hold to.
#include <cmath>
#include <numeric>

#include "backoff/backoff.hpp"
#include "backoff/ngram_model.hpp"
#include "backoff/ngram_trie.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/ngram_text_count.hpp"
#include "counts/merged.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

// The slow twin: each n-gram as a string of symbols.
std::map<Word, std::int64_t> slow_ngrams(const std::vector<Word>& words, unsigned order) {
  std::map<Word, std::int64_t> counts;
  for (const Word& word : words) {
    const Word padded = Word(order - 1, U'.') + word + U'.';
    for (std::size_t i = 0; i <= word.size(); ++i) ++counts[padded.substr(i, order)];
  }
  return counts;
}

std::map<Word, std::int64_t> as_strings(const Ngrams& counts) {
  std::map<Word, std::int64_t> strings;
  for (const Ngrams::Item& item : counts.items()) {
    Word gram;
    for (unsigned back = counts.order(); back-- > 0;) {
      gram += counts.alphabet().symbols()[counts.layout().symbol(item.key, back)];
    }
    strings[gram] = item.count;
  }
  return strings;
}

Ngrams ngrams_of(const std::vector<Word>& words, unsigned order) {
  NgramCounter counter({}, order);
  counter.add(packed(words));
  return counter.counts();
}

std::vector<Word> random_words(Random& random, std::u32string_view symbols, std::size_t most) {
  std::vector<Word> words;
  for (std::size_t left = below(random, most); left > 0; --left) {
    words.push_back(random_word(random, symbols, 9));
  }
  return words;
}

}  // namespace

TEST_CASE("n-grams are those of the slow twin") {
  Random random(1);
  Word many;
  for (char32_t i = 0; i < 700; ++i) many += U'一' + i;
  for (unsigned order = 2; order <= 10; ++order) {
    for (const Word& symbols : {Word(U"ab"), Word(U"abcdé中😀"), many}) {
      const auto words = random_words(random, symbols, 200);
      const Ngrams counts = ngrams_of(words, order);
      CHECK(as_strings(counts) == slow_ngrams(words, order));
      CHECK(counts.words() == static_cast<std::int64_t>(words.size()));
    }
  }
}

// A word in which new symbols keep coming: the bits of a key grow in the middle of it.
Word growing(Random& random, std::size_t symbols, std::size_t first) {
  Word word;
  for (std::size_t i = 0; i < symbols; ++i) {
    word += static_cast<char32_t>(i < 90 ? '/' + i : 0x4E00 + first + i);
    for (std::size_t back = below(random, 3); back > 0; --back) {
      word += word[below(random, word.size())];
    }
  }
  return word;
}

TEST_CASE("alphabets that grow through every width of a symbol, at every order") {
  Random random(2);
  for (unsigned order = 2; order <= 30; ++order) {
    for (const std::size_t symbols : {2u, 3u, 7u, 20u, 31u, 32u, 36u, 70u, 140u, 300u, 700u}) {
      if (order > highest_order(symbols + 1)) continue;
      const std::vector<Word> words = {growing(random, symbols / 2, 0), U"/",
                                       growing(random, symbols, 0)};
      const auto expected = slow_ngrams(words, order);
      CAPTURE(order);
      CAPTURE(symbols);
      CHECK(as_strings(ngrams_of(words, order)) == expected);

      // Lines, cut where it may hurt: the last line has no end.
      for (const bool skip_blank : {true, false}) {
        ByteString text;
        for (const Word& word : words) {
          const ByteString line = utf8(word);
          text.insert(text.end(), line.begin(), line.end());
          if (&word != &words.back()) text.push_back('\n');
        }
        NgramCounter counter(lines(skip_blank), order);
        const std::size_t cut = below(random, text.size() + 1);
        counter.add(Bytes(text).first(cut));
        counter.add(Bytes(text).subspan(cut));
        counter.end_text();
        CHECK(as_strings(counter.counts()) == expected);
      }

      // Weighted words, and sums of counts whose keys have different widths.
      NgramCounter weighted({}, order);
      const std::vector<std::int64_t> weights = {1, 1, 1};
      weighted.add({packed(words)}, weights);
      CHECK(as_strings(weighted.counts()) == expected);
      const Ngrams sum =
          added(ngrams_of({words[0]}, order), ngrams_of({words[1], words[2]}, order));
      CHECK(as_strings(sum) == expected);
    }
  }
}

TEST_CASE("a symbol below 128 that comes after 16 bits of others has one id") {
  std::vector<Word> words;
  for (char32_t i = 0; i < 66'000; i += 100) {
    Word word;
    for (char32_t j = i; j < i + 100; ++j) word += 0x10000 + j;
    words.push_back(word);
  }
  for (int i = 0; i < 300; ++i) words.push_back(U"abab");
  const Ngrams counts = ngrams_of(words, 3);
  CHECK(counts.alphabet().size() == 66'003);
  CHECK(as_strings(counts) == slow_ngrams(words, 3));
  CHECK(lowered(counts, 2) == count_words(words));
}

TEST_CASE("the order that is advised is that of all the symbols, and works") {
  Random random(4);
  for (const std::size_t symbols : {1u, 4u, 31u, 32u, 200u, 3000u}) {
    std::vector<Word> words;
    for (std::size_t i = 0; i < symbols; ++i) words.push_back({U'a', char32_t(0x100 + i)});
    const unsigned most = highest_order(symbols + 2);
    const std::string advice = " is too high for an alphabet of " + std::to_string(symbols + 2) +
                               " symbols; the most is " + std::to_string(most);
    ByteString text;
    for (const Word& word : words) {
      const ByteString line = utf8(word);
      text.insert(text.end(), line.begin(), line.end());
      text.push_back('\n');
    }
    const std::vector<std::int64_t> weights(words.size(), 2);
    for (const unsigned order : {most + 1, 2 * most, 1000U}) {
      CHECK(error_of([&] { ngrams_of(words, order); }) ==
            "order " + std::to_string(order) + advice);
      CHECK(error_of([&] {
              NgramCounter counter({}, order);
              counter.add({packed(words)}, weights);
              (void)counter.counts();
            }) == "order " + std::to_string(order) + advice);
      for (const unsigned threads : {1U, 3U}) {
        CHECK(error_of([&] {
                (void)count_ngrams(lines(), order, text.size(), reader_of(text), threads, nullptr,
                                   64);
              }) == "order " + std::to_string(order) + advice);
      }
    }
    CHECK(as_strings(ngrams_of(words, most)) == slow_ngrams(words, most));
    // What else is wrong comes first, with its place.
    words.push_back(U"a.");
    CHECK(contains(error_of([&] { ngrams_of(words, 1000); }),
                   "word " + std::to_string(symbols) + ": 'a.' contains the boundary"));
  }
}

TEST_CASE("a text of lines may be cut anywhere") {
  const ByteString text = bytes_of(
      "\xef\xbb\xbf"
      "ab\r\nb\xc3\xa9\xe4\xb8\xad\n\n\rab\xf0\x9f\x98\x80\r\n\r\nb");
  for (const bool skip_blank : {true, false}) {
    NgramCounter whole(lines(skip_blank), 3);
    whole.add(text);
    whole.end_text();
    for (std::size_t a = 0; a <= text.size(); ++a) {
      for (std::size_t b = a; b <= text.size(); ++b) {
        NgramCounter counter(lines(skip_blank), 3);
        counter.add(Bytes(text).first(a));
        counter.add(Bytes(text).subspan(a, b - a));
        counter.add(Bytes(text).subspan(b));
        counter.end_text();
        CHECK(counter.counts() == whole.counts());
      }
    }
  }
}

TEST_CASE("a text counted by threads, in parallel or not, is the same") {
  Random random(3);
  ByteString text;
  while (text.size() < 5'000'000) {
    const ByteString word = utf8(random_word(random, U"abcdé中", 30));
    text.insert(text.end(), word.begin(), word.end());
    if (below(random, 9) == 0) text.push_back('\r');
    text.push_back('\n');
    if (below(random, 100'000) == 0) text.resize(text.size() + 1'500'000, 'a');
  }
  const Ngrams expected = count_ngrams(lines(), 4, text.size(), reader_of(text), 1, nullptr);
  for (const unsigned threads : {2U, 3U, 8U}) {
    CHECK(count_ngrams(lines(), 4, text.size(), reader_of(text), threads, nullptr) == expected);
  }
}

TEST_CASE("many counts are merged as they are added, one after another") {
  Random random(5);
  for (const unsigned order : {1U, 2U, 6U, 20U}) {
    for (std::size_t parts = 1; parts <= 17; ++parts) {
      std::vector<Ngrams> counts;
      NgramsSum growing;
      for (std::size_t i = 0; i < parts; ++i) {
        const auto words = random_words(random, i % 3 == 0 ? U"abé" : U"bc中z", 30);
        counts.push_back(ngrams_of(words, order));
        growing.add(counts.back());
      }
      Ngrams sum = counts[0];
      std::vector<const Ngrams*> all{&counts[0]};
      for (std::size_t i = 1; i < parts; ++i) {
        sum = added(sum, counts[i]);
        all.push_back(&counts[i]);
      }
      const Ngrams whole = merged(all);
      CHECK(whole == sum);
      CHECK(whole.words() == sum.words());
      CHECK(whole.total() == sum.total());
      CHECK(growing.take() == sum);
    }
  }
}

TEST_CASE("sums have what both have, of whatever symbols") {
  const std::vector<Word> a = {U"ab", U"zé", U""};
  const std::vector<Word> b = {U"中ab", U"ab"};
  std::vector<Word> both = a;
  both.insert(both.end(), b.begin(), b.end());
  for (unsigned order = 2; order <= 5; ++order) {
    CHECK(added(ngrams_of(a, order), ngrams_of(b, order)) == ngrams_of(both, order));
  }
  CHECK(count_words(both) == ngrams_of(both, 2));
  CHECK(error_of([&] { added(ngrams_of(a, 2), ngrams_of(b, 3)); }) ==
        "counts of order 2 and of order 3 cannot be added");
}

TEST_CASE("counts that no words can have make no model") {
  const Ngrams good = ngrams_of({U"ab"}, 3);
  const auto with = [&](std::vector<std::uint32_t> ids) {
    Ngrams::Items items = good.items();
    items.push_back({good.key(ids), 1});
    return Ngrams(good.alphabet(), 3, std::move(items));
  };
  for (const auto& ids : {std::vector<std::uint32_t>{1, 0, 2}, {2, 1, 1}}) {
    CHECK(error_of([&] { NgramTrie(with(ids)); }) == "the counts are not those of whole words");
  }
  CHECK(error_of([&] { with({3, 1, 1}); }) == "an n-gram's id lies outside the alphabet");
}

TEST_CASE("what may follow sums to one after every prefix") {
  Random random(4);
  for (int round = 0; round < 60; ++round) {
    const auto words = random_words(random, U"abcd中", 20);
    if (words.empty()) continue;
    const unsigned order = 2 + static_cast<unsigned>(below(random, 4));
    const Ngrams counts = ngrams_of(words, order);
    const NgramTrie trie(counts);
    for (const Backoff& backoff : {kneser_ney(trie, {}), witten_bell(trie), add_k(trie, 0.3)}) {
      const NgramModel model(counts.alphabet(), backoff);
      for (int prefixes = 0; prefixes < 10; ++prefixes) {
        std::vector<std::uint32_t> prefix(below(random, 6));
        for (std::uint32_t& id : prefix) {
          id = 1 + static_cast<std::uint32_t>(below(random, counts.alphabet().size()));
          id = std::min<std::uint32_t>(id, static_cast<std::uint32_t>(model.size() - 1));
        }
        if (model.size() < 2) prefix.clear();
        const std::vector<double> p = model.next(prefix);
        CHECK(std::accumulate(p.begin(), p.end(), 0.0) == doctest::Approx(1).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("the same words for any threads and any batch") {
  Random random(5);
  const auto words = random_words(random, U"abcdefgh", 300);
  const Ngrams counts = ngrams_of(words, 4);
  const NgramModel model(counts.alphabet(), kneser_ney(NgramTrie(counts), {}));
  for (const Truncation& truncation : {Truncation{}, Truncation{0.7, 5}}) {
    const auto sampler = model.sampler(truncation);
    SampleRequest request;
    request.words = 9000;
    request.seed = 6;
    request.threads = 1;
    const auto expected = sample_words<std::uint8_t>(*sampler, request, nullptr);
    request.threads = 3;
    CHECK(sample_words<std::uint8_t>(*sampler, request, nullptr).ids == expected.ids);
    const auto wide = sample_words<std::uint32_t>(*sampler, request, nullptr);
    CHECK(std::equal(wide.ids.begin(), wide.ids.end(), expected.ids.begin(), expected.ids.end()));
    request.start = 17;
    request.words = 3;
    const auto later = sample_words<std::uint8_t>(*sampler, request, nullptr);
    const auto from = expected.ids.begin() + expected.offsets[17];
    CHECK(std::equal(later.ids.begin(), later.ids.end(), from));
  }
}
