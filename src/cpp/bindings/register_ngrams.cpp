// NgramModel, and the smoothing that makes it of counts.
#include <array>

#include "backoff/ngram_model.hpp"
#include "base/error.hpp"
#include "bindings/each_block.hpp"
#include "bindings/register.hpp"
#include "counts/ngrams.hpp"

namespace makemore {
namespace {

using DiscountList = std::vector<std::array<double, 3>>;

FloatArray dense_probabilities(const NgramModel& model, unsigned order) {
  const auto v = static_cast<py::ssize_t>(model.size());
  Buffer<double> values;
  {
    const WithoutGil unlocked;
    values = model.dense(order, signal_poll());
  }
  return to_array(std::move(values), std::vector<py::ssize_t>(order, v));
}

double ngram_log_likelihood(const NgramModel& model, const Ngrams& counts) {
  const WithoutGil unlocked;
  return model.log_likelihood(counts, signal_poll());
}

py::tuple ngram_lengths(const NgramModel& model, const py::object& words, const Column& column) {
  std::vector<std::uint8_t> lengths;
  std::vector<std::int64_t> offsets{0};
  each_block(model, words, column,
             [&](Text text) { model.ngram_lengths(text, lengths, offsets, signal_poll()); });
  return py::make_tuple(to_array(std::move(lengths)), to_array(std::move(offsets)));
}

using Thresholds = std::vector<std::int64_t>;

NgramTrie make_trie(const Ngrams& counts, Thresholds thresholds) {
  if (counts.total() == 0) throw Error("there are no words to make a model of");
  NgramTrie trie(counts, signal_poll());
  trie.thresholds = std::move(thresholds);
  return trie;
}

// The model and its discounts; these are estimated if none are given.
std::pair<NgramModel, DiscountList> make_kneser_ney(const Ngrams& counts,
                                                    const std::optional<DiscountList>& discounts,
                                                    const Thresholds& thresholds) {
  const WithoutGil unlocked;
  const NgramTrie trie = make_trie(counts, thresholds);
  std::vector<Discounts> used;
  if (discounts) {
    for (const auto& [one, two, more] : *discounts) used.push_back({one, two, more});
  } else {
    used = estimated_discounts(trie, signal_poll());
  }
  DiscountList list;
  for (const Discounts& d : used) list.push_back({d.one, d.two, d.more});
  NgramModel model(counts.alphabet(), kneser_ney(trie, std::move(used), signal_poll()));
  return {std::move(model), std::move(list)};
}

NgramModel make_witten_bell(const Ngrams& counts, const Thresholds& thresholds) {
  const WithoutGil unlocked;
  return {counts.alphabet(), witten_bell(make_trie(counts, thresholds), signal_poll())};
}

NgramModel make_add_k(const Ngrams& counts, double k, const Thresholds& thresholds) {
  const WithoutGil unlocked;
  return {counts.alphabet(), add_k(make_trie(counts, thresholds), k, signal_poll())};
}

}  // namespace

void register_ngrams(py::module_& module) {
  py::class_<NgramModel, LanguageModel, std::shared_ptr<NgramModel>>(module, "NgramModel")
      .def_property_readonly("order", [](const NgramModel& self) { return self.backoff().order; })
      .def_property_readonly("by_levels",
                             [](const NgramModel& self) { return self.backoff().by_levels; })
      .def("dense", &dense_probabilities, py::arg("order"))
      .def("log_likelihood", &ngram_log_likelihood, py::arg("counts"))
      .def("ngram_lengths", &ngram_lengths, py::arg("words"), py::arg("column") = py::none());
  module.def("kneser_ney", &make_kneser_ney, py::arg("counts"), py::arg("discounts"),
             py::arg("thresholds") = Thresholds());
  module.def("witten_bell", &make_witten_bell, py::arg("counts"),
             py::arg("thresholds") = Thresholds());
  module.def("add_k", &make_add_k, py::arg("counts"), py::arg("k"),
             py::arg("thresholds") = Thresholds());
}

}  // namespace makemore
