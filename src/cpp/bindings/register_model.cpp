// BigramModel: its probabilities, and the likelihood of counts.
#include <limits>

#include "backoff/ngram_model.hpp"
#include "base/error.hpp"
#include "bigram/bigram_model.hpp"
#include "bindings/copied.hpp"
#include "bindings/counting.hpp"
#include "bindings/loss.hpp"
#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "bindings/words.hpp"
#include "counting/bigram_counter.hpp"

namespace makemore {
namespace {

// V x V, read-only; the array keeps the model alive and looks into it.
FloatArray probabilities(const py::object& self) {
  const auto& model = self.cast<const BigramModel&>();
  const auto side = static_cast<py::ssize_t>(model.size());
  FloatArray array({side, side}, model.probabilities().data(), self);
  set_read_only(array);
  return array;
}

BigramModel make_model(const Ngrams& counts, double smoothing) {
  const WithoutGil unlocked;
  return {counts, smoothing, signal_poll()};
}

// Of rows as they are given, a float64 array of V x V.
BigramModel make_given(const py::object& symbols, const py::object& rows) {
  Alphabet alphabet = kept_alphabet(symbols);
  std::vector<double> probabilities = copied<double>(rows, 2, "the probabilities");
  const WithoutGil unlocked;
  return {std::move(alphabet), std::move(probabilities), signal_poll()};
}

NgramModel as_ngrams(const BigramModel& model) {
  const WithoutGil unlocked;
  return {model.alphabet(), of_rows(model.probabilities(), model.size(), signal_poll())};
}

double bigram_log_likelihood(const BigramModel& model, const Ngrams& counts) {
  const WithoutGil unlocked;
  return model.log_likelihood(counts, signal_poll());
}

// The sum of the words' scores and how many symbols they predict, ends included. Counting is
// faster than scoring, and all that the sum needs.
py::tuple bigram_loss(const BigramModel& model, const py::object& words, const py::object& weights,
                      const Column& column) {
  // The boundary inside a word, which cannot be counted, has the share of an unknown symbol.
  // Tokens are cut for the model's vocabulary.
  if (!weights.is_none() || model.alphabet().unknown() != makemore::kUnknown ||
      model.alphabet().vocabulary()) {
    return loss_by_scores(model, words, weights, column);
  }
  CountOptions options;
  options.boundary = model.alphabet().boundary();
  BigramCounter counter(std::move(options));
  bool impossible = false;  // a word holds the boundary, so the counter is of no more use
  const auto source = open_words(words, model_options(model.alphabet(), column));
  for (;;) {
    // Whether all other words are words is still to be seen.
    if (impossible) {
      if (!source->next()) break;
      continue;
    }
    const auto block = source->next_block();
    if (!block) break;
    try {
      const WithoutGil unlocked;
      const std::size_t left =
          std::visit([&](const auto& some) { return add_block(counter, some); }, *block);
      source->give_back(static_cast<std::int64_t>(left));
    } catch (const Error&) {
      impossible = true;
    }
  }
  if (impossible) return py::make_tuple(-std::numeric_limits<double>::infinity(), 1);
  double sum = 0;
  std::int64_t symbols = 0;
  {
    const WithoutGil unlocked;
    const Ngrams counts = counter.counts();
    sum = model.log_likelihood(counts, signal_poll());
    symbols = counts.total();
  }
  return py::make_tuple(sum, symbols);
}

}  // namespace

void register_model(py::module_& module) {
  py::class_<BigramModel, LanguageModel, std::shared_ptr<BigramModel>>(module, "BigramModel")
      .def(py::init(&make_model), py::arg("counts"), py::arg("smoothing"))
      .def_static("given", &make_given, py::arg("symbols"), py::arg("rows"))
      .def("as_ngrams", &as_ngrams)
      .def("probabilities", &probabilities)
      .def("loss", &bigram_loss, py::arg("words"), py::arg("weights") = py::none(),
           py::arg("column") = py::none())
      .def("log_likelihood", &bigram_log_likelihood, py::arg("counts"));
}

}  // namespace makemore
