// Sorts tokens into numbers.
#include "text/tokens/vocabulary.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/sort_by_key.hpp"
#include "text/alphabet.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

const std::string& unknown_token() {
  static const std::string token = to_utf8(kUnknownSymbol);
  return token;
}

struct Prefixed {
  std::uint64_t prefix;  // the first bytes, of which the first is the highest digit
  std::string_view token;
};

std::uint64_t prefix_of(std::string_view token) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    prefix = prefix << 8 | (i < token.size() ? static_cast<std::uint8_t>(token[i]) : 0);
  }
  return prefix;
}

// In the order of their bytes, which is that of their code points. Few tokens are the same in
// their first bytes, so most are sorted without a look at them.
std::vector<std::string_view> sorted_tokens(std::span<const std::string_view> tokens,
                                            const Poll& poll) {
  std::vector<Prefixed> prefixed;
  prefixed.reserve(tokens.size());
  for (const std::string_view token : tokens) prefixed.push_back({prefix_of(token), token});
  sort_by_key(prefixed, 64, [](const Prefixed& one) { return one.prefix; }, poll);
  std::vector<std::string_view> sorted;
  sorted.reserve(tokens.size());
  Pace pace(poll);
  for (std::size_t begin = 0; begin < prefixed.size(); begin = sorted.size()) {
    for (std::size_t i = begin; i < prefixed.size(); ++i) {
      if (prefixed[i].prefix != prefixed[begin].prefix) break;
      sorted.push_back(prefixed[i].token);
    }
    const std::size_t many = sorted.size() - begin;
    if (many > 1) std::sort(sorted.end() - static_cast<std::ptrdiff_t>(many), sorted.end());
    pace.step(16 * many);
  }
  return sorted;
}

}  // namespace

std::vector<std::string_view> views_of(const std::vector<std::string>& tokens) {
  return {tokens.begin(), tokens.end()};
}

void check_rules(const TokenRules& rules) {
  if (rules.boundary.empty()) throw Error("the boundary is an empty str");
  if (rules.boundary == unknown_token()) {
    throw Error("the boundary is U+FFFD, the unknown symbol; choose another boundary=");
  }
  if (rules.cut == TokenRules::Cut::separated) {
    if (rules.separator.empty()) throw Error("the separator is an empty str");
    if (rules.separator.find_first_of("\r\n") != rules.separator.npos) {
      throw Error("the separator " + quoted(std::string_view(rules.separator)) +
                  " holds a line end, which ends a word");
    }
    if (rules.boundary.find(rules.separator) != rules.boundary.npos) {
      throw Error("the boundary " + quoted(std::string_view(rules.boundary)) +
                  " holds the separator");
    }
  }
  if (rules.cut != TokenRules::Cut::separated && !rules.separator.empty()) {
    throw Error("there is a separator, and words are not separated");
  }
  if (rules.cut != TokenRules::Cut::longest && !rules.pieces.empty()) {
    throw Error("there are pieces, and words are not cut into such");
  }
  for (const std::string& piece : rules.pieces) {
    if (piece.empty()) throw Error("symbols= holds an empty str");
  }
}

void fail_too_many_tokens() {
  throw Error("there are more than " + std::to_string(Vocabulary::kMost - Vocabulary::kFirst) +
              " different tokens; give the frequent ones as vocabulary=");
}

TokenTable Vocabulary::fresh_table(const TokenRules& rules) {
  TokenTable table;
  table.add(rules.boundary);
  table.add(unknown_token());
  return table;
}

Vocabulary::Vocabulary(TokenRules rules, std::span<const std::string_view> tokens, const Poll& poll)
    : rules_(std::move(rules)), table_(fresh_table(rules_)) {
  check_rules(rules_);
  Pace pace(poll);
  for (const std::string_view token : sorted_tokens(tokens, poll)) {
    if (token.empty()) throw Error("a token is an empty str");
    table_.add(token, poll);
    pace.step(16);
  }
  if (table_.size() > kMost) fail_too_many_tokens();
}

bool Vocabulary::operator==(const Vocabulary& other) const {
  if (this == &other) return true;
  if (size() != other.size() || !(rules_ == other.rules_)) return false;
  for (std::size_t i = kFirst; i < table_.size(); ++i) {
    if (table_[i] != other.table_[i]) return false;
  }
  return true;
}

void check_order_of_tokens(const std::vector<std::string>& tokens) {
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (!(tokens[i - 1] < tokens[i])) {
      throw Error("the tokens must stand in the order of their code points, each once");
    }
  }
}

std::shared_ptr<const Vocabulary> kept_vocabulary(TokenRules rules,
                                                  const std::vector<std::string>& tokens,
                                                  const Poll& poll) {
  for (const std::string& token : tokens) {
    const Bytes bytes{reinterpret_cast<const std::uint8_t*>(token.data()), token.size()};
    if (first_invalid(bytes) < bytes.size()) throw Error("a token is not valid UTF-8");
  }
  check_order_of_tokens(tokens);
  const std::size_t size = tokens.size();
  auto vocabulary = std::make_shared<const Vocabulary>(std::move(rules), views_of(tokens), poll);
  if (vocabulary->size() != size) throw Error("the boundary or the unknown symbol is no token");
  return vocabulary;
}

}  // namespace makemore
