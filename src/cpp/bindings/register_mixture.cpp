// WordList (words held whole), and MixtureModel: fitting a model of chains to them.
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bindings/copied.hpp"
#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "bindings/weighted_words.hpp"
#include "bindings/words.hpp"
#include "mixture/fit.hpp"
#include "mixture/saved_mixture.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

// A list of words, and what cuts them where symbols are tokens.
struct LearnedWords {
  WordList words;
  std::optional<TokenCutter> cutter;
  bool known;  // the tokens are those of a given alphabet
};

std::shared_ptr<LearnedWords> make_word_list(const py::object& boundary, const py::object& alphabet,
                                             bool unknown) {
  const SymbolsWanted wanted = symbols_wanted(boundary, alphabet, unknown);
  Alphabet symbols = wanted.alphabet ? *wanted.alphabet : Alphabet(wanted.boundary);
  if (unknown) symbols = with_unknown(symbols);
  const bool known = wanted.alphabet.has_value();
  return std::make_shared<LearnedWords>(
      LearnedWords{WordList(std::move(symbols), known), wanted.cutter(), known});
}

// Adds words; where every token joins, once.
void add_words(LearnedWords& list, const py::object& words, const py::object& weights,
               const std::optional<std::string>& column, const std::string& nulls,
               const std::u32string& meant) {
  WordOptions options = word_options(column, nulls, meant);
  options.cutter = list.cutter;
  WeightedWords given(words, weights, options);
  while (given.next()) {
    try {
      const WithoutGil unlocked;
      list.words.add(given.text(), given.weights(), signal_poll());
    } catch (const Error& error) {
      throw given.renumbered(error);
    }
  }
  if (const TokenCutter* const met = given.source().cutter(); met != nullptr && !list.known) {
    list.words.take_vocabulary(met->tokens(), met->rules(), signal_poll());
    list.known = true;
  }
}

// The words in the packed layout of core/text/text.hpp.
std::string pack(const WordList& list) {
  std::string bytes;
  const std::span<const char32_t> symbols = list.alphabet().symbols();
  for (std::size_t i = 0; i < list.size(); ++i) {
    for (const std::uint32_t id : list.word(i)) {
      std::uint8_t utf8[4];
      bytes.append(reinterpret_cast<const char*>(utf8),
                   static_cast<std::size_t>(encode(symbols[id], utf8) - utf8));
    }
    bytes.push_back(static_cast<char>(kWordEnd));
  }
  return bytes;
}

// The sum of the words' scores and how many symbols they predict, ends included.
py::tuple likelihood(const MixtureModel& model, const LearnedWords& learned) {
  const WordList& list = learned.words;
  double sum = 0;
  {
    const WithoutGil unlocked;
    const std::string bytes = pack(list);
    std::vector<double> scores;
    model.score({{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}}, scores,
                signal_poll());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      sum += static_cast<double>(list.times(i)) * scores[i];
    }
  }
  return py::make_tuple(sum, list.total_positions());
}

std::vector<Chain> make_chains(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

MixtureModel fit_words(const std::shared_ptr<LearnedWords>& words,
                       const std::vector<std::string>& chains, std::uint32_t orders,
                       std::uint64_t seed, unsigned threads, const py::object& progress) {
  std::atomic<double> done{0};
  const bool told = !progress.is_none();
  const Poll poll = [&] {
    const WithGil gil;
    check_signals();
    if (told) progress(done.load());
  };
  std::vector<Chain> parsed = make_chains(chains);
  const WithoutGil unlocked;
  return fit(words->words, std::move(parsed), {seed, threads, orders, {&done}}, poll);
}

// The arrays of a saved mixture by their names in files.
py::dict save_arrays(const MixtureModel& model) {
  SavedMixture saved;
  {
    const WithoutGil unlocked;
    saved = save(model, signal_poll());
  }
  const auto rows = [](std::vector<std::uint32_t>&& numbers, py::ssize_t columns) {
    const auto n = static_cast<py::ssize_t>(numbers.size()) / columns;
    return to_array(std::move(numbers), {n, columns});
  };
  py::dict arrays;
  keep_characters(arrays, model.alphabet());
  arrays["classes"] = to_array(std::move(saved.classes));
  arrays["weights"] = to_array(std::move(saved.weights));
  arrays["prefixes"] = rows(std::move(saved.prefixes), 2);
  arrays["nodes_of"] = to_array(std::move(saved.nodes_of));
  arrays["rows_of"] = to_array(std::move(saved.words_of));
  arrays["nodes"] = rows(std::move(saved.nodes), SavedMixture::kNodeNumbers);
  arrays["rows"] = to_array(std::move(saved.rows));
  return arrays;
}

MixtureModel restored(const std::vector<std::string>& chains, std::uint64_t words,
                      const py::dict& arrays) {
  const auto array = [&]<class T>(const char* name, py::ssize_t axes, T) {
    if (!arrays.contains(name)) throw Error(std::string("the array ") + name + " is missing");
    return copied<T>(arrays[name], axes, name);
  };
  SavedMixture saved;
  if (!arrays.contains("alphabet")) throw Error("the array alphabet is missing");
  try {
    saved.alphabet = kept_alphabet(arrays["alphabet"]);
  } catch (const Error& error) {
    throw Error(std::string("alphabet: ") + error.what());
  }
  saved.words = words;
  saved.chains = make_chains(chains);
  saved.classes = array("classes", 1, std::uint8_t{});
  saved.weights = array("weights", 1, float{});
  saved.prefixes = array("prefixes", 2, std::uint32_t{});
  saved.nodes_of = array("nodes_of", 1, std::uint64_t{});
  saved.words_of = array("rows_of", 1, std::uint64_t{});
  saved.nodes = array("nodes", 2, std::uint32_t{});
  saved.rows = array("rows", 1, std::uint32_t{});
  const WithoutGil unlocked;
  return restore(std::move(saved), signal_poll());
}

}  // namespace

void register_mixture(py::module_& module) {
  py::class_<LearnedWords, std::shared_ptr<LearnedWords>>(module, "WordList")
      .def(py::init(&make_word_list), py::arg("boundary"), py::arg("alphabet") = py::none(),
           py::arg("unknown") = false)
      .def("__len__", [](const LearnedWords& self) { return self.words.total_words(); })
      .def_property_readonly("positions",
                             [](const LearnedWords& self) { return self.words.total_positions(); })
      .def_property_readonly("numbering",
                             [](const LearnedWords& self) { return self.words.alphabet(); })
      .def("add_words", &add_words, py::arg("words"), py::arg("weights"), py::arg("column"),
           py::arg("nulls"), py::arg("meant"));

  // What chains are read as; Error for what is none.
  module.def(
      "read_chains",
      [](const std::vector<std::string>& texts) {
        std::vector<std::string> chains;
        for (const Chain& chain : make_chains(texts)) chains.push_back(chain.text());
        return chains;
      },
      py::arg("texts"));

  py::class_<MixtureModel, LanguageModel, std::shared_ptr<MixtureModel>>(module, "MixtureModel")
      .def(py::init(&fit_words), py::arg("words"), py::arg("chains"), py::arg("orders"),
           py::arg("seed"), py::arg("threads"), py::arg("progress"))
      .def_static("restored", &restored, py::arg("chains"), py::arg("words"), py::arg("arrays"))
      .def("saved", &save_arrays)
      .def_property_readonly("chains",
                             [](const MixtureModel& self) {
                               std::vector<std::string> texts;
                               for (const Chain& chain : self.chains()) {
                                 texts.push_back(chain.text());
                               }
                               return texts;
                             })
      .def_property_readonly(
          "weights", [](const MixtureModel& self) { return to_array(self.weights().values()); })
      .def("likelihood", &likelihood, py::arg("words"))
      .def_property_readonly("words", &MixtureModel::words);
}

}  // namespace makemore
