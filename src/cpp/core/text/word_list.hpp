// Words as symbol ids, held whole: what a model that learns from them needs. A word may count
// several times: it is then as if it stood there so often, one behind the other, but is held once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/poll.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

class WordList {
 public:
  explicit WordList(char32_t boundary) : alphabet_(boundary) {}

  // Words of a given alphabet: if it is `fixed`, no symbol joins it.
  explicit WordList(Alphabet alphabet, bool fixed)
      : alphabet_(std::move(alphabet)), fixed_(fixed) {}

  // What is held: words, and their symbols to be told, ends too.
  std::size_t size() const { return offsets_.size() - 1; }
  std::size_t positions() const { return ids_.size() + size(); }

  // The same, each as often as it counts.
  std::uint64_t total_words() const { return total_words_; }
  std::uint64_t total_positions() const { return total_positions_; }
  std::uint64_t times(std::size_t i) const { return times_.empty() ? 1 : times_[i]; }
  bool weighted() const { return !times_.empty(); }

  // The most positions that all words together may have: sums of them are exact as doubles too.
  static constexpr std::uint64_t kMostPositions = std::uint64_t{1} << 53;

  const Alphabet& alphabet() const { return alphabet_; }
  std::span<const std::uint32_t> word(std::size_t i) const {
    return std::span(ids_).subspan(offsets_[i], offsets_[i + 1] - offsets_[i]);
  }

  // The tokens behind the symbols so far, which a TokenCutter without a vocabulary has met, become
  // a vocabulary, whose symbols these are from then on; no others join.
  void take_vocabulary(const TokenTable& met, const TokenRules& rules, const Poll& poll);

  // Adds whole words in the packed layout; new symbols join the alphabet, so ids change. If it is
  // fixed they become its unknown symbol.
  // Throws Error for the boundary inside a word, or for a symbol that does not fit, and then leaves
  // the list as it was.
  void add(Text packed, const Poll& poll = {});

  // The same, where each word counts as often as its weight says; what counts 0 times is checked
  // and not held. Throws Error too for a negative weight, or where there are too many positions.
  void add(Text packed, std::span<const std::int64_t> weights, const Poll& poll = {});

 private:
  class Adding;

  void adopt(const std::vector<char32_t>& symbols, std::size_t from);

  Alphabet alphabet_;
  bool fixed_ = false;
  std::vector<std::uint32_t> ids_;
  std::vector<std::size_t> offsets_{0};
  std::vector<std::uint64_t> times_;  // empty while each word counts once
  std::uint64_t total_words_ = 0;
  std::uint64_t total_positions_ = 0;
  std::int64_t seen_ = 0;  // words, with those that count 0 times
};

}  // namespace makemore
