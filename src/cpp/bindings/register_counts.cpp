// Ngrams: counts of any order, as they are read, added and written. RestoredCounts: those of files
// and pickles, taken cell by cell and checked.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/sort_by_key.hpp"
#include "bindings/copied.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "counts/bigrams.hpp"
#include "counts/csv.hpp"
#include "counts/encoded.hpp"
#include "counts/following.hpp"
#include "counts/information.hpp"
#include "counts/merged.hpp"
#include "counts/multiplied.hpp"
#include "counts/ngrams.hpp"
#include "counts/restored_counts.hpp"

namespace makemore {
namespace {

std::vector<std::uint32_t> symbol_numbers(const Ngrams& counts, const py::args& symbols) {
  auto ids = symbols.cast<std::vector<std::uint32_t>>();
  for (const std::uint32_t id : ids) {
    if (id >= counts.alphabet().size()) throw Error("an id lies outside the alphabet");
  }
  return ids;
}

std::int64_t at(const Ngrams& counts, const py::args& symbols) {
  const auto ids = symbol_numbers(counts, symbols);
  if (ids.size() != counts.order()) throw Error("expected as many ids as the order");
  return counts.at(ids);
}

struct Cells {
  Buffer<std::uint32_t> ids;  // `order` for each count
  Buffer<std::int64_t> counts;
};

// `cells`, or those with the highest counts; id(cell, i) is a cell's i-th symbol.
template <class Items, class IdOf>
Cells listed(Items cells, unsigned order, bool by_count, std::size_t most, IdOf&& id,
             const Poll& poll) {
  if (by_count) {
    const auto rarity = [](const auto& cell) { return ~static_cast<std::uint64_t>(cell.count); };
    sort_by_key(cells, 64, rarity, poll);
  }
  cells.resize(std::min(most, cells.size()));
  Cells list;
  list.ids.resize(cells.size() * order);
  list.counts.resize(cells.size());
  Pace pace(poll);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (unsigned j = 0; j < order; ++j) list.ids[i * order + j] = id(cells[i], j);
    list.counts[i] = cells[i].count;
    pace.step(order);
  }
  return list;
}

// The n-grams in the order of their ids, first symbol first; or the most frequent, those of one
// count in that order.
Cells list_cells(const Ngrams& counts, bool by_count, std::size_t most, const Poll& poll) {
  if (counts.order() == 2) {  // which takes half the memory
    return listed(
        bigram_rows(counts, poll), 2, by_count, most,
        [](const Bigram& bigram, unsigned i) { return i == 0 ? bigram.first : bigram.second; },
        poll);
  }
  return listed(
      forward_items(counts, poll), counts.order(), by_count, most,
      [layout = counts.layout()](const Ngrams::Item& item, unsigned i) {
        return layout.symbol(item.key, i);
      },
      poll);
}

// The same as an array of (m, order) ids and one of m counts.
py::tuple cells(const Ngrams& counts, bool by_count, std::size_t most) {
  Cells list;
  {
    const WithoutGil unlocked;
    list = list_cells(counts, by_count, most, signal_poll());
  }
  const auto m = static_cast<py::ssize_t>(list.counts.size());
  return py::make_tuple(
      to_array(std::move(list.ids), {m, static_cast<py::ssize_t>(counts.order())}),
      to_array(std::move(list.counts)));
}

// Calls write(bytes) with one part of the text after another: of all cells, or of the most
// frequent.
void write_table(const Ngrams& counts, char separator, const std::optional<std::size_t>& most,
                 const py::function& write) {
  const WithoutGil unlocked;
  const Poll poll = signal_poll();
  const Cells list = list_cells(counts, most.has_value(), most.value_or(SIZE_MAX), poll);
  const auto sink = [&](std::string_view text) {
    const WithGil gil;
    write(py::bytes(text));
  };
  write_csv(counts.alphabet(), counts.order(), list.ids, list.counts, separator, sink, poll);
}

CountArray row(const Ngrams& counts, const py::args& context) {
  const auto ids = symbol_numbers(counts, context);
  std::vector<std::int64_t> values;
  {
    const WithoutGil unlocked;
    values = following(counts, ids, signal_poll());
  }
  return to_array(std::move(values));
}

FloatArray information(const Ngrams& counts) {
  Buffer<double> values;
  {
    const WithoutGil unlocked;
    values = mutual_information(counts, signal_poll());
  }
  return to_array(std::move(values));
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
    const WithoutGil unlocked;
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

Ngrams over_alphabet(const Ngrams& counts, const py::object& symbols, bool unknown) {
  Alphabet alphabet = counts.alphabet();
  if (py::isinstance<Alphabet>(symbols)) {
    alphabet = symbols.cast<const Alphabet&>();
  } else if (!symbols.is_none()) {
    alphabet = make_alphabet(to_str(alphabet.symbols().first(1)), symbols.cast<py::str>());
  }
  if (unknown) alphabet = with_unknown(alphabet);
  const WithoutGil unlocked;
  return in_alphabet(counts, alphabet, signal_poll());
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

Ngrams merged_ngrams(const py::sequence& parts) {
  std::vector<const Ngrams*> all;
  std::vector<py::object> held;  // a list can be changed by others meanwhile
  for (const auto& part : parts) {
    held.push_back(py::reinterpret_borrow<py::object>(part));
    all.push_back(&part.cast<const Ngrams&>());
  }
  if (all.empty()) throw Error("there are no counts to merge");
  const WithoutGil unlocked;
  return merged(all, signal_poll());
}

// As an array of bytes, which nobody changes.
py::array_t<std::uint8_t> encoded_ngrams(const Ngrams& counts) {
  Buffer<std::uint8_t> bytes;
  {
    const WithoutGil unlocked;
    bytes = encoded(counts, signal_poll());
  }
  auto array = to_array(std::move(bytes));
  set_read_only(array);
  return array;
}

Ngrams decoded_ngrams(const py::buffer& buffer, bool of_words) {
  const HeldBytes bytes(buffer);
  const WithoutGil unlocked;
  return decoded(bytes, of_words ? Checked::kWords : Checked::kForm, signal_poll());
}

std::size_t memory_of(const Ngrams& counts) {
  return sizeof(Ngrams) + counts.items().capacity() * sizeof(Ngrams::Item) +
         counts.alphabet().memory();
}

std::size_t symbols_of_all(const std::vector<const Ngrams*>& parts) {
  std::vector<const Alphabet*> alphabets;
  for (const Ngrams* const part : parts) alphabets.push_back(&part->alphabet());
  return united_size(alphabets);
}

RestoredCounts make_restored(const py::object& symbols, std::size_t order) {
  return {kept_alphabet(symbols), order};
}

void add(RestoredCounts& self, const py::object& ids, const py::object& counts) {
  const std::vector<std::uint32_t> rows = copied<std::uint32_t>(ids, 2, "the ids");
  const std::vector<std::int64_t> values = copied<std::int64_t>(counts, 1, "the counts");
  const WithoutGil unlocked;
  self.add(rows, values, signal_poll());
}

}  // namespace

void register_counts(py::module_& module) {
  py::class_<Ngrams>(module, "Ngrams")
      .def_property_readonly("alphabet",
                             [](const Ngrams& self) { return symbols_of(self.alphabet()); })
      .def_property_readonly("numbering", [](const Ngrams& self) { return self.alphabet(); })
      .def(
          "id",
          [](const Ngrams& self, const py::str& symbol) {
            return static_cast<std::int32_t>(id_of(self.alphabet(), symbol));
          },
          py::arg("symbol"))
      .def_property_readonly("order", &Ngrams::order)
      .def_property_readonly("words", &Ngrams::words)
      .def_property_readonly("total", &Ngrams::total)
      .def("at", &at)
      .def("cells", [](const Ngrams& self) { return cells(self, false, SIZE_MAX); })
      .def(
          "most_common",
          [](const Ngrams& self, std::size_t most) { return cells(self, true, most); },
          py::arg("most"))
      .def("__len__", [](const Ngrams& self) { return self.items().size(); })
      .def("row", &row)
      .def(
          "entropy", [](const Ngrams& self) { return conditional_entropy(self, signal_poll()); },
          Unlocked())
      .def("mutual_information", &information)
      .def("write_csv", &write_table, py::arg("separator"), py::arg("most"), py::arg("write"))
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
      .def(
          "subtracted",
          [](const Ngrams& self, const Ngrams& less) {
            return subtracted(self, less, signal_poll());
          },
          py::arg("less"), Unlocked())
      .def("encoded", &encoded_ngrams)
      .def_property_readonly("nbytes", &memory_of)
      // Over an Alphabet, a str of symbols, or by None the same, with the unknown symbol if it is
      // wanted.
      .def("in_alphabet", &over_alphabet, py::arg("symbols"), py::arg("unknown"))
      .def("__eq__", &equal_ngrams, py::is_operator(), Unlocked());
  module.def("merged", &merged_ngrams, py::arg("parts"));
  module.def("decoded", &decoded_ngrams, py::arg("buffer"), py::arg("of_words"));
  module.def("symbols_of_all", &symbols_of_all, py::arg("parts"), Unlocked());
  module.def("highest_order", &highest_order, py::arg("symbols"));

  py::class_<RestoredCounts>(module, "RestoredCounts")
      .def(py::init(&make_restored), py::arg("symbols"), py::arg("order"))
      .def("add", &add, py::arg("ids"), py::arg("counts"))
      // Takes what was added away.
      .def(
          "finish", [](RestoredCounts& self) { return std::move(self).finish(signal_poll()); },
          Unlocked());
}

}  // namespace makemore
