// Sampler: new words from any model; what it takes: Request, Conditions, Truncation, WordFilter.
#include <memory>
#include <string>

#include "bindings/register.hpp"
#include "bindings/request.hpp"
#include "bindings/word_filter.hpp"
#include "bindings/words.hpp"
#include "models/language_model.hpp"
#include "sampling/pcg64.hpp"
#include "sampling/sampling.hpp"

namespace makemore {
namespace {

AnyWordFilter make_filter(const LanguageModel& model, const py::object& exclude, bool unique) {
  AnyWordFilter filter(model.alphabet(), unique);
  if (exclude.is_none()) return filter;
  const auto source = open_words(exclude, model_options(model.alphabet()));
  while (source->next()) {
    const WithoutGil unlocked;
    filter.with(
        [&](auto& words) { words.exclude(source->text(), model.alphabet(), signal_poll()); });
    signal_poll()();
  }
  return filter;
}

// The words of a request, or those that a filter keeps.
template <class Id>
SampledWords<Id> draw(const WordSampler& self, const SampleRequest& request,
                      AnyWordFilter* filter) {
  const WithoutGil unlocked;
  if (filter == nullptr) return sample_words<Id>(self, request, signal_poll());
  check_request(self, request, signal_poll());
  WordFilter<Id>& wanted = filter->get<Id>();
  const std::uint64_t before = wanted.seen();
  return sample_filtered(
      wanted, request.words, request.conditions.any() ? Ahead::few : Ahead::many,
      [&](std::size_t words) {
        SampleRequest next = request;
        next.words = words;
        next.start += wanted.seen() - before;
        return sample_words<Id>(self, next, signal_poll());
      },
      signal_poll());
}

py::object draw_words(const WordSampler& self, const std::string& form, const Request& request,
                      std::uint64_t seed, AnyWordFilter* filter) {
  const SampleRequest wanted = request.of(self.alphabet(), seed);
  return with_smallest_id(self.alphabet(), [&](auto id) {
    return in_form(form_of(form), draw<decltype(id)>(self, wanted, filter), self.alphabet(),
                   request.threads);
  });
}

void check(const WordSampler& self, const Request& request) {
  const SampleRequest wanted = request.of(self.alphabet(), 0);
  const WithoutGil unlocked;
  check_request(self, wanted, signal_poll());
}

}  // namespace

void register_sampling(py::module_& module) {
  module.def("stream_seed", &stream_seed, py::arg("number"));

  py::class_<AnyWordFilter>(module, "WordFilter")
      .def(py::init(&make_filter), py::arg("model"), py::arg("exclude"), py::arg("unique"))
      .def_property_readonly("seen", [](AnyWordFilter& self) {
        return self.with([](const auto& words) { return words.seen(); });
      });

  py::class_<Conditions>(module, "Conditions")
      .def(py::init<std::size_t, std::size_t, py::object, py::object, py::object>(),
           py::arg("min_length"), py::arg("max_length"), py::arg("suffix"), py::arg("contains"),
           py::arg("match"));

  py::class_<Request>(module, "Request")
      .def(py::init<std::size_t, std::uint64_t, py::object, std::size_t, unsigned, Conditions>(),
           py::arg("words"), py::arg("start"), py::arg("prefix"), py::arg("max_length"),
           py::arg("threads"), py::arg("conditions"));

  py::class_<Truncation>(module, "Truncation")
      .def(py::init<double, std::size_t, double, double>(), py::arg("temperature"),
           py::arg("top_k"), py::arg("top_p"), py::arg("min_p"));

  py::class_<WordSampler, std::shared_ptr<WordSampler>>(module, "Sampler")
      .def("check", &check, py::arg("request"))
      .def("draw", &draw_words, py::arg("form"), py::arg("request"), py::arg("seed"),
           py::arg("wanted"));
}

}  // namespace makemore
