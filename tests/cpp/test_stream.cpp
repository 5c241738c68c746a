// The words that seeds draw, bit for bit on every machine: the first ones of what
// tests/data/stream.json promises.
#include <memory>

#include "backoff/ngram_model.hpp"
#include "backoff/ngram_trie.hpp"
#include "counting/ngram_counter.hpp"
#include "sampling.hpp"
#include "sampling/pcg64.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

const std::vector<Word> kFive = {U"emma", U"olivia", U"ava", U"isabella", U"sophia"};
const std::vector<Word> kScripts = {U"żółw", U"Ωμέγα", U"हिन्दी", U"中文", U"😀👍"};

enum class Method { add_k, kneser_ney, witten_bell };

std::unique_ptr<LanguageModel> model_of(const std::vector<Word>& words, unsigned order,
                                        Method method, double k) {
  if (method == Method::add_k) return std::make_unique<BigramModel>(count_words(words), k);
  NgramCounter counter({}, order);
  counter.add(packed(words));
  const Ngrams counts = counter.counts();
  const NgramTrie trie(counts);
  return std::make_unique<NgramModel>(
      counts.alphabet(), method == Method::kneser_ney ? kneser_ney(trie, estimated_discounts(trie))
                                                      : witten_bell(trie));
}

std::vector<Word> words_of(const LanguageModel& model, const Truncation& truncation,
                           std::uint64_t seed, std::size_t n) {
  std::vector<Word> words;
  const auto sampler = model.sampler(truncation);
  for (const Ids& ids : drawn(*sampler, request_for(n, stream_seed(seed)))) {
    Word& word = words.emplace_back();
    for (const std::uint32_t id : ids) word += model.alphabet().symbols()[id];
  }
  return words;
}

}  // namespace

TEST_CASE("seeds draw the words that they have always drawn") {
  struct Case {
    const std::vector<Word>& words;
    unsigned order;
    Method method;
    double k;
    std::uint64_t seed;
    Truncation truncation;
    std::vector<Word> drawn;
  };
  const Case cases[] = {
      {kFive,
       2,
       Method::add_k,
       0,
       42,
       {1, 0},
       {U"a", U"a", U"a", U"ia", U"sabema", U"sophia", U"elisolabelivia", U"olla"}},
      {kFive,
       2,
       Method::add_k,
       1,
       2147483647,
       {1, 0},
       {U"esa", U"im", U"lelhaoasspbmllissiapmvo", U"", U"lbh", U"mhvsavhilomehapabspshhvlpmilpeva",
        U"avismsvbeivhielia", U"lbollelm"}},
      {kScripts,
       2,
       Method::add_k,
       0.5,
       0,
       {1, 0},
       {U"Ωन", U"हिन😀Ωμέह😀Ωół्Ωी中μनीółwół😀łłनγ्ीहγ文w", U"文έέ文óी्ł文््😀中हγαw"}},
      {kFive,
       2,
       Method::add_k,
       0.5,
       3,
       {0.7, 5},
       {U"o", U"ib", U"ema", U"aviabema", U"ia", U"ellllib", U"iabem", U"oll"}},
      {kFive,
       4,
       Method::kneser_ney,
       0,
       42,
       {1, 0},
       {U"emma", U"isabella", U"isaova", U"ia", U"isophia", U"mmalabella", U"ophimmma", U"ia"}},
      {kScripts,
       3,
       Method::kneser_ney,
       0,
       1,
       {1, 0},
       {U"żółw", U"中文", U"नहिन्दी", U"中", U"中文", U"", U"ł中्दέγέγμहिन्दीέγα", U"Ωμέγ"}},
      {kFive,
       3,
       Method::witten_bell,
       0,
       42,
       {1, 0},
       {U"emmisopphia", U"isabemma", U"isvima", U"ia", U"isophia", U"mmaia", U"ophiemma", U"im"}},
      {kFive,
       3,
       Method::kneser_ney,
       0,
       5,
       {1.5, 4},
       {U"a", U"emma", U"ababeisiabllava", U"ophia", U"ava", U"iiva", U"ophiava", U"a"}},
      {kFive,
       4,
       Method::witten_bell,
       0,
       6,
       {0.5, 0},
       {U"isabelivia", U"isabella", U"emla", U"isabella", U"isabella", U"olivia", U"sophia",
        U"ava"}},
  };
  for (const Case& given : cases) {
    CAPTURE(given.seed);
    const auto model = model_of(given.words, given.order, given.method, given.k);
    CHECK(words_of(*model, given.truncation, given.seed, given.drawn.size()) == given.drawn);
  }
}

// Enough words for every lane and layer of the kernels, folded to one number (FNV-1a).
TEST_CASE("so do many words, of a model with more symbols than a name has") {
  std::vector<Word> words;
  Random random(11);
  for (int i = 0; i < 300; ++i) words.push_back(random_word(random, U"abcdefghijklmnopqrstu", 30));
  const auto model = model_of(words, 2, Method::add_k, 0.25);
  std::uint64_t folded = 0xcbf29ce484222325;
  const auto sampler = model->sampler({1, 0});
  for (const Ids& ids : drawn(*sampler, request_for(5000, 7))) {
    for (const std::uint32_t id : ids) folded = (folded ^ id) * 0x100000001b3;
    folded = (folded ^ 0xFF) * 0x100000001b3;
  }
  CHECK(folded == 9938328232276511424u);
}
