// BigramCounter: words or bytes in, counts out.
#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "bindings/words.hpp"
#include "counting/bigram_counter.hpp"

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

}  // namespace

void register_counting(py::module_& module) {
  py::class_<BigramCounter>(module, "BigramCounter")
      .def(py::init(&make_counter), py::arg("boundary"), py::arg("alphabet"), py::arg("lines"),
           py::arg("skip_blank"))
      .def("add_words", &add_words, py::arg("words"), py::arg("column") = py::none(),
           py::arg("nulls") = "raise", py::arg("meant") = "")
      .def("add_bytes", &add_bytes<BigramCounter>, py::arg("buffer"))
      .def("end_text", &BigramCounter::end_text, Unlocked())
      .def("counts", &BigramCounter::counts, Unlocked());
}

}  // namespace makemore
