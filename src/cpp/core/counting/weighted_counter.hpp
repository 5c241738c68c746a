// Counts the bigrams of words that come with weights: each as if it stood there so often.
//
// Exact: the bigrams of all words together must fit 64 bits. A word of weight 0 is checked
// like any other, and adds nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/poll.hpp"
#include "counting/pair_sums.hpp"
#include "counts/ngrams.hpp"
#include "text/alphabet.hpp"
#include "text/symbol_codes.hpp"
#include "text/text.hpp"

namespace makemore {

class WeightedCounter {
 public:
  struct Options {
    char32_t boundary = U'.';
    std::optional<Alphabet> alphabet{};  // if given, any other symbol is an error
    Poll poll{};                         // may stop the work; the counter is then of no more use
  };

  explicit WeightedCounter(Options options);

  // Counts a block of words, of which there are as many as weights. Throws Error for a
  // negative weight, a symbol that no word may hold and a total beyond 64 bits; then the
  // counter is of no more use.
  void add(Text packed, std::span<const std::int64_t> weights);

  // What was counted so far.
  Ngrams counts() const;

 private:
  bool allowed(char32_t symbol) const;
  std::uint32_t code_of(const std::uint8_t*& p);
  [[noreturn]] void fail_symbol(const std::uint8_t* word, const std::uint8_t* at) const;

  static constexpr std::uint32_t kNoCode = 0xFFFFFFFF;

  Options options_;
  SymbolCodes codes_;
  PairSums sums_;
  std::array<bool, SymbolCodes::kAscii> forbidden_{};  // ASCII symbols that no word may hold
  std::int64_t words_ = 0;                             // so far, whatever they weigh
  std::int64_t total_ = 0;
};

}  // namespace makemore
