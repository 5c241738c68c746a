// Smooths the rows of a bigram model, and scores by them.
#include "bigram/bigram_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/decimal.hpp"
#include "base/error.hpp"
#include "bigram/add_k.hpp"
#include "bigram/bigram_cursor.hpp"
#include "bigram/bigram_sampler.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

BigramModel::BigramModel(const Ngrams& counts, double smoothing, const Poll& poll)
    : LanguageModel(counts.alphabet()) {
  const AddK smoothed(counts, smoothing, poll);
  const std::size_t v = size();
  probabilities_.resize(v * v);
  for (std::size_t a = 0; a < v; ++a) {
    std::fill_n(probabilities_.begin() + static_cast<std::ptrdiff_t>(a * v), v, smoothed.unseen(a));
  }
  for (const Bigram& bigram : smoothed.bigrams()) {
    probabilities_[bigram.first * v + bigram.second] = smoothed.seen(bigram);
  }
  never_ = smoothed.never();
  take_logs(poll);
}

BigramModel::BigramModel(Alphabet alphabet, std::vector<double> probabilities, const Poll& poll)
    : LanguageModel(std::move(alphabet)), probabilities_(std::move(probabilities)), never_(0) {
  constexpr double rounding = 1e-4;
  const std::size_t v = size();
  const auto fail = [&](std::size_t row, const std::string& problem) {
    throw Error("the row of " + quoted(this->alphabet(), static_cast<std::uint32_t>(row)) + " " +
                problem);
  };
  if (probabilities_.size() != v * v) throw Error("there must be a row for each symbol");
  Pace pace(poll);
  for (std::size_t row = 0; row < v; ++row) {
    double sum = 0;
    for (std::size_t column = 0; column < v; ++column) {
      const double p = probabilities_[row * v + column];
      if (!(p >= 0 && p <= 1 + rounding)) {
        fail(row, "has " + format_double(p, 6) + " for " +
                      quoted(this->alphabet(), static_cast<std::uint32_t>(column)) +
                      ", which is no probability");
      }
      sum += p;
    }
    if (sum != 0 && !(std::abs(sum - 1) <= rounding)) {
      fail(row, "sums to " + format_double(sum, 6) + " and not to 1");
    }
    pace.step(4 * v);
  }
  take_logs(poll);
}

void BigramModel::take_logs(const Poll& poll) {
  const std::size_t v = size();
  logs_.resize(v * v + v);
  const auto log = [](double p) { return p > 0 ? std::log(p) : -kInfinity; };
  Pace pace(poll);
  std::transform(probabilities_.begin(), probabilities_.end(), logs_.begin(), [&](double p) {
    pace.step(8);
    return log(p);
  });
  std::fill(logs_.begin() + static_cast<std::ptrdiff_t>(v * v), logs_.end(), log(never_));
}

void BigramModel::score(Text packed, std::vector<double>& scores, const Poll& poll) const {
  constexpr std::ptrdiff_t poll_after = std::ptrdiff_t{1} << 22;  // bytes
  const std::size_t v = size();
  std::size_t state = 0;
  double sum = 0;
  const std::uint8_t* p = packed.bytes.data();
  const std::uint8_t* const end = p + packed.bytes.size();
  while (p < end) {
    const std::uint8_t* const stop = p + std::min(end - p, poll_after);
    while (p < stop) {
      if (*p == kWordEnd) {
        scores.push_back(sum + logs_[state * v]);
        state = 0;
        sum = 0;
        ++p;
        continue;
      }
      const std::uint32_t id = inner_id(alphabet(), decode_valid(p));
      if (id == kUnknown) {
        sum = -kInfinity;  // whatever follows
      } else {
        sum += logs_[state * v + id];
        state = id;
      }
    }
    if (poll) poll();
  }
}

double BigramModel::log_likelihood(const Ngrams& counts, const Poll& poll) const {
  Pace pace(poll);
  const auto log = [&](std::size_t first, std::size_t second) {
    pace.step(8);
    return logs_[first * size() + second];
  };
  return bigram_log_likelihood(alphabet(), counts, log, poll);
}

void BigramModel::log_probabilities(std::span<const std::uint32_t> ids, double* out) const {
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) out[i] = step(last, ids[i]);
}

std::unique_ptr<Cursor> BigramModel::cursor() const {
  return std::make_unique<BigramCursor>(*this);
}

std::vector<double> BigramModel::next(std::span<const std::uint32_t> prefix) const {
  const std::size_t state = prefix.empty() ? 0 : prefix.back();
  if (state == kUnknown) return std::vector<double>(size(), never_);
  const auto row = probabilities().subspan(state * size(), size());
  return {row.begin(), row.end()};
}

std::shared_ptr<const WordSampler> BigramModel::sampler(const Truncation& truncation,
                                                        const Poll& poll) const {
  return std::make_shared<BigramSampler>(alphabet(), truncated(truncation, poll), poll);
}

std::vector<double> BigramModel::truncated(const Truncation& truncation, const Poll& poll) const {
  check_truncation(truncation);
  std::vector<double> result = probabilities_;
  Pace pace(poll);
  const std::uint32_t unknown = alphabet().unknown();
  for (std::size_t a = 0; a < size(); ++a) {
    const auto row = std::span(result).subspan(a * size(), size());
    if (unknown != kUnknown) leave_out(unknown, row);
    truncate(truncation, row);
    pace.step(32 * size());
  }
  return result;
}

}  // namespace makemore
