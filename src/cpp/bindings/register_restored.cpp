// RestoredCounts: counts of files and pickles, taken cell by cell and checked.
#include <variant>

#include "bindings/copied.hpp"
#include "bindings/register.hpp"
#include "counts/restored_counts.hpp"

namespace makemore {
namespace {

RestoredCounts make_restored(const py::object& symbols, std::size_t order) {
  const std::vector<std::uint32_t> numbers = copied<std::uint32_t>(symbols, 1, "the alphabet");
  return {ordered_alphabet(std::vector<char32_t>(numbers.begin(), numbers.end())), order};
}

void add(RestoredCounts& self, const py::object& ids, const py::object& counts) {
  const std::vector<std::uint32_t> rows = copied<std::uint32_t>(ids, 2, "the ids");
  const std::vector<std::int64_t> values = copied<std::int64_t>(counts, 1, "the counts");
  const py::gil_scoped_release unlocked;
  self.add(rows, values, signal_poll());
}

// Takes what was added away from `self`.
std::variant<Bigrams, Ngrams> finish(RestoredCounts& self) {
  const py::gil_scoped_release unlocked;
  Ngrams counts = std::move(self).finish(signal_poll());
  if (counts.order() == 2) return to_bigrams(counts, signal_poll());
  return counts;
}

}  // namespace

void register_restored(py::module_& module) {
  py::class_<RestoredCounts>(module, "RestoredCounts")
      .def(py::init(&make_restored), py::arg("symbols"), py::arg("order"))
      .def("add", &add, py::arg("ids"), py::arg("counts"))
      .def("finish", &finish);
}

}  // namespace makemore
