// MT19937 (torch's CPU generator), and the sampler of the words of torch's loop.
#include <algorithm>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "bindings/copied.hpp"
#include "bindings/register.hpp"
#include "bindings/request.hpp"
#include "bindings/word_filter.hpp"
#include "models/language_model.hpp"
#include "sampling/meeting.hpp"
#include "text/utf8.hpp"
#include "torch/torch_sampler.hpp"

namespace makemore {
namespace {

// A generator that threads may share: each call draws from where the one before it ended.
struct SharedGenerator {
  explicit SharedGenerator(const Mt19937& from) : generator(from) {}

  Mt19937 generator;
  std::mutex mutex;
};

Mt19937 restored_generator(const py::object& words, std::int64_t used) {
  const std::vector<std::uint32_t> numbers = copied<std::uint32_t>(words, 1, "the state");
  Mt19937::State state;
  if (numbers.size() != state.size()) {
    throw Error("the state of MT19937 is " + std::to_string(state.size()) + " numbers, got " +
                std::to_string(numbers.size()));
  }
  if (used < 0 || used > static_cast<std::int64_t>(state.size())) {
    throw Error("of the " + std::to_string(state.size()) + " outputs of a block, " +
                std::to_string(used) + " cannot have been used");
  }
  std::copy(numbers.begin(), numbers.end(), state.begin());
  if (!Mt19937::possible(state)) throw Error("a state of MT19937 is never all zero");
  return {state, static_cast<std::size_t>(used)};
}

// The words of the state, and how many outputs of its block were used.
py::tuple state(SharedGenerator& self) {
  const Mt19937 now = [&] {
    const WithoutGil unlocked;
    const std::lock_guard lock(self.mutex);
    return self.generator;
  }();
  return py::make_tuple(to_array(std::vector(now.state().begin(), now.state().end())), now.used());
}

// The next words of a stream, or the next that meet conditions and a filter keeps; never one
// beyond these.
template <class Id>
SampledWords<Id> draw(const TorchSampler& self, Mt19937& generator, const SampleRequest& request,
                      AnyWordFilter* filter) {
  const auto next = [&](std::size_t words) {
    SampleRequest part = request;
    part.words = words;
    return self.sample<Id>(generator, part, signal_poll());
  };
  const auto meeting = [&](std::size_t words) {
    return request.conditions.any() ? next_meeting<Id>(request.conditions, words, next)
                                    : next(words);
  };
  if (filter == nullptr) return meeting(request.words);
  return sample_filtered(filter->get<Id>(), request.words, Ahead::none, meeting, signal_poll());
}

// Returns use(sampled words), which are drawn without the GIL. The generator moves on only if
// nothing was raised; other threads that drew meanwhile keep what they drew.
template <class Id, class Use>
auto run(const TorchSampler& self, SharedGenerator& shared, const SampleRequest& request,
         AnyWordFilter* filter, Use&& use) {
  std::optional<Mt19937> before;
  std::optional<Mt19937> after;
  SampledWords<Id> sampled;
  {
    const WithoutGil unlocked;
    const std::lock_guard lock(shared.mutex);
    before = after = shared.generator;
    sampled = draw<Id>(self, *after, request, filter);
    shared.generator = *after;
  }
  try {
    return use(std::move(sampled));
  } catch (...) {
    const WithoutGil unlocked;
    const std::lock_guard lock(shared.mutex);
    if (shared.generator == *after) shared.generator = *before;
    throw;
  }
}

py::object draw_torch_words(const TorchSampler& self, const std::string& form,
                            const Request& request, SharedGenerator& generator,
                            AnyWordFilter* filter) {
  const SampleRequest wanted = request.of(self.alphabet(), 0);
  return with_smallest_id(self.alphabet(), [&](auto id) {
    return run<decltype(id)>(self, generator, wanted, filter, [&](auto&& sampled) {
      return in_form(form_of(form), std::move(sampled), self.alphabet(), 1);
    });
  });
}

TorchEra era(bool exponentials) {
  return exponentials ? TorchEra::exponentials : TorchEra::running_sums;
}

}  // namespace

void register_torch(py::module_& module) {
  py::class_<SharedGenerator>(module, "MT19937")
      .def(py::init(
               [](std::uint32_t seed) { return std::make_unique<SharedGenerator>(Mt19937(seed)); }),
           py::arg("seed"))
      .def("state", &state)
      .def(
          "set_state",
          [](SharedGenerator& self, const py::object& words, std::int64_t used) {
            const Mt19937 wanted = restored_generator(words, used);
            const WithoutGil unlocked;
            const std::lock_guard lock(self.mutex);
            self.generator = wanted;
          },
          py::arg("words"), py::arg("used"));

  py::class_<TorchSampler>(module, "TorchSampler")
      .def(py::init([](const Ngrams& counts, double smoothing, bool exponentials) {
             const WithoutGil unlocked;
             return TorchSampler(
                 TorchBigramRows(counts, smoothing, era(exponentials), signal_poll()));
           }),
           py::arg("counts"), py::arg("smoothing"), py::arg("exponentials"))
      .def(py::init([](const LanguageModel& model, bool exponentials) {
             return TorchSampler(TorchModelRows(model, era(exponentials)));
           }),
           py::arg("model"), py::arg("exponentials"), py::keep_alive<1, 2>())
      .def("draw", &draw_torch_words, py::arg("form"), py::arg("request"), py::arg("generator"),
           py::arg("wanted"));
}

}  // namespace makemore
