// Finds where tokens end, numbers them, and says which word cannot be.
#include "text/tokens/token_cutter.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "text/bad_symbol.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

using Cut = TokenRules::Cut;

std::string_view view(const std::uint8_t* begin, const std::uint8_t* end) {
  return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
}

// A word of a packed text of which only the beginning was read.
std::string_view whole(std::string_view word) {
  const char* end = word.data();
  while (static_cast<std::uint8_t>(*end) != kWordEnd) ++end;
  return {word.data(), static_cast<std::size_t>(end - word.data())};
}

std::size_t size_of_first(std::string_view text) {
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::uint8_t* p = begin;
  (void)decode_valid(p);
  return static_cast<std::size_t>(p - begin);
}

}  // namespace

TokenCutter::TokenCutter(TokenRules rules, Graphemes graphemes)
    : rules_(std::move(rules)),
      graphemes_(std::move(graphemes)),
      longest_(rules_.pieces),
      fresh_(Vocabulary::fresh_table(rules_)) {
  check_rules(rules_);
}

TokenCutter::TokenCutter(std::shared_ptr<const Vocabulary> vocabulary, Outside outside,
                         bool boundary_fails, Graphemes graphemes)
    : vocabulary_(std::move(vocabulary)),
      outside_(outside),
      boundary_fails_(boundary_fails),
      graphemes_(std::move(graphemes)),
      longest_(vocabulary_->rules().pieces) {}

// Calls use(token) for each token of a word.
template <class Use>
void TokenCutter::each_token(std::string_view word, Use&& use) {
  const TokenRules& rules = this->rules();
  switch (rules.cut) {
    case Cut::listed:
      for (std::size_t at = 0; at < word.size();) {
        const std::size_t end = word.find(static_cast<char>(kTokenEnd), at);
        use(word.substr(at, end - at));
        at = end + 1;
      }
      return;
    case Cut::separated:
      for (std::size_t at = 0; at < word.size();) {
        const std::size_t end = std::min(word.find(rules.separator, at), word.size());
        if (end > at) use(word.substr(at, end - at));
        at = end + rules.separator.size();
      }
      return;
    case Cut::longest:
      while (!word.empty()) {
        const std::size_t piece = longest_(word);
        const std::size_t size = piece != 0 ? piece : size_of_first(word);
        use(word.substr(0, size));
        word.remove_prefix(size);
      }
      return;
    case Cut::graphemes: break;
  }
  sizes_.clear();
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && c != '\r';  // \r\n is one
  });
  if (plain) {
    sizes_.assign(word.size(), 1);
  } else {
    graphemes_(word, sizes_);
  }
  for (const std::size_t size : sizes_) {
    use(word.substr(0, size));
    word.remove_prefix(std::min(size, word.size()));
  }
}

std::vector<std::string_view> TokenCutter::tokens_of(std::string_view word) {
  std::vector<std::string_view> tokens;
  each_token(word, [&](std::string_view token) { tokens.push_back(token); });
  return tokens;
}

// One word, between separators of one byte. Returns the place of its end.
const std::uint8_t* TokenCutter::cut_at_byte(const std::uint8_t* at) {
  const auto separator = static_cast<std::uint8_t>(rules().separator[0]);
  const std::uint8_t* const word = at;
  while (true) {
    while (*at == separator) ++at;
    if (*at == kWordEnd) return at;
    const std::uint8_t* const token = at;
    while (*at != separator && *at != kWordEnd) ++at;
    write(view(token, at), view(word, at));
  }
}

Text TokenCutter::cut(Text packed, const Poll& poll) {
  // A token of one byte becomes a symbol of up to four.
  out_.resize(4 * packed.bytes.size() + 4);
  to_ = out_.data();
  const bool at_byte = rules().cut == Cut::separated && rules().separator.size() == 1;
  const std::uint8_t* at = packed.bytes.data();
  const std::uint8_t* const end = at + packed.bytes.size();
  Pace pace(poll);
  while (at < end) {
    const std::uint8_t* const word = at;
    const std::uint8_t* const before = to_;
    if (at_byte) {
      at = cut_at_byte(at);
    } else {
      at = std::find(at, end, kWordEnd);
      const std::string_view all = view(word, at);
      each_token(all, [&](std::string_view token) { write(token, all); });
    }
    pace.step(static_cast<std::size_t>(at - word) + 1);
    ++at;
    if (to_ != before || !leave_out_empty_) *to_++ = kWordEnd;
    ++words_;
  }
  return {{out_.data(), static_cast<std::size_t>(to_ - out_.data())}, Layout::packed, false};
}

// `word` begins where the word does, and may end before it.
void TokenCutter::write(std::string_view token, std::string_view word) {
  std::uint32_t number = 0;
  if (vocabulary_) {
    number = vocabulary_->table().find(token);
    if (number == TokenTable::kNone) number = Vocabulary::kUnknownToken;
    if (number == Vocabulary::kUnknownToken && outside_ == Outside::fails) {
      fail_outside(token, word);
    }
  } else {
    if (token.empty()) throw Error("word", words_, ": a token is an empty str");
    number = fresh_.add(token);
    if (number >= Vocabulary::kMost) fail_too_many_tokens();
  }
  if (number == Vocabulary::kBoundary && boundary_fails_) fail_boundary(word);
  to_ = encode(Vocabulary::symbol_of(number), to_);
}

void TokenCutter::fail_outside(std::string_view token, std::string_view word) const {
  throw Error("word", words_, outside_alphabet(quoted_word(rules(), whole(word)), quoted(token)));
}

void TokenCutter::fail_boundary(std::string_view word) const {
  throw Error("word", words_,
              boundary_inside(quoted_word(rules(), whole(word)), quoted(rules().boundary)));
}

std::string quoted_word(const TokenRules& rules, std::string_view word) {
  if (rules.cut != Cut::listed) return quoted(word);
  constexpr std::size_t most = 60;
  std::string list = "[";
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t end = std::min(word.find(static_cast<char>(kTokenEnd), at), word.size());
    if (at > most) {
      list += list.size() > 1 ? ", ..." : "...";
      break;
    }
    list += (at > 0 ? ", " : "") + quoted(word.substr(at, end - at));
    at = end + 1;
  }
  return list + "]";
}

}  // namespace makemore
