// NgramCounter (words or bytes in), Ngrams (counts of order n) and NgramModel.
#include <array>
#include <algorithm>
#include <cmath>

#include "backoff/ngram_model.hpp"
#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "bindings/words.hpp"
#include "counting/ngram_counter.hpp"
#include "counts/ngrams.hpp"

namespace makemore {
namespace {

using DiscountList = std::vector<std::array<double, 3>>;

NgramCounter make_counter(const py::str& boundary, const std::optional<py::str>& alphabet,
                          unsigned order, bool lines, bool skip_blank) {
  return {counter_options(boundary, alphabet, lines, skip_blank), order};
}

void add_words(NgramCounter& counter, const py::object& words,
               const std::optional<std::string>& column, const std::string& nulls,
               const std::u32string& meant) {
  const auto source = open_words(words, word_options(column, nulls, meant));
  while (source->next()) {
    try {
      const py::gil_scoped_release unlocked;
      counter.add(source->text().bytes);
    } catch (const Error& error) {
      throw source->renumbered(error);
    }
  }
}

std::vector<std::uint32_t> checked_ids(const Ngrams& counts, std::vector<std::uint32_t> ids) {
  if (ids.size() != counts.order()) throw Error("expected as many ids as the order");
  for (const std::uint32_t id : ids) {
    if (id >= counts.alphabet().size()) throw Error("an id lies outside the alphabet");
  }
  return ids;
}

// The n-grams in the order of their ids, first symbol first; or by their counts.
py::tuple cells(const Ngrams& counts, bool by_count, std::size_t most) {
  std::vector<Ngrams::Item> items;
  {
    const py::gil_scoped_release unlocked;
    items = forward_items(counts, signal_poll());
    if (by_count) sort_by_count(items);
  }
  return cell_arrays(items, counts.order(), most,
                     [layout = counts.layout()](const Ngrams::Item& item, std::size_t i) {
                       return layout.symbol(item.key, static_cast<unsigned>(i));
                     });
}

// The tensor of V^n counts; the caller has seen that it fits memory.
CountArray dense(const Ngrams& counts) {
  const std::size_t v = counts.alphabet().size();
  return dense_array(counts.items(), counts.order(), v,
                     [v, layout = counts.layout()](const Ngrams::Item& item) {
                       std::size_t at = 0;
                       for (unsigned back = layout.order; back-- > 0;) {
                         at = at * v + layout.symbol(item.key, back);
                       }
                       return at;
                     });
}

FloatArray dense_probabilities(const NgramModel& model, unsigned order) {
  const auto v = static_cast<py::ssize_t>(model.size());
  Buffer<double> values;
  {
    const py::gil_scoped_release unlocked;
    values = model.dense(order, signal_poll());
  }
  return to_array(std::move(values), std::vector<py::ssize_t>(order, v));
}

double log_likelihood(const NgramModel& model, const Ngrams& counts) {
  const py::gil_scoped_release unlocked;
  return model.log_likelihood(counts, signal_poll());
}

NgramTrie make_trie(const Ngrams& counts) {
  if (counts.total() == 0) throw Error("there are no words to make a model of");
  return NgramTrie(counts, signal_poll());
}

// The model and its discounts; these are estimated if none are given.
std::pair<NgramModel, DiscountList> make_kneser_ney(const Ngrams& counts,
                                                    const std::optional<DiscountList>& discounts,
                                                    bool unknown) {
  const py::gil_scoped_release unlocked;
  const NgramTrie trie = make_trie(counts);
  std::vector<Discounts> used;
  if (discounts) {
    for (const auto& [one, two, more] : *discounts) used.push_back({one, two, more});
  } else {
    used = estimated_discounts(trie, signal_poll());
  }
  DiscountList list;
  for (const Discounts& d : used) list.push_back({d.one, d.two, d.more});
  NgramModel model(counts.alphabet(), kneser_ney(trie, std::move(used), unknown, signal_poll()));
  return {std::move(model), std::move(list)};
}

NgramModel make_witten_bell(const Ngrams& counts, bool unknown) {
  const py::gil_scoped_release unlocked;
  return {counts.alphabet(), witten_bell(make_trie(counts), unknown, signal_poll())};
}

NgramModel make_add_k(const Ngrams& counts, double k) {
  const py::gil_scoped_release unlocked;
  return {counts.alphabet(), add_k(make_trie(counts), k, signal_poll())};
}

}  // namespace

void register_ngrams(py::module_& module) {
  py::class_<Ngrams>(module, "Ngrams")
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
      .def("cells", [](const Ngrams& self) { return cells(self, false, SIZE_MAX); })
      .def("most_common",
           [](const Ngrams& self, std::size_t most) { return cells(self, true, most); },
           py::arg("most"))
      .def("dense", &dense)
      .def("lowered",
           [](const Ngrams& self, unsigned order) { return lowered(self, order, signal_poll()); },
           py::arg("order"), Unlocked())
      .def("bigrams", [](const Ngrams& self) { return to_bigrams(self, signal_poll()); },
           Unlocked())
      .def("added",
           [](const Ngrams& self, const Ngrams& other) {
             return added(self, other, signal_poll());
           },
           py::arg("other"), Unlocked())
      .def("__eq__",
           [](const Ngrams& self, const Ngrams& other) {
             return self.order() == other.order() && self.alphabet() == other.alphabet() &&
                    equal(self.items(), other.items());
           },
           py::is_operator(), Unlocked());

  py::class_<NgramCounter>(module, "NgramCounter")
      .def(py::init(&make_counter), py::arg("boundary"), py::arg("alphabet"), py::arg("order"),
           py::arg("lines"), py::arg("skip_blank"))
      .def("add_words", &add_words, py::arg("words"), py::arg("column") = py::none(),
           py::arg("nulls") = "raise", py::arg("meant") = "")
      .def("add_bytes", &add_bytes<NgramCounter>, py::arg("buffer"))
      .def("end_text", &NgramCounter::end_text, Unlocked())
      .def("counts", &NgramCounter::ngrams, Unlocked());

  py::class_<NgramModel, LanguageModel>(module, "NgramModel")
      .def_property_readonly("order",
                             [](const NgramModel& self) { return self.backoff().order; })
      .def_property_readonly(
          "unknown", [](const NgramModel& self) { return std::isfinite(self.backoff().log_unknown); })
      .def("dense", &dense_probabilities, py::arg("order"))
      .def("log_likelihood", &log_likelihood, py::arg("counts"));
  module.def("kneser_ney", &make_kneser_ney, py::arg("counts"), py::arg("discounts"),
             py::arg("unknown"));
  module.def("witten_bell", &make_witten_bell, py::arg("counts"), py::arg("unknown"));
  module.def("add_k", &make_add_k, py::arg("counts"), py::arg("k"));
}

}  // namespace makemore
