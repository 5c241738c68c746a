// Add-k smoothing: P(b | a) = (n(a, b) + k) / (n(a) + k V), in floating point.
//
// The one place where counts become probabilities, so that a bigram is as likely whichever
// way a model keeps its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "counts/bigrams.hpp"
#include "text/quoted.hpp"

namespace makemore {

class AddK {
 public:
  // Throws Error for a smoothing that is none, and where no words were counted.
  AddK(const Ngrams& counts, double smoothing, const Poll& poll = {})
      : bigrams_(bigram_rows(counts, poll)), sums_(counts.alphabet().size()) {
    if (!(smoothing >= 0) || smoothing == std::numeric_limits<double>::infinity()) {
      throw Error("smoothing must be a number from 0 up");
    }
    if (counts.total() == 0) throw Error("there are no words to make a model of");
    // Dividing through by a huge k keeps k V finite; below that it would only cost digits.
    if (smoothing > 1e100) scale_ = smoothing;
    k_ = smoothing / scale_;
    for (const Bigram& bigram : bigrams_) sums_[bigram.first] += bigram.count;
  }

  std::size_t symbols() const { return sums_.size(); }
  const Buffer<Bigram>& bigrams() const { return bigrams_; }  // that were counted, by rows

  // The probability of one of them.
  double seen(const Bigram& bigram) const {
    return (static_cast<double>(bigram.count) / scale_ + k_) / row(bigram.first);
  }
  // That of one that was not, after a symbol; 0 if nothing was ever seen after it.
  double unseen(std::size_t first) const { return row(first) > 0 ? k_ / row(first) : 0; }
  // That of any symbol after one that was never seen.
  double never() const { return k_ > 0 ? k_ / total_k() : 0; }

 private:
  double row(std::size_t first) const {
    return static_cast<double>(sums_[first]) / scale_ + total_k();
  }
  double total_k() const { return k_ * static_cast<double>(symbols()); }

  Buffer<Bigram> bigrams_;
  std::vector<std::int64_t> sums_;
  double scale_ = 1;
  double k_ = 0;
};

// The sum of the log-probabilities of counted words' symbols; log(first, second) is that of
// ids of `alphabet`. -inf where a counted bigram has a symbol that it has no id for. Numbers are
// added row by row: how they round depends on it.
template <class Log>
double bigram_log_likelihood(const Alphabet& alphabet, const Ngrams& counts, Log&& log,
                             const Poll& poll) {
  check_alike(counts.alphabet(), "the words have", alphabet, "the model has");
  const std::vector<std::uint32_t> ids = ids_in(alphabet, counts.alphabet());
  double sum = 0;
  for (const Bigram& bigram : bigram_rows(counts, poll)) {
    const std::uint32_t first = ids[bigram.first];
    const std::uint32_t second = ids[bigram.second];
    if (first == kUnknown || second == kUnknown) return -std::numeric_limits<double>::infinity();
    sum += static_cast<double>(bigram.count) * log(first, second);
  }
  return sum;
}

}  // namespace makemore
