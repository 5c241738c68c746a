// Sampler: new words from any model; WordFilter: which of them are wanted.
#include <memory>

#include "bindings/register.hpp"
#include "bindings/sampled.hpp"
#include "bindings/word_filter.hpp"
#include "bindings/words.hpp"
#include "models/language_model.hpp"
#include "sampling/sampling.hpp"

namespace makemore {
namespace {

AnyWordFilter make_filter(const LanguageModel& model, const py::object& exclude, bool unique) {
  AnyWordFilter filter(model.alphabet(), unique);
  if (exclude.is_none()) return filter;
  const auto source = open_words(exclude, model_options(model.alphabet()));
  while (source->next()) {
    const py::gil_scoped_release unlocked;
    filter.with([&](auto& words) { words.exclude(source->text(), model.alphabet(), signal_poll()); });
    signal_poll()();
  }
  return filter;
}

// The words of a request, or those that a filter keeps.
template <class Id>
SampledWords<Id> draw(const WordSampler& self, const SampleRequest& request,
                      AnyWordFilter* filter) {
  const py::gil_scoped_release unlocked;
  if (filter == nullptr) return sample_words<Id>(self, request, signal_poll());
  check_request(self, request, signal_poll());
  WordFilter<Id>& wanted = filter->get<Id>();
  const std::uint64_t before = wanted.seen();
  return sample_filtered(wanted, request.words, true, [&](std::size_t words) {
    SampleRequest next = request;
    next.words = words;
    next.start += wanted.seen() - before;
    return sample_words<Id>(self, next, signal_poll());
  }, signal_poll());
}

// A method that returns finish(sampled words, alphabet, threads).
template <class Finish>
void def_sample(py::class_<WordSampler, std::shared_ptr<WordSampler>>& sampler, const char* name,
                Finish finish) {
  sampler.def(
      name,
      [finish](const WordSampler& self, std::size_t words, std::uint64_t seed,
               std::uint64_t start, const py::str& prefix, std::size_t max_length,
               unsigned threads, AnyWordFilter* filter) {
        const SampleRequest request{
            words, seed, start, prefix_ids(self.alphabet(), prefix), max_length, threads};
        return with_smallest_id(self.alphabet(), [&](auto id) {
          return finish(draw<decltype(id)>(self, request, filter), self.alphabet(), threads);
        });
      },
      py::arg("words"), py::arg("seed"), py::arg("start"), py::arg("prefix"),
      py::arg("max_length"), py::arg("threads"), py::arg("wanted") = py::none());
}

}  // namespace

void register_sampling(py::module_& module) {
  py::class_<AnyWordFilter>(module, "WordFilter")
      .def(py::init(&make_filter), py::arg("model"), py::arg("exclude"), py::arg("unique"))
      .def_property_readonly("seen", [](AnyWordFilter& self) {
        return self.with([](const auto& words) { return words.seen(); });
      });

  py::class_<WordSampler, std::shared_ptr<WordSampler>> sampler(module, "Sampler");
  def_sample(sampler, "sample", finish_list);
  def_sample(sampler, "sample_ids", finish_arrays);
  def_sample(sampler, "sample_corpus", finish_corpus);
}

}  // namespace makemore
