// Runs the lecture's sampling loop on any model.
#include "torch/torch_model_sampler.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sampling/ending.hpp"

namespace makemore {

template <class Id>
SampledWords<Id> TorchModelSampler::sample(Mt19937& generator, const SampleRequest& request,
                                           const Poll& poll) const {
  const std::size_t v = alphabet().size();
  std::vector<float> p(v), room(v);  // running sums or limits
  std::vector<std::int32_t> bounds(v);
  std::vector<std::uint32_t> spare;
  const auto draw = [&](std::span<const std::uint32_t> word) {
    const std::vector<double> next = model_.next(word);
    for (std::size_t i = 0; i < v; ++i) p[i] = static_cast<float>(next[i]);
    if (std::all_of(p.begin(), p.end(), [](float x) { return x == 0; })) fail_stuck();
    if (era_ == TorchEra::running_sums) {
      torch_running_sums(p, room);
      const std::uint32_t* const draws = generator.take(2, spare);
      return torch_by_sums(room, torch_bits(draws[0], draws[1]));
    }
    torch_limits(p, room);
    return torch_by_exponentials(p, room.data(), generator.take(2 * v, spare), bounds.data());
  };

  SampledWords<Id> out;
  out.offsets.reserve(request.words + 1);
  out.offsets.push_back(0);
  std::vector<std::uint32_t> word;
  Pace pace(poll);
  for (std::size_t i = 0; i < request.words; ++i) {
    word = request.prefix;
    std::size_t look = word.size() + EndCheck::kFirstLook;
    while (!request.is_full(word.size())) {
      pace.step(256 + 64 * v);
      if (word.size() >= look &&
          request.max_length == 0) {  // the same errors as from the model's own
        SampleRequest on = request;
        on.prefix = word;
        model_.sampler({}, poll)->check(on, poll);
        look *= 2;
      }
      const std::uint32_t symbol = draw(word);
      if (symbol == 0) break;
      word.push_back(symbol);
    }
    pace.step(64);
    for (const std::uint32_t id : word) out.ids.push_back(static_cast<Id>(id));
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
  }
  return out;
}

template SampledWords<std::uint8_t> TorchModelSampler::sample(Mt19937&, const SampleRequest&,
                                                              const Poll&) const;
template SampledWords<std::uint16_t> TorchModelSampler::sample(Mt19937&, const SampleRequest&,
                                                               const Poll&) const;
template SampledWords<std::uint32_t> TorchModelSampler::sample(Mt19937&, const SampleRequest&,
                                                               const Poll&) const;

}  // namespace makemore
