// Words as symbol ids, held whole: what a model that learns from them needs.
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

  std::size_t size() const { return offsets_.size() - 1; }
  std::size_t positions() const { return ids_.size() + size(); }  // symbols to be told, ends too
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

 private:
  void adopt(const std::vector<char32_t>& symbols, std::size_t from);

  Alphabet alphabet_;
  bool fixed_ = false;
  std::vector<std::uint32_t> ids_;
  std::vector<std::size_t> offsets_{0};
};

}  // namespace makemore
