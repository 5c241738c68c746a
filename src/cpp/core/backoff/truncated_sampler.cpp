// Builds alias tables of whole distributions when they are needed, and draws from them.
#include "backoff/truncated_sampler.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "sampling/alias.hpp"

namespace makemore {

TruncatedSampler::TruncatedSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff,
                                   Truncation truncation)
    : WordSamplerOf(alphabet), backoff_(std::move(backoff)), truncation_(truncation) {}

// The probabilities after a state, as they are drawn; all zero where nothing can be.
std::vector<double> TruncatedSampler::shaped(std::uint32_t state) const {
  std::vector<double> row(backoff_->symbols);
  backoff_->probabilities(state, row);
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  if (sum > 0) {
    for (double& p : row) p /= sum;  // without the unknown symbol
  }
  truncate(truncation_, row);
  return row;
}

void TruncatedSampler::steps(std::uint32_t state, Steps& out) const {
  const std::vector<std::uint64_t> weights = integer_weights(shaped(state));
  out.ends = weights[0] > 0;
  for (std::uint32_t symbol = 1; symbol < weights.size(); ++symbol) {
    if (weights[symbol] > 0) out.next.push_back(backoff_->next(state, symbol));
  }
  out.work = weights.size();
}

void TruncatedSampler::check(const SampleRequest& request, const Poll& poll) const {
  endings_.check(
      backoff_->after(request.prefix), request.max_length == 0,
      [&](std::uint32_t state, Steps& out) { steps(state, out); },
      name_of_prefix(alphabet(), request.prefix), poll);
}

template <class Id>
void TruncatedSampler::draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                                  SampledWords<Id>& out, const Poll& pause) const {
  constexpr std::size_t most_cached = std::size_t{1} << 22;  // entries
  const unsigned bits = alias_bits(backoff_->symbols);
  const std::size_t row_size = std::size_t{1} << bits;
  const StepsFrom steps_from = [&](std::uint32_t state, Steps& found) { steps(state, found); };
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> rows;
  AliasMaker maker;
  const auto row_of = [&](std::uint32_t state) {
    std::vector<std::uint32_t> row(row_size);
    const std::span<const std::uint64_t> weights = maker.make(shaped(state), row);
    if (std::all_of(weights.begin(), weights.end(), [](std::uint64_t w) { return w == 0; })) {
      fail_stuck();
    }
    return row;
  };
  const std::uint32_t start = backoff_->after(request.prefix);
  Pace pace(pause);
  for (std::size_t i = begin; i < end; ++i) {
    const WordBits word(request.seed, request.start + i);
    for (const std::uint32_t id : request.prefix) out.ids.push_back(static_cast<Id>(id));
    std::uint32_t state = start;
    std::size_t length = request.prefix.size();
    std::uint64_t look = EndCheck::kFirstLook;
    for (std::uint64_t step = 0; !request.is_full(length); ++step, ++length) {
      if (step == look && request.max_length == 0) {
        check_ahead(state, steps_from, pause);
        look *= 2;
      }
      auto found = rows.find(state);
      if (found == rows.end()) {
        if (rows.size() * row_size > most_cached) rows.clear();
        found = rows.emplace(state, row_of(state)).first;
        pace.step((backoff_->order + 32) * row_size);
      }
      const std::uint32_t symbol = draw_alias(found->second.data(), bits, word.at(step));
      if (symbol == 0) break;
      out.ids.push_back(static_cast<Id>(symbol));
      state = backoff_->next(state, symbol);
      pace.step(32);
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
    pace.step(32);
  }
}

template void TruncatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                           SampledWords<std::uint8_t>&, const Poll&) const;
template void TruncatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                           SampledWords<std::uint16_t>&, const Poll&) const;
template void TruncatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                           SampledWords<std::uint32_t>&, const Poll&) const;

}  // namespace makemore
