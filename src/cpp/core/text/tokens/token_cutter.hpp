// Cuts words into tokens and writes the symbols of these: the adapter through which text of
// tokens becomes the core's view.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "text/text.hpp"
#include "text/tokens/longest_match.hpp"
#include "text/tokens/token_table.hpp"
#include "text/tokens/vocabulary.hpp"

namespace makemore {

// Appends the sizes in bytes of the grapheme clusters of a word that is not all ASCII.
using Graphemes = std::function<void(std::string_view word, std::vector<std::size_t>& sizes)>;

class TokenCutter {
 public:
  // What a token that a vocabulary does not hold becomes.
  enum class Outside : std::uint8_t { unknown, fails };

  // Every token that is met joins: its symbol is then that of its number in tokens().
  explicit TokenCutter(TokenRules rules, Graphemes graphemes = {});

  // Tokens of a vocabulary. If the boundary `fails` inside a word it is an error there; otherwise
  // its symbol is written.
  TokenCutter(std::shared_ptr<const Vocabulary> vocabulary, Outside outside, bool boundary_fails,
              Graphemes graphemes = {});

  // Whether words without a token are left out from now on; they are numbered all the same.
  void leave_out_empty(bool left_out) { leave_out_empty_ = left_out; }

  const TokenRules& rules() const { return vocabulary_ ? vocabulary_->rules() : rules_; }

  // The words of a text in the packed layout, as their tokens' symbols; valid until the next call.
  // Throws Error for a word that may not be, numbered from the first of all calls.
  Text cut(Text packed, const Poll& poll = {});

  // The tokens of one word, which must outlive them.
  std::vector<std::string_view> tokens_of(std::string_view word);

  // The tokens met so far; without a vocabulary.
  const TokenTable& tokens() const { return fresh_; }

 private:
  template <class Use>
  void each_token(std::string_view word, Use&& use);
  const std::uint8_t* cut_at_byte(const std::uint8_t* at);
  void write(std::string_view token, std::string_view word);
  [[noreturn]] void fail_outside(std::string_view token, std::string_view word) const;
  [[noreturn]] void fail_boundary(std::string_view word) const;

  TokenRules rules_;  // without a vocabulary
  std::shared_ptr<const Vocabulary> vocabulary_;
  Outside outside_ = Outside::fails;
  bool boundary_fails_ = true;
  bool leave_out_empty_ = false;
  Graphemes graphemes_;
  LongestMatch longest_;
  TokenTable fresh_;
  Buffer<std::uint8_t> out_;
  std::uint8_t* to_ = nullptr;  // where the next symbol goes
  std::int64_t words_ = 0;      // that were cut
  std::vector<std::size_t> sizes_;
};

// A word as a message shows it.
std::string quoted_word(const TokenRules& rules, std::string_view word);

}  // namespace makemore
