// The tables of a back-off model, changed in some places, are a model that can be asked for
// everything and written as an ARPA file, or an error.
#include <cstring>
#include <string>
#include <vector>

#include "backoff/arpa/arpa.hpp"
#include "backoff/ngram_model.hpp"
#include "backoff/restored_backoff.hpp"
#include "counting/ngram_counter.hpp"
#include "fuzz.hpp"
#include "use_model.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

Ngrams counted(unsigned order) {
  std::vector<std::uint8_t> packed;
  for (const std::string_view word : {"emma", "ava", "olivia", "ab", "", "mama", "mia"}) {
    packed.insert(packed.end(), word.begin(), word.end());
    packed.push_back(kWordEnd);
  }
  NgramCounter counter({}, order);
  counter.add(packed);
  return counter.counts();
}

struct Model {
  Alphabet alphabet;
  Backoff tables;
};

std::vector<Model> right_ones() {
  std::vector<Model> models;
  const Ngrams counts = counted(4);
  const NgramTrie trie(counts);
  models.push_back({counts.alphabet(), kneser_ney(trie, {})});
  models.push_back({counts.alphabet(), witten_bell(trie)});
  models.push_back({counts.alphabet(), add_k(trie, 0)});
  const Ngrams bigrams = counted(2);
  models.push_back({bigrams.alphabet(), kneser_ney(NgramTrie(bigrams), {})});
  models.push_back(models[0]);
  models.back().tables.by_levels = false;
  const Ngrams singles = counted(1);
  models.push_back({singles.alphabet(), witten_bell(NgramTrie(singles))});
  const Alphabet wider = with_unknown(counts.alphabet());
  models.push_back({wider, kneser_ney(NgramTrie(in_alphabet(counts, wider)), {})});
  return models;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Model> right = right_ones();
  Input input(data, size);
  const std::uint8_t how = input.number();
  const Model& model = right[how % right.size()];
  Backoff tables = model.tables;
  for (int i = 0; i < 16 && !input.rest().empty(); ++i) {
    const std::uint8_t which = input.number();
    const std::size_t place = input.number();
    std::uint64_t bits = 0;
    for (int b = 0; b < 8; ++b) bits = bits << 8 | input.number();
    const bool cut = which >= 240;
    if (which % 12 >= 8 && which % 12 <= 10 && tables.followers.empty()) continue;
    const auto follower = tables.followers.empty() ? 0 : place % tables.followers.size();
    switch (which % 12) {
      case 0: change(tables.parent, place, bits, cut); break;
      case 1: change(tables.weight, place, bits, cut); break;
      case 2: change(tables.log_weight, place, bits, cut); break;
      case 3: change(tables.follow, place, bits, cut); break;
      case 4: change(tables.symbol, place, bits, cut); break;
      case 5: change(tables.shortest, place, bits, cut); break;
      case 6: change(tables.log_shortest, place, bits, cut); break;
      case 7: tables.by_levels = bits % 2 == 0; break;
      case 8: std::memcpy(&tables.followers[follower].log, &bits, sizeof bits); break;
      case 9: std::memcpy(&tables.followers[follower].own, &bits, sizeof bits); break;
      case 10: tables.followers[follower].next = static_cast<std::uint32_t>(bits); break;
      default: tables.order = 1 + static_cast<unsigned>(bits % 20);
    }
  }
  const auto good = unless_error([&] {
    complete_restored(tables, {});
    return true;
  });
  PROMISE(good || size > 1);
  if (!good) return 0;
  std::string text;
  write_arpa(model.alphabet, tables, [&](std::string_view part) { text += part; }, {});
  use_model(NgramModel(model.alphabet, std::move(tables)), how);
  return 0;
}
