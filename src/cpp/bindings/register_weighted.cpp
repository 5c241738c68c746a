// WeightedCounter: words and weights, or lines that hold both, in; counts out.
#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "bindings/weights.hpp"
#include "bindings/words.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/weighted_text_count.hpp"

namespace makemore {
namespace {

WeightedLineCounter make_weighted(const py::str& boundary, const std::optional<py::str>& alphabet,
                                  unsigned order, bool skip_blank) {
  return {NgramCounter(counter_options(boundary, alphabet, false, false), order), skip_blank};
}

// Where both tell how many they are, before anything is counted.
void check_lengths(py::handle words, py::handle weights) {
  if (!py::hasattr(words, "__len__") || !py::hasattr(weights, "__len__")) return;
  const std::size_t n = py::len(words);
  const std::size_t m = py::len(weights);
  if (n != m) {
    throw Error("got " + std::to_string(m) + " weights for " + std::to_string(n) + " words");
  }
}

void add_words(WeightedLineCounter& self, const py::object& words, const py::object& weights,
               const std::optional<std::string>& column, const std::string& nulls,
               const std::u32string& meant) {
  const WordOptions options = word_options(column, nulls, meant);
  std::unique_ptr<WordSource> source;
  std::unique_ptr<WeightSource> weighing;
  if (py::isinstance<py::str>(weights)) {
    auto table = open_table(words, options, weights.cast<std::string>());
    weighing = weights_of(*table);
    source = std::move(table);
  } else {
    source = open_words(words, options);
    weighing = open_weights(weights);
    check_lengths(words, weights);
  }
  while (source->next()) {
    const std::span<const std::int64_t> now = weighing->next(*source);
    try {
      const py::gil_scoped_release unlocked;
      self.counter().add(source->text(), now);
    } catch (const Error& error) {
      throw source->renumbered(error);
    }
  }
  weighing->end(source->end());
}

// The weights as numbers, by the rules of counting.
CountArray whole_weights(const py::object& weights) {
  std::vector<std::int64_t> numbers = open_weights(weights)->rest();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] < 0) {
      throw Error("word", static_cast<std::int64_t>(i),
                  ": the weight " + std::to_string(numbers[i]) + " is negative");
    }
  }
  return to_array(std::move(numbers));
}

}  // namespace

void register_weighted(py::module_& module) {
  module.def("whole_weights", &whole_weights, py::arg("weights"));
  py::class_<WeightedLineCounter>(module, "WeightedCounter")
      .def(py::init(&make_weighted), py::arg("boundary"), py::arg("alphabet"), py::arg("order"),
           py::arg("skip_blank"))
      .def("add_words", &add_words, py::arg("words"), py::arg("weights"),
           py::arg("column") = py::none(), py::arg("nulls") = "raise", py::arg("meant") = "")
      .def("add_bytes", &add_bytes<WeightedLineCounter>, py::arg("buffer"))
      .def("end_text", &WeightedLineCounter::end_text, Unlocked())
      .def("counts", &WeightedLineCounter::counts, Unlocked());
}

}  // namespace makemore
