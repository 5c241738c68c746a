// LanguageModel: what every model answers.
#include <algorithm>
#include <memory>
#include <numeric>

#include "base/error.hpp"
#include "bindings/register.hpp"
#include "bindings/words.hpp"
#include "models/language_model.hpp"

namespace makemore {
namespace {

using Column = std::optional<std::string>;

// Calls use(block) for the words, block by block, without the GIL.
template <class Use>
void each_block(const LanguageModel& model, const py::object& words, const Column& column,
                Use&& use) {
  const auto source = open_words(words, model_options(model.alphabet(), column));
  while (source->next()) {
    const py::gil_scoped_release unlocked;
    use(source->text());
  }
}

FloatArray score(const LanguageModel& model, const py::object& words, const Column& column) {
  std::vector<double> scores;
  each_block(model, words, column, [&](Text text) { model.score(text, scores, signal_poll()); });
  return to_array(std::move(scores));
}

py::tuple symbol_scores(const LanguageModel& model, const py::object& words, const Column& column) {
  SymbolScores scores;
  each_block(model, words, column,
             [&](Text text) { model.score_symbols(text, scores, signal_poll()); });
  return py::make_tuple(to_array(std::move(scores.values)), to_array(std::move(scores.offsets)));
}

// The sum of the words' scores and how many symbols they predict, ends included.
py::tuple loss(const LanguageModel& model, const py::object& words, const Column& column) {
  double sum = 0;
  std::int64_t symbols = 0;
  std::vector<double> scores;
  each_block(model, words, column, [&](Text text) {
    scores.clear();
    model.score(text, scores, signal_poll());
    sum = std::accumulate(scores.begin(), scores.end(), sum);
    symbols += std::count_if(text.bytes.begin(), text.bytes.end(),
                             [](std::uint8_t byte) { return (byte & 0xC0) != 0x80; });
  });
  return py::make_tuple(sum, symbols);
}

FloatArray next(const LanguageModel& model, const py::str& prefix) {
  std::vector<std::uint32_t> ids;
  for (const char32_t symbol : code_points(prefix)) {
    ids.push_back(inner_id(model.alphabet(), symbol));
  }
  return to_array(model.next(ids));
}

}  // namespace

void register_language_model(py::module_& module) {
  py::class_<LanguageModel, std::shared_ptr<LanguageModel>>(module, "LanguageModel")
      .def_property_readonly(
          "alphabet", [](const LanguageModel& self) { return to_str(self.alphabet().symbols()); })
      .def("score", &score, py::arg("words"), py::arg("column") = py::none())
      .def("symbol_scores", &symbol_scores, py::arg("words"), py::arg("column") = py::none())
      .def("loss", &loss, py::arg("words"), py::arg("column") = py::none())
      .def("next", &next, py::arg("prefix"))
      .def(
          "sampler",
          [](const LanguageModel& self, const Truncation& truncation) {
            const py::gil_scoped_release unlocked;
            return std::const_pointer_cast<WordSampler>(self.sampler(truncation, signal_poll()));
          },
          py::arg("truncation"), py::keep_alive<0, 1>());
}

}  // namespace makemore
