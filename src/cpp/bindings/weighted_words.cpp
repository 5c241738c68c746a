// Opens words and weights together, and reads them side by side.
#include "bindings/weighted_words.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/error.hpp"

namespace makemore {
namespace {

// Where both tell how many they are, before anything is read.
void check_lengths(py::handle words, py::handle weights) {
  if (!py::hasattr(words, "__len__") || !py::hasattr(weights, "__len__")) return;
  const std::size_t n = py::len(words);
  const std::size_t m = py::len(weights);
  if (n != m) {
    throw Error("got " + std::to_string(m) + " weights for " + std::to_string(n) + " words");
  }
}

}  // namespace

WeightedWords::WeightedWords(const py::object& words, const py::object& weights,
                             const WordOptions& options) {
  if (py::isinstance<py::str>(weights)) {
    auto table = open_table(words, options, weights.cast<std::string>());
    weighing_ = weights_of(*table);
    source_ = std::move(table);
    return;
  }
  source_ = open_words(words, options);
  if (weights.is_none()) return;
  weighing_ = open_weights(weights);
  check_lengths(words, weights);
}

bool WeightedWords::next() {
  const bool more = source_->next();
  if (weighing_ == nullptr) return more;
  if (!more) {
    weighing_->end(source_->end());
    return false;
  }
  seen_ += std::ssize(weights_);
  weights_ = weighing_->next(*source_);
  const auto negative =
      std::find_if(weights_.begin(), weights_.end(), [](auto w) { return w < 0; });
  if (negative != weights_.end()) {
    throw renumbered(Error("word", seen_ + (negative - weights_.begin()),
                           ": the weight " + std::to_string(*negative) + " is negative"));
  }
  return true;
}

}  // namespace makemore
