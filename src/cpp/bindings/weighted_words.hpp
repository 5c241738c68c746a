// Words and how often each counts, block by block: the one way in for words that may be weighted.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "bindings/python.hpp"
#include "bindings/weights.hpp"
#include "bindings/words.hpp"

namespace makemore {

class WeightedWords {
 public:
  // `weights` are None, where each word counts once; those of the words in turn; or the name of the
  // column of a table that holds them. Raises what open_words() and open_weights() raise, and
  // ValueError where both tell their lengths and these are not the same.
  WeightedWords(const py::object& words, const py::object& weights, const WordOptions& options);

  // Packs the next block, and takes its weights; false if no words are left. Raises ValueError if
  // there are more or fewer weights than words, or a weight is negative.
  bool next();

  Text text() const { return source_->text(); }

  // One for each word of the block; none if each counts once.
  std::span<const std::int64_t> weights() const { return weights_; }
  bool weighted() const { return weighing_ != nullptr; }

  WordSource& source() { return *source_; }

  // The core's error about a word of this block, numbered as the input is.
  Error renumbered(const Error& error) const { return source_->renumbered(error); }

 private:
  std::unique_ptr<WordSource> source_;
  std::unique_ptr<WeightSource> weighing_;  // null if each word counts once
  std::span<const std::int64_t> weights_;
  std::int64_t seen_ = 0;  // words before this block, without nulls
};

}  // namespace makemore
