// Prepares the rows of bigrams, and makes those of other models.
#include "torch/torch_rows.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "counts/bigrams.hpp"
#include "sampling/ending.hpp"

namespace makemore {
namespace {

// The lecture's P, by rows.
Buffer<float> probabilities(const Ngrams& counts, double smoothing, const Poll& poll) {
  const std::size_t v = counts.alphabet().size();
  const float k = static_cast<float>(smoothing);
  const std::uint32_t unknown = counts.alphabet().unknown();
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
    if (unknown != kUnknown) cells[unknown] = 0;
    pace.step(8 * v);
  }
  return p;
}

}  // namespace

TorchBigramRows::TorchBigramRows(const Ngrams& counts, double smoothing, TorchEra era,
                                 const Poll& poll)
    : alphabet_(counts.alphabet()), era_(era), p_(probabilities(counts, smoothing, poll)) {
  const std::size_t v = alphabet_.size();
  if (v > 0x10000) throw Error("the alphabet is too large for TorchRNG");
  prepared_.resize(p_.size());
  if (era == TorchEra::running_sums) guides_.resize(v * TorchGuide::kSlots);
  Pace pace(poll);
  for (std::size_t row = 0; row < v; ++row) {
    const auto prepared = std::span(prepared_).subspan(row * v, v);
    torch_prepare(era, of(p_, row), prepared);
    pace.step(8 * v);
    if (guides_.empty()) continue;
    TorchGuide::write(prepared, &guides_[row * TorchGuide::kSlots]);
    pace.step(32 * TorchGuide::kSlots);
  }
}

TorchRow TorchModelRows::row(std::span<const std::uint32_t> word, std::span<float> room) const {
  const std::vector<double> next = model_->next(word);
  const auto p = room.first(next.size());
  const auto prepared = room.subspan(next.size(), next.size());
  std::transform(next.begin(), next.end(), p.begin(),
                 [](double x) { return static_cast<float>(x); });
  if (alphabet().unknown() != kUnknown) p[alphabet().unknown()] = 0;
  if (std::all_of(p.begin(), p.end(), [](float x) { return x == 0; })) fail_stuck();
  torch_prepare(era_, p, prepared);
  return {p, prepared};
}

void TorchModelRows::check_ahead(std::span<const std::uint32_t> word, const SampleRequest& request,
                                 const Poll& poll) const {
  SampleRequest on = request;
  on.prefix.assign(word.begin(), word.end());
  model_->sampler({}, poll)->check(on, poll);
}

}  // namespace makemore
