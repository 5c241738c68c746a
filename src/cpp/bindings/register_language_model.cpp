// LanguageModel: what every model answers.
#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bindings/each_block.hpp"
#include "bindings/loss.hpp"
#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "bindings/weighted_words.hpp"
#include "bindings/words.hpp"
#include "models/language_model.hpp"

namespace makemore {
namespace {

// Divides the scores of the words of a text by how many symbols each predicts.
void divide_by_symbols(Text text, std::span<double> scores) {
  std::size_t word = 0;
  double symbols = 0;
  for (const std::uint8_t byte : text.bytes) {
    symbols += (byte & 0xC0) != 0x80;
    if (byte != kWordEnd) continue;
    scores[word++] /= symbols;
    symbols = 0;
  }
}

// The score of each word, or its mean by symbol, times `scale`. Nulls are an error, left out, or
// have NaN.
FloatArray score(const LanguageModel& model, const py::object& words, const Column& column,
                 const std::string& nulls, bool by_symbol, double scale) {
  WordOptions options = model_options(model.alphabet(), column);
  options.nulls = nulls_of_scores(nulls);
  std::vector<double> scores;
  std::vector<std::int64_t> missing;
  const auto source = open_words(words, options);
  while (source->next()) {
    const std::span<const std::int64_t> skipped = source->skipped();
    if (nulls == "nan") missing.insert(missing.end(), skipped.begin(), skipped.end());
    const WithoutGil unlocked;
    const std::size_t before = scores.size();
    model.score(source->text(), scores, signal_poll());
    const auto fresh = std::span(scores).subspan(before);
    if (by_symbol) divide_by_symbols(source->text(), fresh);
    if (scale != 1) {
      for (double& one : fresh) one *= scale;
    }
  }
  if (missing.empty()) return to_array(std::move(scores));
  std::vector<double> rows;
  rows.reserve(scores.size() + missing.size());
  auto next = scores.begin();
  for (const std::int64_t row : missing) {
    while (static_cast<std::int64_t>(rows.size()) < row) rows.push_back(*next++);
    rows.push_back(std::numeric_limits<double>::quiet_NaN());
  }
  rows.insert(rows.end(), next, scores.end());
  return to_array(std::move(rows));
}

// A word by its number, and the symbol at a place of it: None at the word's end.
py::object first(const Alphabet& alphabet, const Evaluation::First& found,
                 const std::string& word) {
  if (found.word < 0) return py::none();
  const std::vector<std::string> symbols = symbols_in(alphabet, word);
  const auto place = static_cast<std::size_t>(found.place);
  py::object symbol = py::none();
  if (place < symbols.size()) symbol = py::str(symbols[place]);
  return py::make_tuple(found.word, word_object(alphabet, word), symbol);
}

// The word of a number in a text.
std::string word_of(Text text, std::int64_t number) {
  auto begin = text.bytes.begin();
  for (; number > 0; --number) begin = std::find(begin, text.bytes.end(), kWordEnd) + 1;
  return {begin, std::find(begin, text.bytes.end(), kWordEnd)};
}

// All that Evaluation has, in its order.
py::tuple evaluate(const LanguageModel& model, const py::object& words, const py::object& weights,
                   const Column& column, const std::string& nulls) {
  WordOptions options = model_options(model.alphabet(), column);
  options.nulls = word_options(std::nullopt, nulls).nulls;
  Evaluation sums;
  std::string unknown_word;
  std::string impossible_word;
  std::vector<std::int64_t> skipped;  // the nulls before the last word
  WeightedWords given(words, weights, options);
  const auto renumber = [&](Evaluation::First& found) {
    for (const std::int64_t null : skipped) found.word += null <= found.word;
  };
  while (given.next()) {
    const std::span<const std::int64_t> nulls_here = given.source().skipped();
    skipped.insert(skipped.end(), nulls_here.begin(), nulls_here.end());
    const WithoutGil unlocked;
    const Text text = given.text();
    const std::int64_t before = sums.seen;
    const bool had_unknown = sums.unknown.word >= 0;
    const bool had_impossible = sums.impossible.word >= 0;
    model.evaluate(text, given.weights(), sums, signal_poll());
    if (!had_unknown && sums.unknown.word >= 0) {
      unknown_word = word_of(given.source().uncut(), sums.unknown.word - before);
      renumber(sums.unknown);
    }
    if (!had_impossible && sums.impossible.word >= 0) {
      impossible_word = word_of(given.source().uncut(), sums.impossible.word - before);
      renumber(sums.impossible);
    }
  }
  const auto pair = [](const LikelihoodSum& sum) {
    return py::make_tuple(sum.logs, std::int64_t{sum.symbols});
  };
  return py::make_tuple(std::int64_t{sums.words}, pair(sums.all), pair(sums.possible),
                        pair(sums.known), std::int64_t{sums.unknown_symbols},
                        std::int64_t{sums.unknown_words}, std::int64_t{sums.impossible_words},
                        first(model.alphabet(), sums.unknown, unknown_word),
                        first(model.alphabet(), sums.impossible, impossible_word));
}

py::tuple symbol_scores(const LanguageModel& model, const py::object& words, const Column& column) {
  SymbolScores scores;
  each_block(model, words, column,
             [&](Text text) { model.score_symbols(text, scores, signal_poll()); });
  return py::make_tuple(to_array(std::move(scores.values)), to_array(std::move(scores.offsets)));
}

py::tuple weighted_loss(const LanguageModel& model, const py::object& words,
                        const py::object& weights, const Column& column) {
  WeightedWords given(words, weights, model_options(model.alphabet(), column));
  Evaluation sums;
  while (given.next()) {
    const WithoutGil unlocked;
    model.evaluate(given.text(), given.weights(), sums, signal_poll());
  }
  return py::make_tuple(sums.all.logs, std::int64_t{sums.all.symbols});
}

}  // namespace

py::tuple loss_by_scores(const LanguageModel& model, const py::object& words,
                         const py::object& weights, const Column& column) {
  if (!weights.is_none()) return weighted_loss(model, words, weights, column);
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

namespace {

FloatArray next(const LanguageModel& model, const py::object& prefix) {
  const Alphabet& alphabet = model.alphabet();
  std::vector<std::uint32_t> ids;
  if (alphabet.vocabulary()) {
    for (const std::string& token : symbols_of_part(alphabet, prefix, "prefix=")) {
      const std::uint32_t id = id_of(alphabet, py::str(token));
      ids.push_back(id == 0 || id == kUnknown ? alphabet.unknown() : id);
    }
  } else {
    for (const char32_t symbol : code_points(prefix.cast<py::str>())) {
      ids.push_back(inner_id(alphabet, symbol));
    }
  }
  return to_array(model.next(ids));
}

}  // namespace

void register_language_model(py::module_& module) {
  py::class_<LanguageModel, std::shared_ptr<LanguageModel>>(module, "LanguageModel")
      .def_property_readonly("alphabet",
                             [](const LanguageModel& self) { return symbols_of(self.alphabet()); })
      .def_property_readonly("numbering", [](const LanguageModel& self) { return self.alphabet(); })
      // The symbols of a part of a word.
      .def(
          "symbols_of_part",
          [](const LanguageModel& self, const py::object& part, const std::string& name) {
            return symbols_of_part(self.alphabet(), part, name.c_str());
          },
          py::arg("part"), py::arg("name"))
      .def("score", &score, py::arg("words"), py::arg("column") = py::none(),
           py::arg("nulls") = "raise", py::arg("by_symbol") = false, py::arg("scale") = 1.0)
      .def("evaluate", &evaluate, py::arg("words"), py::arg("weights") = py::none(),
           py::arg("column") = py::none(), py::arg("nulls") = "raise")
      .def("symbol_scores", &symbol_scores, py::arg("words"), py::arg("column") = py::none())
      .def("loss", &loss_by_scores, py::arg("words"), py::arg("weights") = py::none(),
           py::arg("column") = py::none())
      .def("next", &next, py::arg("prefix"))
      .def(
          "sampler",
          [](const LanguageModel& self, const Truncation& truncation) {
            const WithoutGil unlocked;
            return std::const_pointer_cast<WordSampler>(self.sampler(truncation, signal_poll()));
          },
          py::arg("truncation"), py::keep_alive<0, 1>());
}

}  // namespace makemore
