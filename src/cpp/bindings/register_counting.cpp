// BigramCounter (words or bytes in) and Bigrams (counts out).
#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "bindings/words.hpp"
#include "counting/bigram_counter.hpp"
#include "counts/bigrams.hpp"
#include "counts/ngrams.hpp"

namespace makemore {
namespace {

BigramCounter make_counter(const py::str& boundary, const std::optional<py::str>& alphabet,
                           bool lines, bool skip_blank) {
  return BigramCounter(counter_options(boundary, alphabet, lines, skip_blank));
}

void add_words(BigramCounter& counter, const py::object& words,
               const std::optional<std::string>& column, const std::string& nulls,
               const std::u32string& meant) {
  const auto source = open_words(words, word_options(column, nulls, meant));
  while (const auto block = source->next_block()) {
    try {
      const py::gil_scoped_release unlocked;
      const std::size_t left =
          std::visit([&](const auto& some) { return add_block(counter, some); }, *block);
      source->give_back(static_cast<std::int64_t>(left));
    } catch (const Error& error) {
      throw source->renumbered(error);
    }
  }
}

std::uint32_t id_at(const Cell& cell, std::size_t i) { return i == 0 ? cell.first : cell.second; }

py::tuple cells_of(const Bigrams& counts) {
  return cell_arrays(counts.cells(), 2, counts.cells().size(), id_at);
}

py::tuple most_common(const Bigrams& counts, std::size_t most) {
  std::vector<Cell> cells;
  {
    const py::gil_scoped_release unlocked;
    cells = counts.cells();
    sort_by_count(cells);
  }
  return cell_arrays(cells, 2, most, id_at);
}

CountArray dense(const Bigrams& counts) {
  const std::size_t v = counts.alphabet().size();
  return dense_array(counts.cells(), 2, v,
                     [v](const Cell& cell) { return cell.first * v + cell.second; });
}

}  // namespace

void register_counting(py::module_& module) {
  py::class_<Bigrams>(module, "Bigrams")
      .def_property_readonly("alphabet",
                             [](const Bigrams& self) { return to_str(self.alphabet().symbols()); })
      .def_property_readonly("order", [](const Bigrams&) { return 2; })
      .def_property_readonly("words", &Bigrams::words)
      .def_property_readonly("total", &Bigrams::total)
      .def("at", &Bigrams::at, py::arg("first"), py::arg("second"))
      .def("ngrams", [](const Bigrams& self) { return to_ngrams(self, signal_poll()); }, Unlocked())
      .def("cells", &cells_of)
      .def("most_common", &most_common, py::arg("most"))
      .def("dense", &dense)
      .def("added",
           [](const Bigrams& self, const Bigrams& other) {
             return added(self, other, signal_poll());
           },
           py::arg("other"), Unlocked())
      .def("__eq__",
           [](const Bigrams& self, const Bigrams& other) {
             return self.alphabet() == other.alphabet() && equal(self.cells(), other.cells());
           },
           py::is_operator(), Unlocked());

  py::class_<BigramCounter>(module, "BigramCounter")
      .def(py::init(&make_counter), py::arg("boundary"), py::arg("alphabet"), py::arg("lines"),
           py::arg("skip_blank"))
      .def("add_words", &add_words, py::arg("words"), py::arg("column") = py::none(),
           py::arg("nulls") = "raise", py::arg("meant") = "")
      .def("add_bytes", &add_bytes<BigramCounter>, py::arg("buffer"))
      .def("end_text", &BigramCounter::end_text, Unlocked())
      .def("counts", &BigramCounter::bigrams, Unlocked());
}

}  // namespace makemore
