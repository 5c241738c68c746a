// WeightedCounter: words and weights, or lines that hold both, in; Bigrams out.
#include "bindings/register.hpp"
#include "bindings/weights.hpp"
#include "bindings/words.hpp"
#include "core/error.hpp"
#include "core/weighted_counter.hpp"
#include "core/weighted_lines.hpp"

namespace makemore {
namespace {

// A counter, and what makes words of lines for it.
struct Weighted {
  WeightedCounter counter;
  WeightedLines lines;
};

Weighted make_weighted(const py::str& boundary, const std::optional<py::str>& alphabet,
                       bool skip_blank) {
  WeightedCounter::Options options;
  options.boundary = make_alphabet(boundary, py::str()).boundary();
  if (alphabet) options.alphabet = make_alphabet(boundary, *alphabet);
  return {WeightedCounter(std::move(options)), WeightedLines(skip_blank)};
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

void add_words(Weighted& self, const py::object& words, const py::object& weights,
               const std::optional<std::string>& column, const std::string& nulls) {
  const auto source = open_words(words, word_options(column, nulls));
  const auto weighing = open_weights(weights);
  check_lengths(words, weights);
  while (source->next()) {
    const std::span<const std::int64_t> now = weighing->next(*source);
    try {
      const py::gil_scoped_release unlocked;
      self.counter.add(source->text(), now);
    } catch (const Error& error) {
      throw source->renumbered(error);
    }
  }
  weighing->end(source->end());
}

void count_taken(Weighted& self) {
  try {
    self.counter.add(self.lines.text(), self.lines.weights());
  } catch (const Error& error) {
    throw self.lines.located(error);
  }
  self.lines.check();
}

void add_lines(Weighted& self, const py::buffer& buffer) {
  const py::buffer_info info = buffer.request();
  if (info.ndim != 1 || info.itemsize != 1 || (info.size > 1 && info.strides[0] != 1)) {
    throw py::type_error("expected a contiguous buffer of bytes");
  }
  const Bytes bytes{static_cast<const std::uint8_t*>(info.ptr),
                    static_cast<std::size_t>(info.size)};
  const py::gil_scoped_release unlocked;
  self.lines.take(bytes);
  count_taken(self);
}

void end_text(Weighted& self) {
  const py::gil_scoped_release unlocked;
  self.lines.end_text();
  count_taken(self);
}

}  // namespace

void register_weighted(py::module_& module) {
  py::class_<Weighted>(module, "WeightedCounter")
      .def(py::init(&make_weighted), py::arg("boundary"), py::arg("alphabet"),
           py::arg("skip_blank"))
      .def("add_words", &add_words, py::arg("words"), py::arg("weights"),
           py::arg("column") = py::none(), py::arg("nulls") = "raise")
      .def("add_lines", &add_lines, py::arg("buffer"))
      .def("end_text", &end_text)
      .def("bigrams", [](const Weighted& self) { return self.counter.bigrams(); });
}

}  // namespace makemore
