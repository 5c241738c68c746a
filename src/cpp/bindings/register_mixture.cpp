// WordList (words held whole), and MixtureModel: fitting a model of chains to them.
#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bindings/copied.hpp"
#include "bindings/packer.hpp"
#include "bindings/register.hpp"
#include "bindings/words.hpp"
#include "mixture/fit.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

std::shared_ptr<WordList> make_word_list(const py::str& boundary) {
  return std::make_shared<WordList>(make_alphabet(boundary, py::str()).boundary());
}

void add_words(WordList& list, const py::object& words, const std::optional<std::string>& column,
               const std::string& nulls, const std::u32string& meant) {
  const auto source = open_words(words, word_options(column, nulls, meant));
  while (source->next()) {
    try {
      const py::gil_scoped_release unlocked;
      list.add(source->text(), signal_poll());
    } catch (const Error& error) {
      throw source->renumbered(error);
    }
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

void add_packed(WordList& list, const py::bytes& bytes) {
  const std::string_view view = bytes;
  const auto* at = reinterpret_cast<const std::uint8_t*>(view.data());
  const std::uint8_t* const end = at + view.size();
  Packer packer;
  for (auto index = static_cast<std::int64_t>(list.size()); at < end; ++index) {
    const std::uint8_t* const word_end = std::find(at, end, kWordEnd);
    if (word_end == end) fail_word(index, "has no end");
    packer.append(at, static_cast<std::size_t>(word_end - at), index);
    at = word_end + 1;
  }
  const py::gil_scoped_release unlocked;
  list.add(packer.text(), signal_poll());
}

// The sum of the words' scores and how many symbols they predict, ends included.
py::tuple likelihood(const MixtureModel& model, const WordList& list) {
  std::vector<double> scores;
  {
    const py::gil_scoped_release unlocked;
    const std::string bytes = pack(list);
    model.score({{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}}, scores,
                signal_poll());
  }
  return py::make_tuple(std::accumulate(scores.begin(), scores.end(), 0.0), list.positions());
}

std::vector<Chain> make_chains(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

MixtureModel fit_words(const std::shared_ptr<WordList>& words,
                       const std::vector<std::string>& chains, std::uint64_t seed, unsigned threads,
                       const py::object& progress) {
  std::atomic<double> done{0};
  const bool told = !progress.is_none();
  const Poll poll = [&] {
    const py::gil_scoped_acquire gil;
    check_signals();
    if (told) progress(done.load());
  };
  std::vector<Chain> parsed = make_chains(chains);
  const py::gil_scoped_release unlocked;
  return fit(words, std::move(parsed), {seed, threads, &done}, poll);
}

MixtureModel refit_words(const std::shared_ptr<WordList>& words,
                         const std::vector<std::string>& chains, const py::object& weights,
                         unsigned threads) {
  std::vector<Chain> parsed = make_chains(chains);
  const std::vector<float> values = copied<float>(weights, 1, "the weights");
  const py::gil_scoped_release unlocked;
  return refit(words, std::move(parsed), values, threads, signal_poll());
}

}  // namespace

void register_mixture(py::module_& module) {
  py::class_<WordList, std::shared_ptr<WordList>>(module, "WordList")
      .def(py::init(&make_word_list), py::arg("boundary"))
      .def("__len__", &WordList::size)
      .def_property_readonly("alphabet",
                             [](const WordList& self) { return to_str(self.alphabet().symbols()); })
      .def("add_words", &add_words, py::arg("words"), py::arg("column") = py::none(),
           py::arg("nulls") = "raise", py::arg("meant") = "")
      .def("add_packed", &add_packed, py::arg("packed"))
      .def("packed", [](const WordList& self) { return py::bytes(pack(self)); });

  module.def(
      "weights_of",
      [](const std::vector<std::string>& chains) {
        return starting_weights(make_chains(chains)).values().size();
      },
      py::arg("chains"));

  py::class_<MixtureModel, LanguageModel>(module, "MixtureModel")
      .def(py::init(&fit_words), py::arg("words"), py::arg("chains"), py::arg("seed"),
           py::arg("threads"), py::arg("progress"))
      .def_static("restored", &refit_words, py::arg("words"), py::arg("chains"), py::arg("weights"),
                  py::arg("threads"))
      .def_property_readonly("chains",
                             [](const MixtureModel& self) {
                               std::vector<std::string> texts;
                               for (const Chain& chain : self.chains()) {
                                 texts.push_back(chain.text());
                               }
                               return texts;
                             })
      .def_property_readonly("weights",
                             [](const MixtureModel& self) {
                               const auto values = self.weights().values();
                               return to_array(std::vector<float>(values.begin(), values.end()));
                             })
      .def("likelihood", &likelihood, py::arg("words"))
      .def_property_readonly("words", [](const MixtureModel& self) {
        return std::const_pointer_cast<WordList>(self.words());
      });
}

}  // namespace makemore
