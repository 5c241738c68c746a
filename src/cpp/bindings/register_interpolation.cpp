// InterpolatedModel: models mixed with given weights, or with weights learned from words.
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "bindings/weighted_words.hpp"
#include "bindings/words.hpp"
#include "interpolation/interpolated_model.hpp"
#include "interpolation/learned_weights.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

using Models = std::vector<std::shared_ptr<LanguageModel>>;

InterpolatedModel mixed(const Models& models, std::vector<double> weights) {
  return {InterpolatedModel::Models(models.begin(), models.end()), std::move(weights)};
}

// Throws Error that names the word of a position and its symbol, which no model finds possible.
[[noreturn]] void fail_impossible(const Alphabet& alphabet, Text uncut, std::size_t word,
                                  std::size_t place, std::int64_t index) {
  const std::uint8_t* p = uncut.bytes.data();
  for (; word > 0; ++p) word -= *p == kWordEnd;
  const std::uint8_t* end = p;
  while (*end != kWordEnd) ++end;
  const std::string whole(reinterpret_cast<const char*>(p), static_cast<std::size_t>(end - p));
  const std::vector<std::string> symbols = [&] {
    const WithGil gil;
    return symbols_in(alphabet, whole);
  }();
  const std::string what = place == symbols.size() ? "its end" : quoted(symbols[place]);
  const auto& vocabulary = alphabet.vocabulary();
  throw Error("word", index,
              ": " + (vocabulary ? quoted_word(vocabulary->rules(), whole) : quoted(whole)) +
                  " is impossible to every model that has a weight, by " + what);
}

// The weights of models that make words most likely, which may have weights too.
std::vector<double> learn(const InterpolatedModel& model, const py::object& words,
                          const py::object& weights_of_words,
                          const std::optional<std::string>& column) {
  const std::size_t k = model.models().size();
  std::vector<InterpolatedModel> singles;  // each model alone, with the alphabet of all
  for (std::size_t m = 0; m < k; ++m) {
    std::vector<double> weights(k);
    weights[m] = 1;
    singles.emplace_back(InterpolatedModel::Models(model.models().begin(), model.models().end()),
                         weights);
  }
  WeightedPositions positions{k, {}, {}};
  WeightedWords given(words, weights_of_words, model_options(model.alphabet(), column));
  std::int64_t seen = 0;
  while (given.next()) {
    const WithoutGil unlocked;
    const Text text = given.text();
    std::vector<SymbolScores> scores(k);
    for (std::size_t m = 0; m < k; ++m) singles[m].score_symbols(text, scores[m], signal_poll());
    const std::vector<std::int64_t>& offsets = scores[0].offsets;
    for (std::size_t word = 0; word + 1 < offsets.size(); ++word, ++seen) {
      const std::int64_t counts = given.weighted() ? given.weights()[word] : 1;
      if (counts == 0) continue;
      for (std::int64_t at = offsets[word]; at < offsets[word + 1]; ++at) {
        bool possible = false;
        for (std::size_t m = 0; m < k; ++m) {
          const double log = scores[m].values[static_cast<std::size_t>(at)];
          positions.logs.push_back(log);
          possible = possible || (model.weights()[m] > 0 && std::isfinite(log));
        }
        if (!possible) {
          fail_impossible(model.alphabet(), given.source().uncut(), word,
                          static_cast<std::size_t>(at - offsets[word]), seen);
        }
        positions.times.push_back(static_cast<double>(counts));
      }
    }
  }
  const WithoutGil unlocked;
  if (positions.times.empty()) throw Error("there are no dev words to learn the weights from");
  return learned_weights(positions, {model.weights().begin(), model.weights().end()},
                         signal_poll());
}

// A cursor with the model that it walks through.
struct State {
  std::shared_ptr<const LanguageModel> model;
  std::unique_ptr<Cursor> cursor;

  State(std::shared_ptr<const LanguageModel> of, std::unique_ptr<Cursor> at)
      : model(std::move(of)), cursor(std::move(at)) {}
};

std::unique_ptr<State> start(const std::shared_ptr<LanguageModel>& model) {
  return std::make_unique<State>(model, model->cursor());
}

double step(State& self, const py::str& symbol) {
  const Alphabet& alphabet = self.model->alphabet();
  const auto size = PyUnicode_GET_LENGTH(symbol.ptr());
  if (size == 0 || (!alphabet.vocabulary() && size != 1)) {
    throw Error("expected one symbol, got a str of " + std::to_string(size));
  }
  const std::uint32_t id = id_of(alphabet, symbol);
  return self.cursor->step(id == kUnknown ? alphabet.unknown() : id);
}

FloatArray state_probabilities(const State& self) {
  std::vector<double> row(self.model->size());
  self.cursor->probabilities(row);
  return to_array(std::move(row));
}

bool same_place(const State& a, const State& b) {
  if (a.model != b.model) return false;
  std::vector<std::uint32_t> one;
  std::vector<std::uint32_t> other;
  a.cursor->append_key(one);
  b.cursor->append_key(other);
  return one == other;
}

}  // namespace

void register_interpolation(py::module_& module) {
  py::class_<InterpolatedModel, LanguageModel, std::shared_ptr<InterpolatedModel>>(
      module, "InterpolatedModel")
      .def(py::init(&mixed), py::arg("models"), py::arg("weights"))
      .def_property_readonly("weights",
                             [](const InterpolatedModel& self) {
                               return std::vector<double>(self.weights().begin(),
                                                          self.weights().end());
                             })
      .def("learned", &learn, py::arg("words"), py::arg("weights"), py::arg("column"))
      .def(
          "log_likelihood",
          [](const InterpolatedModel& self, const Ngrams& counts) {
            return self.log_likelihood(counts, signal_poll());
          },
          py::arg("counts"), Unlocked());

  py::class_<State>(module, "State")
      .def(py::init(&start), py::arg("model"))
      .def("step", &step, py::arg("symbol"))
      .def("probabilities", &state_probabilities)
      .def("same_place", &same_place, py::arg("other"))
      .def("copy", [](const State& self) {
        return std::make_unique<State>(self.model, self.cursor->clone());
      });
}

}  // namespace makemore
