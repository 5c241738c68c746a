// Scores by looking up what a row lists.
#include "bigram/sparse_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bigram/sparse_sampler.hpp"

namespace makemore {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double log_of(double p) { return p > 0 ? std::log(p) : -kInfinity; }

void write_row(const SparseRow& row, std::span<double> out) {
  std::fill_n(out.begin(), row.rest_end, row.rest);
  std::fill(out.begin() + row.rest_end, out.end(), 0.0);
  for (std::size_t i = 0; i < row.columns.size(); ++i) out[row.columns[i]] = row.values[i];
}

}  // namespace

SparseBigramModel::SparseBigramModel(const Ngrams& counts, double smoothing, const Poll& poll)
    : SparseBigramModel(counts.alphabet(), AddK(counts, smoothing, poll), poll) {}

SparseBigramModel::SparseBigramModel(const Alphabet& alphabet, const AddK& smoothed,
                                     const Poll& poll)
    : LanguageModel(alphabet),
      probabilities_(smoothed, poll),
      never_(smoothed.never()),
      logs_(probabilities_) {
  logs_.transform(log_of, poll);
}

Buffer<double> SparseBigramModel::probabilities(const Poll& poll) const {
  Buffer<double> all(size() * size());
  Pace pace(poll);
  for (std::size_t row = 0; row < size(); ++row) {
    write_row(probabilities_.row(row), std::span(all).subspan(row * size(), size()));
    pace.step(size());
  }
  return all;
}

std::vector<double> SparseBigramModel::next(std::span<const std::uint32_t> prefix) const {
  const std::uint32_t state = prefix.empty() ? 0 : prefix.back();
  std::vector<double> row(size(), never_);
  if (state != kUnknown) write_row(probabilities_.row(state), row);
  return row;
}

std::shared_ptr<const WordSampler> SparseBigramModel::sampler(const Truncation& truncation,
                                                              const Poll& poll) const {
  SparseRows rows = probabilities_;
  rows.truncate(truncation, poll);
  return std::make_shared<SparseSampler>(alphabet(), rows, poll);
}

double SparseBigramModel::log_likelihood(const Ngrams& counts, const Poll& poll) const {
  Pace pace(poll);
  const auto log = [&](std::uint32_t first, std::uint32_t second) {
    pace.step(32);
    return logs_.row(first).at(second);
  };
  return bigram_log_likelihood(alphabet(), counts, log, poll);
}

void SparseBigramModel::log_probabilities(std::span<const std::uint32_t> ids, double* out) const {
  const double never = log_of(never_);
  std::uint32_t state = 0;
  for (const std::uint32_t id : ids) {
    if (id == kUnknown) {
      *out++ = -kInfinity;
    } else {
      *out++ = state == kUnknown ? never : logs_.row(state).at(id);
    }
    state = id;
  }
}

}  // namespace makemore
