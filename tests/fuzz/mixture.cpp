// The arrays of a saved mixture, changed in some places, are a mixture that can be asked for
// everything, or an error.
#include <cstring>
#include <vector>

#include "counts/restored_counts.hpp"
#include "fuzz.hpp"
#include "mixture/fit.hpp"
#include "mixture/saved_mixture.hpp"
#include "use_model.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

SavedMixture right_one() {
  std::vector<std::uint8_t> packed;
  for (const std::string_view word : {"emma", "ava", "olivia", "ab", ""}) {
    packed.insert(packed.end(), word.begin(), word.end());
    packed.push_back(kWordEnd);
  }
  WordList words(U'.');
  words.add({packed});
  return save(fit(words, {Chain("h1 h2"), Chain("p15 h1 v1"), Chain("y2 f0")}, {.threads = 1}, {}),
              {});
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SavedMixture right = right_one();
  Input input(data, size);
  const std::uint8_t how = input.number();
  SavedMixture saved = right;
  for (int i = 0; i < 16 && !input.rest().empty(); ++i) {
    const std::uint8_t which = input.number();
    std::size_t place = input.number();
    place = place << 8 | input.number();
    std::uint32_t bits = 0;
    for (int b = 0; b < 4; ++b) bits = bits << 8 | input.number();
    const bool cut = which >= 250;
    switch (which % 9) {
      case 0: change(saved.nodes, place, bits, cut); break;
      case 1: change(saved.rows, place, bits, cut); break;
      case 2: change(saved.weights, place, bits, cut); break;
      case 3: change(saved.prefixes, place, bits, cut); break;
      case 4: change(saved.nodes_of, place, bits, cut); break;
      case 5: change(saved.words_of, place, bits, cut); break;
      case 6: change(saved.classes, place, bits, cut); break;
      case 7: {
        const auto symbols = saved.alphabet.symbols();
        std::vector<char32_t> numbers(symbols.begin(), symbols.end());
        change(numbers, place, bits, cut);
        const auto changed = unless_error([&] { return ordered_alphabet(numbers); });
        if (changed) saved.alphabet = *changed;
        break;
      }
      default:
        if (cut) saved.chains.pop_back();
    }
    if (saved.chains.empty()) break;
  }
  const auto model = unless_error([&] { return restore(saved, {}); });
  if (model) use_model(*model, how);
  return 0;
}
