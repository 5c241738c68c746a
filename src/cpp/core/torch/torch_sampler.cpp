// Prepares the rows of a bigram model, and runs the lecture's sampling loop.
#include "torch/torch_sampler.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "counts/bigrams.hpp"

namespace makemore {
namespace {

constexpr unsigned kGuideBits = 10;
constexpr std::uint8_t kUndecided = 0xFF;    // or a symbol beyond
constexpr std::size_t kPollAfter = 1 << 20;  // outputs of the generator

constexpr std::size_t slot_of(std::uint32_t high) {
  return static_cast<std::size_t>(torch_bits(high, 0) >> (53 - kGuideBits));
}

}  // namespace

Buffer<float> torch_probabilities(const Ngrams& counts, double smoothing, const Poll& poll) {
  const std::size_t v = counts.alphabet().size();
  const float k = static_cast<float>(smoothing);
  Buffer<float> p(v * v);
  Pace pace(poll);
  const Buffer<Bigram> seen = bigram_rows(counts, poll);
  auto bigram = seen.begin();
  for (std::size_t row = 0; row < v; ++row) {
    const auto cells = std::span(p).subspan(row * v, v);
    std::fill(cells.begin(), cells.end(), k);
    for (; bigram != seen.end() && bigram->first == row; ++bigram) {
      cells[bigram->second] = static_cast<float>(bigram->count) + k;
    }
    double exact = 0;
    for (const float one : cells) exact += one;
    const float sum = static_cast<float>(exact);
    if (!std::isfinite(sum)) throw Error("smoothing is too large for torch's float32");
    if (sum > 0) {
      for (float& one : cells) one /= sum;
    }
    pace.step(8 * v);
  }
  return p;
}

TorchSampler::TorchSampler(const Ngrams& counts, double smoothing, TorchEra era, const Poll& poll)
    : alphabet_(counts.alphabet()), era_(era), p_(torch_probabilities(counts, smoothing, poll)) {
  if (alphabet_.size() > 0x10000) throw Error("the alphabet is too large for TorchRNG");
  if (era_ == TorchEra::running_sums) {
    add_up(poll);
  } else {
    const std::size_t v = alphabet_.size();
    limits_.resize(p_.size());
    Pace pace(poll);
    for (std::size_t row = 0; row < v; ++row) {
      torch_limits(row_of(p_, row), std::span(limits_).subspan(row * v, v));
      pace.step(4 * v);
    }
  }
}

void TorchSampler::add_up(const Poll& poll) {
  Pace pace(poll);
  const std::size_t v = alphabet_.size();
  sums_.resize(v * v);
  guide_.resize(v << kGuideBits);
  for (std::size_t row = 0; row < v; ++row) {
    const auto sums = std::span(sums_).subspan(row * v, v);
    torch_running_sums(row_of(p_, row), sums);
    for (std::size_t slot = 0; slot < std::size_t{1} << kGuideBits; ++slot) {
      constexpr unsigned shift = 53 - kGuideBits;
      const std::uint32_t first = torch_by_sums(sums, std::uint64_t{slot} << shift);
      const std::uint32_t last = torch_by_sums(sums, (std::uint64_t{slot + 1} << shift) - 1);
      guide_[(row << kGuideBits) + slot] =
          first == last && first < kUndecided ? static_cast<std::uint8_t>(first) : kUndecided;
    }
    pace.step((std::size_t{32} << kGuideBits) + 8 * v);
  }
}

inline std::uint32_t TorchSampler::draw_by_sums(std::size_t row, std::uint32_t high,
                                                std::uint32_t low) const {
  const std::uint8_t symbol = guide_[(row << kGuideBits) + slot_of(high)];
  return symbol != kUndecided ? symbol : torch_by_sums(row_of(sums_, row), torch_bits(high, low));
}

// Words without prefix and limit, by running sums: no branch depends on where a word ends.
template <class Id>
void TorchSampler::draw_free_by_sums(Mt19937& generator, const SampleRequest& request,
                                     SampledWords<Id>& out, const Poll& poll) const {
  std::vector<std::uint32_t> spare;
  const std::size_t words = request.words;
  out.offsets.resize(words + 1);
  out.offsets[0] = 0;
  const std::uint8_t* const guide = guide_.data();  // no store through ids can change it
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
      const std::uint8_t symbol = guide[(state << kGuideBits) + slot_of(high)];
      state = symbol != kUndecided
                  ? symbol
                  : torch_by_sums(row_of(sums_, state), torch_bits(high, draws[2 * i + 1]));
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
}

template <class Id>
SampledWords<Id> TorchSampler::sample(Mt19937& generator, const SampleRequest& request,
                                      const Poll& poll) const {
  SampledWords<Id> out;
  const std::vector<std::uint32_t>& prefix = request.prefix;
  const bool by_sums = era_ == TorchEra::running_sums;
  if (by_sums && prefix.empty() && request.max_length == 0) {
    draw_free_by_sums(generator, request, out, poll);
    return out;
  }
  const std::size_t outputs = by_sums ? 2 : 2 * alphabet_.size();
  std::vector<std::uint32_t> spare;
  std::vector<std::int32_t> bounds(alphabet_.size());
  std::size_t since_poll = 0;
  const auto count = [&](std::size_t more) {
    if ((since_poll += more) < kPollAfter) return;
    poll();
    since_poll = 0;
  };
  out.offsets.reserve(request.words + 1);
  out.offsets.push_back(0);
  for (std::size_t word = 0; word < request.words; ++word) {
    const std::size_t begin = out.ids.size();
    for (const std::uint32_t id : prefix) out.ids.push_back(static_cast<Id>(id));
    std::uint32_t state = prefix.empty() ? 0 : prefix.back();
    count(prefix.size() + 1);
    while (!request.is_full(out.ids.size() - begin)) {
      count(outputs);
      const std::uint32_t* const draws = generator.take(outputs, spare);
      state = by_sums ? draw_by_sums(state, draws[0], draws[1])
                      : torch_by_exponentials(row_of(p_, state), &limits_[state * alphabet_.size()],
                                              draws, bounds.data());
      if (state == 0) break;
      out.ids.push_back(static_cast<Id>(state));
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
  }
  return out;
}

template SampledWords<std::uint8_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                         const Poll&) const;
template SampledWords<std::uint16_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                          const Poll&) const;
template SampledWords<std::uint32_t> TorchSampler::sample(Mt19937&, const SampleRequest&,
                                                          const Poll&) const;

}  // namespace makemore
