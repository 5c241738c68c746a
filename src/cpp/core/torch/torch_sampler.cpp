// Runs the lecture's sampling loop.
#include "torch/torch_sampler.hpp"

#include <type_traits>

#include "sampling/ending.hpp"

namespace makemore {
namespace {

constexpr std::size_t kPollAfter = 1 << 20;  // outputs of the generator

// Words without prefix and limit, by running sums: no branch depends on where a word ends.
template <class Id>
SampledWords<Id> draw_free_by_sums(const TorchBigramRows& rows, Mt19937& generator,
                                   const SampleRequest& request, const Poll& poll) {
  SampledWords<Id> out;
  std::vector<std::uint32_t> spare;
  const std::size_t words = request.words;
  out.offsets.resize(words + 1);
  out.offsets[0] = 0;
  const std::uint8_t* const guide = rows.row(0).guide;  // no store through ids can change it
  std::size_t at = 0;
  std::size_t word = 0;
  std::size_t state = 0;
  for (std::size_t blocks = 1; word < words; ++blocks) {
    const std::span<const std::uint32_t> rest = generator.rest();
    const bool parted = rest.size() == 1;  // a pair of outputs that lies in two blocks
    const std::uint32_t* const draws = parted ? generator.take(2, spare) : rest.data();
    const std::size_t pairs = parted ? 1 : rest.size() / 2;
    if (out.ids.size() < at + pairs) out.ids.resize(2 * (at + pairs));
    Id* const ids = out.ids.data();
    std::int64_t* const offsets = out.offsets.data();
    std::size_t i = 0;
    for (; i < pairs && word < words; ++i) {
      const std::uint32_t high = draws[2 * i];
      const std::uint8_t symbol = guide[state * TorchGuide::kSlots + TorchGuide::slot(high)];
      state = symbol != TorchGuide::kUndecided
                  ? symbol
                  : torch_by_sums(rows.row(state).prepared, torch_bits(high, draws[2 * i + 1]));
      ids[at] = static_cast<Id>(state);
      at += state != 0;
      offsets[word + 1] = static_cast<std::int64_t>(at);  // overwritten until the word ends
      word += state == 0;
    }
    if (!parted) generator.advance(2 * i);
    if (word < words) request.is_full(at - static_cast<std::size_t>(out.offsets[word]));
    if (blocks % (kPollAfter / Mt19937::kBlock) == 0) poll();
  }
  out.ids.resize(at);
  return out;
}

template <class Id, class Rows>
SampledWords<Id> draw(const Rows& rows, Mt19937& generator, const SampleRequest& request,
                      const Poll& poll) {
  const std::size_t v = rows.alphabet().size();
  const bool by_sums = rows.era() == TorchEra::running_sums;
  if constexpr (std::is_same_v<Rows, TorchBigramRows>) {
    if (by_sums && request.prefix.empty() && request.max_length == 0) {
      return draw_free_by_sums<Id>(rows, generator, request, poll);
    }
  }
  const std::size_t outputs = by_sums ? 2 : 2 * v;
  std::vector<float> room(2 * v);
  std::vector<std::uint32_t> spare;
  std::vector<std::int32_t> bounds(v);
  const auto draw_from = [&](const TorchRow& row) -> std::uint32_t {
    const std::uint32_t* const draws = generator.take(outputs, spare);
    if (!by_sums) return torch_by_exponentials(row.p, row.prepared.data(), draws, bounds.data());
    if (row.guide != nullptr) {
      const std::uint8_t symbol = row.guide[TorchGuide::slot(draws[0])];
      if (symbol != TorchGuide::kUndecided) return symbol;
    }
    return torch_by_sums(row.prepared, torch_bits(draws[0], draws[1]));
  };

  SampledWords<Id> out;
  out.offsets.reserve(request.words + 1);
  out.offsets.push_back(0);
  std::vector<std::uint32_t> word;
  Pace pace(poll);
  for (std::size_t i = 0; i < request.words; ++i) {
    word = request.prefix;
    std::size_t look = word.size() + EndCheck::kFirstLook;
    pace.step(8 + word.size());
    while (!request.is_full(word.size())) {
      pace.step(rows.work() + outputs);
      if (word.size() >= look && request.max_length == 0) {
        rows.check_ahead(word, request, poll);
        look *= 2;
      }
      const std::uint32_t symbol = draw_from(rows.row(word, room));
      if (symbol == 0) break;
      word.push_back(symbol);
    }
    for (const std::uint32_t id : word) out.ids.push_back(static_cast<Id>(id));
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
  }
  return out;
}

}  // namespace

template <class Id>
SampledWords<Id> TorchSampler::sample(Mt19937& generator, const SampleRequest& request,
                                      const Poll& poll) const {
  return std::visit([&](const auto& rows) { return draw<Id>(rows, generator, request, poll); },
                    rows_);
}

template SampledWords<std::uint8_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                         const Poll&) const;
template SampledWords<std::uint16_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                          const Poll&) const;
template SampledWords<std::uint32_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                          const Poll&) const;

}  // namespace makemore
