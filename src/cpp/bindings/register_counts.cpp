// Ngrams: counts of any order, as they are read and added. RestoredCounts: those of files and
// pickles, taken cell by cell and checked.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/error.hpp"
#include "base/sort_by_key.hpp"
#include "bindings/copied.hpp"
#include "bindings/register.hpp"
#include "counts/bigrams.hpp"
#include "counts/multiplied.hpp"
#include "counts/ngrams.hpp"
#include "counts/restored_counts.hpp"

namespace makemore {
namespace {

std::int64_t at(const Ngrams& counts, const py::args& symbols) {
  const auto ids = symbols.cast<std::vector<std::uint32_t>>();
  if (ids.size() != counts.order()) throw Error("expected as many ids as the order");
  for (const std::uint32_t id : ids) {
    if (id >= counts.alphabet().size()) throw Error("an id lies outside the alphabet");
  }
  return counts.at(ids);
}

// The cells of make(poll), or those with the highest counts, as an array of (m, order) ids and
// one of m counts; id(cell, i) is a cell's i-th symbol.
template <class Make, class IdOf>
py::tuple arrays(unsigned order, bool by_count, std::size_t most, Make&& make, IdOf&& id) {
  Buffer<std::uint32_t> ids;
  Buffer<std::int64_t> values;
  {
    const py::gil_scoped_release unlocked;
    const Poll poll = signal_poll();
    auto cells = make(poll);
    if (by_count) {
      const auto rarity = [](const auto& cell) { return ~static_cast<std::uint64_t>(cell.count); };
      sort_by_key(cells, 64, rarity, poll);
    }
    cells.resize(std::min(most, cells.size()));
    ids.resize(cells.size() * order);
    values.resize(cells.size());
    Pace pace(poll);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      for (unsigned j = 0; j < order; ++j) ids[i * order + j] = id(cells[i], j);
      values[i] = cells[i].count;
      pace.step(order);
    }
  }
  const auto m = static_cast<py::ssize_t>(values.size());
  return py::make_tuple(to_array(std::move(ids), {m, static_cast<py::ssize_t>(order)}),
                        to_array(std::move(values)));
}

// The n-grams in the order of their ids, first symbol first; or the most frequent, those of one
// count in that order.
py::tuple cells(const Ngrams& counts, bool by_count, std::size_t most) {
  if (counts.order() == 2) {  // which takes half the memory
    return arrays(
        2, by_count, most, [&](const Poll& poll) { return bigram_rows(counts, poll); },
        [](const Bigram& bigram, unsigned i) { return i == 0 ? bigram.first : bigram.second; });
  }
  return arrays(
      counts.order(), by_count, most, [&](const Poll& poll) { return forward_items(counts, poll); },
      [layout = counts.layout()](const Ngrams::Item& item, unsigned i) {
        return layout.symbol(item.key, i);
      });
}

// The tensor of V^n counts; the caller has seen that it fits memory. Its zeros cost nothing until
// they are looked at.
CountArray dense(const Ngrams& counts) {
  const std::size_t v = counts.alphabet().size();
  const std::vector<py::ssize_t> shape(counts.order(), static_cast<py::ssize_t>(v));
  const py::object zeros = py::module_::import("numpy").attr("zeros");
  auto array = zeros(shape, py::dtype::of<std::int64_t>()).cast<CountArray>();
  {
    std::int64_t* const values = array.mutable_data();
    const py::gil_scoped_release unlocked;
    const Poll poll = signal_poll();
    Pace pace(poll);
    const auto put = [&](std::size_t place, std::int64_t count) {
      values[place] = count;
      pace.step(100);  // may be the first look at a page
    };
    const KeyLayout layout = counts.layout();
    const auto place = [&](auto key) {
      std::size_t at = 0;
      for (unsigned back = layout.order; back-- > 0;) at = at * v + layout.symbol(key, back);
      return at;
    };
    if (counts.order() == 2 && v > 512) {  // as they lie in memory: pages come one after another
      for (const auto& [first, second, count] : bigram_rows(counts, poll)) {
        put(first * v + second, count);
      }
    } else if (layout.size() <= 64) {  // which is faster
      for (const auto& [key, count] : counts.items()) {
        put(place(static_cast<std::uint64_t>(key)), count);
      }
    } else {
      for (const auto& [key, count] : counts.items()) put(place(key), count);
    }
  }
  set_read_only(array);
  return array;
}

bool equal_ngrams(const Ngrams& a, const Ngrams& b) {
  if (a.order() != b.order() || !(a.alphabet() == b.alphabet())) return false;
  if (a.items().size() != b.items().size()) return false;
  const Poll poll = signal_poll();
  Pace pace(poll);
  return std::equal(a.items().begin(), a.items().end(), b.items().begin(),
                    [&](const Ngrams::Item& one, const Ngrams::Item& other) {
                      pace.step();
                      return one == other;
                    });
}

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

}  // namespace

void register_counts(py::module_& module) {
  py::class_<Ngrams>(module, "Ngrams")
      .def_property_readonly("alphabet",
                             [](const Ngrams& self) { return to_str(self.alphabet().symbols()); })
      .def_property_readonly("order", &Ngrams::order)
      .def_property_readonly("words", &Ngrams::words)
      .def_property_readonly("total", &Ngrams::total)
      .def("at", &at)
      .def("cells", [](const Ngrams& self) { return cells(self, false, SIZE_MAX); })
      .def(
          "most_common",
          [](const Ngrams& self, std::size_t most) { return cells(self, true, most); },
          py::arg("most"))
      .def("dense", &dense)
      .def(
          "lowered",
          [](const Ngrams& self, unsigned order) { return lowered(self, order, signal_poll()); },
          py::arg("order"), Unlocked())
      .def(
          "multiplied",
          [](const Ngrams& self, std::int64_t times) {
            return multiplied(self, times, signal_poll());
          },
          py::arg("times"), Unlocked())
      .def(
          "added",
          [](const Ngrams& self, const Ngrams& other) { return added(self, other, signal_poll()); },
          py::arg("other"), Unlocked())
      .def("__eq__", &equal_ngrams, py::is_operator(), Unlocked());

  py::class_<RestoredCounts>(module, "RestoredCounts")
      .def(py::init(&make_restored), py::arg("symbols"), py::arg("order"))
      .def("add", &add, py::arg("ids"), py::arg("counts"))
      // Takes what was added away.
      .def(
          "finish", [](RestoredCounts& self) { return std::move(self).finish(signal_poll()); },
          Unlocked());
}

}  // namespace makemore
