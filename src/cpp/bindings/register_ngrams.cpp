// NgramCounter (words or bytes in), Ngrams (counts of order n) and NgramModel.
#include <array>
#include <algorithm>
#include <cmath>

#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "bindings/words.hpp"
#include "core/error.hpp"
#include "core/ngram_counter.hpp"
#include "core/ngram_model.hpp"
#include "core/ngrams.hpp"

namespace makemore {
namespace {

using DiscountList = std::vector<std::array<double, 3>>;

NgramCounter make_counter(const py::str& boundary, const std::optional<py::str>& alphabet,
                          unsigned order, bool lines, bool skip_blank) {
  return {counter_options(boundary, alphabet, lines, skip_blank), order};
}

void add_words(NgramCounter& counter, const py::object& words,
               const std::optional<std::string>& column, const std::string& nulls) {
  const auto source = open_words(words, word_options(column, nulls));
  while (source->next()) {
    try {
      const py::gil_scoped_release unlocked;
      counter.add(source->text().bytes);
    } catch (const Error& error) {
      throw source->renumbered(error);
    }
  }
}

Ngrams make_ngrams(const py::str& boundary, const py::str& others, unsigned order,
                   const SymbolIdArray& ids, const CountArray& counts) {
  Ngrams empty(make_alphabet(boundary, others), order);
  if (ids.ndim() != 2 || counts.ndim() != 1 || ids.shape(0) != counts.shape(0) ||
      ids.shape(1) != static_cast<py::ssize_t>(order)) {
    throw Error("the n-grams must be an array of (m, order) ids and one of m counts");
  }
  std::vector<Ngrams::Item> items(static_cast<std::size_t>(counts.size()));
  std::vector<std::uint32_t> gram(order);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto row = static_cast<py::ssize_t>(i);
    for (std::size_t j = 0; j < order; ++j) {
      gram[j] = ids.at(row, static_cast<py::ssize_t>(j));
      if (gram[j] >= empty.alphabet().size()) throw Error("an id lies outside the alphabet");
    }
    items[i] = {empty.key(gram), counts.at(row)};
  }
  return Ngrams(empty.alphabet(), order, std::move(items));
}

std::vector<std::uint32_t> checked_ids(const Ngrams& counts, std::vector<std::uint32_t> ids) {
  if (ids.size() != counts.order()) throw Error("expected as many ids as the order");
  for (const std::uint32_t id : ids) {
    if (id >= counts.alphabet().size()) throw Error("an id lies outside the alphabet");
  }
  return ids;
}

// The n-grams in the order of their ids, first symbol first.
py::tuple cells(const Ngrams& counts) {
  const std::size_t m = counts.items().size();
  const std::size_t n = counts.order();
  std::vector<std::uint32_t> ids(m * n);
  std::vector<std::int64_t> values(m);
  {
    const py::gil_scoped_release unlocked;
    const KeyLayout layout = counts.layout();
    struct Forward {
      WideKey key;
      std::int64_t count;
    };
    std::vector<Forward> forward;
    forward.reserve(m);
    for (const Ngrams::Item& item : counts.items()) {
      WideKey key = 0;
      for (unsigned back = layout.order; back-- > 0;) {
        key = key << layout.bits | layout.symbol(item.key, back);
      }
      forward.push_back({key, item.count});
    }
    std::sort(forward.begin(), forward.end(),
              [](const Forward& a, const Forward& b) { return a.key < b.key; });
    for (std::size_t i = 0; i < m; ++i) {
      values[i] = forward[i].count;
      for (unsigned j = 0; j < n; ++j) ids[i * n + j] = layout.symbol(forward[i].key, j);
    }
  }
  return py::make_tuple(
      to_array(std::move(ids), {static_cast<py::ssize_t>(m), static_cast<py::ssize_t>(n)}),
      to_array(std::move(values)));
}

// The tensor of V^n counts; the caller has seen that it fits memory.
CountArray dense(const Ngrams& counts) {
  const std::size_t v = counts.alphabet().size();
  std::size_t size = 1;
  for (unsigned i = 0; i < counts.order(); ++i) size *= v;
  std::vector<std::int64_t> values(size);
  const KeyLayout layout = counts.layout();
  for (const Ngrams::Item& item : counts.items()) {
    std::size_t at = 0;
    for (unsigned back = layout.order; back-- > 0;) at = at * v + layout.symbol(item.key, back);
    values[at] = item.count;
  }
  const std::vector<py::ssize_t> shape(counts.order(), static_cast<py::ssize_t>(v));
  CountArray array = to_array(std::move(values), shape);
  set_read_only(array);
  return array;
}

FloatArray dense_probabilities(const NgramModel& model, unsigned order) {
  const auto v = static_cast<py::ssize_t>(model.size());
  std::vector<double> values;
  {
    const py::gil_scoped_release unlocked;
    values = model.dense(order, signal_poll());
  }
  return to_array(std::move(values), std::vector<py::ssize_t>(order, v));
}

NgramTrie make_trie(const Ngrams& counts) {
  if (counts.total() == 0) throw Error("there are no words to make a model of");
  return NgramTrie(counts);
}

NgramModel make_kneser_ney(const Ngrams& counts, const std::optional<DiscountList>& discounts,
                           bool unknown) {
  std::vector<Discounts> given;
  for (const auto& [one, two, more] : discounts.value_or(DiscountList{})) {
    given.push_back({one, two, more});
  }
  const py::gil_scoped_release unlocked;
  const NgramTrie trie = make_trie(counts);
  return {counts.alphabet(), kneser_ney(trie, std::move(given), unknown)};
}

NgramModel make_witten_bell(const Ngrams& counts, bool unknown) {
  const py::gil_scoped_release unlocked;
  return {counts.alphabet(), witten_bell(make_trie(counts), unknown)};
}

NgramModel make_add_k(const Ngrams& counts, double k) {
  const py::gil_scoped_release unlocked;
  return {counts.alphabet(), add_k(make_trie(counts), k)};
}

DiscountList discounts_of(const Ngrams& counts) {
  DiscountList list;
  for (const Discounts& d : estimated_discounts(make_trie(counts))) {
    list.push_back({d.one, d.two, d.more});
  }
  return list;
}

}  // namespace

void register_ngrams(py::module_& module) {
  py::class_<Ngrams>(module, "Ngrams")
      .def(py::init(&make_ngrams), py::arg("boundary"), py::arg("others"), py::arg("order"),
           py::arg("ids"), py::arg("counts"))
      .def_property_readonly("alphabet",
                             [](const Ngrams& self) { return to_str(self.alphabet().symbols()); })
      .def_property_readonly("order", &Ngrams::order)
      .def_property_readonly("words", &Ngrams::words)
      .def_property_readonly("total", &Ngrams::total)
      .def(
          "at",
          [](const Ngrams& self, const py::args& ids) {
            return self.at(checked_ids(self, ids.cast<std::vector<std::uint32_t>>()));
          })
      .def("cells", &cells)
      .def("dense", &dense)
      .def("lowered", &lowered, py::arg("order"), py::call_guard<py::gil_scoped_release>())
      .def("bigrams", &to_bigrams, py::call_guard<py::gil_scoped_release>())
      .def("added", py::overload_cast<const Ngrams&, const Ngrams&>(&added), py::arg("other"),
           py::call_guard<py::gil_scoped_release>())
      .def("__eq__", [](const Ngrams& self, const Ngrams& other) { return self == other; },
           py::is_operator());

  py::class_<NgramCounter>(module, "NgramCounter")
      .def(py::init(&make_counter), py::arg("boundary"), py::arg("alphabet"), py::arg("order"),
           py::arg("lines"), py::arg("skip_blank"))
      .def("add_words", &add_words, py::arg("words"), py::arg("column") = py::none(),
           py::arg("nulls") = "raise")
      .def("add_bytes", &add_bytes<NgramCounter>, py::arg("buffer"))
      .def("end_text", &NgramCounter::end_text)
      .def("counts", &NgramCounter::ngrams, py::call_guard<py::gil_scoped_release>());

  py::class_<NgramModel, LanguageModel>(module, "NgramModel")
      .def_property_readonly("order",
                             [](const NgramModel& self) { return self.backoff().order; })
      .def_property_readonly(
          "unknown", [](const NgramModel& self) { return std::isfinite(self.backoff().log_unknown); })
      .def("dense", &dense_probabilities, py::arg("order"))
      .def("log_likelihood", &NgramModel::log_likelihood, py::arg("counts"),
           py::call_guard<py::gil_scoped_release>());
  module.def("kneser_ney", &make_kneser_ney, py::arg("counts"), py::arg("discounts"),
             py::arg("unknown"));
  module.def("witten_bell", &make_witten_bell, py::arg("counts"), py::arg("unknown"));
  module.def("add_k", &make_add_k, py::arg("counts"), py::arg("k"));
  module.def("estimated_discounts", &discounts_of, py::arg("counts"));
}

}  // namespace makemore
