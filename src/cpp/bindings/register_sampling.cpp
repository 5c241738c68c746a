// Sampler: new words from any model.
#include <memory>

#include "bindings/register.hpp"
#include "bindings/sampled.hpp"
#include "core/sampling.hpp"

namespace makemore {
namespace {

SampleRequest make_request(const Alphabet& alphabet, std::size_t words, std::uint64_t seed,
                           std::uint64_t start, const py::str& prefix, std::size_t max_length,
                           unsigned threads) {
  return {words, seed, start, prefix_ids(alphabet, prefix), max_length, threads};
}

// Returns use(sampled words), which are drawn without the GIL.
template <class Use>
auto draw(const WordSampler& self, const SampleRequest& request, Use&& use) {
  return with_smallest_id(self.alphabet(), [&](auto id) {
    SampledWords<decltype(id)> sampled;
    {
      const py::gil_scoped_release unlocked;
      sampled = sample_words<decltype(id)>(self, request, signal_poll());
    }
    return use(std::move(sampled));
  });
}

}  // namespace

void register_sampling(py::module_& module) {
  py::class_<WordSampler, std::shared_ptr<WordSampler>>(module, "Sampler")
      .def(
          "sample",
          [](const WordSampler& self, std::size_t words, std::uint64_t seed, std::uint64_t start,
             const py::str& prefix, std::size_t max_length, unsigned threads) {
            const auto request =
                make_request(self.alphabet(), words, seed, start, prefix, max_length, threads);
            return draw(self, request,
                        [&](const auto& sampled) { return to_list(sampled, self.alphabet()); });
          },
          py::arg("words"), py::arg("seed"), py::arg("start"), py::arg("prefix"),
          py::arg("max_length"), py::arg("threads"))
      .def(
          "sample_ids",
          [](const WordSampler& self, std::size_t words, std::uint64_t seed, std::uint64_t start,
             const py::str& prefix, std::size_t max_length, unsigned threads) {
            const auto request =
                make_request(self.alphabet(), words, seed, start, prefix, max_length, threads);
            return draw(self, request,
                        [](auto&& sampled) { return to_arrays(std::move(sampled)); });
          },
          py::arg("words"), py::arg("seed"), py::arg("start"), py::arg("prefix"),
          py::arg("max_length"), py::arg("threads"));
}

}  // namespace makemore
