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
  AddK(const Bigrams& counts, double smoothing)
      : symbols_(static_cast<double>(counts.alphabet().size())), sums_(counts.alphabet().size()) {
    if (!(smoothing >= 0) || smoothing == std::numeric_limits<double>::infinity()) {
      throw Error("smoothing must be a number from 0 up");
    }
    if (counts.total() == 0) throw Error("there are no words to make a model of");
    // Dividing through by a huge k keeps k V finite; below that it would only cost digits.
    if (smoothing > 1e100) scale_ = smoothing;
    k_ = smoothing / scale_;
    for (const Cell& cell : counts.cells()) sums_[cell.first] += cell.count;
  }

  // The probability of a bigram that was counted.
  double seen(const Cell& cell) const {
    return (static_cast<double>(cell.count) / scale_ + k_) / row(cell.first);
  }
  // That of one that was not, after a symbol; 0 if nothing was ever seen after it.
  double unseen(std::size_t first) const { return row(first) > 0 ? k_ / row(first) : 0; }
  // That of any symbol after one that was never seen.
  double never() const { return k_ > 0 ? k_ / (k_ * symbols_) : 0; }

 private:
  double row(std::size_t first) const {
    return static_cast<double>(sums_[first]) / scale_ + k_ * symbols_;
  }

  double symbols_;
  std::vector<std::int64_t> sums_;
  double scale_ = 1;
  double k_ = 0;
};

// The sum of the log-probabilities of counted words' symbols; log(first, second) is that of
// ids of `alphabet`. -inf where a counted bigram has a symbol that is not in it.
template <class Log>
double bigram_log_likelihood(const Alphabet& alphabet, const Bigrams& counts, Log&& log) {
  if (counts.alphabet().boundary() != alphabet.boundary()) {
    throw Error("the words have the boundary " + quoted(counts.alphabet().boundary()) +
                ", the model has " + quoted(alphabet.boundary()));
  }
  const std::span<const char32_t> symbols = counts.alphabet().symbols();
  std::vector<std::uint32_t> ids(symbols.size());
  for (std::size_t i = 1; i < symbols.size(); ++i) ids[i] = alphabet.id(symbols[i]);
  double sum = 0;
  for (const Cell& cell : counts.cells()) {
    const std::uint32_t first = ids[cell.first];
    const std::uint32_t second = ids[cell.second];
    if (first == kUnknown || second == kUnknown) return -std::numeric_limits<double>::infinity();
    sum += static_cast<double>(cell.count) * log(first, second);
  }
  return sum;
}

}  // namespace makemore
