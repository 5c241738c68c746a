// Sorts symbols into ids.
#include "text/alphabet.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "text/quoted.hpp"
#include "text/tokens/token_cutter.hpp"
#include "text/utf8.hpp"

namespace makemore {

Alphabet::Alphabet(char32_t boundary, std::vector<char32_t> others) : symbols_(std::move(others)) {
  std::erase(symbols_, boundary);
  std::sort(symbols_.begin(), symbols_.end());
  symbols_.erase(std::unique(symbols_.begin(), symbols_.end()), symbols_.end());
  symbols_.insert(symbols_.begin(), boundary);
  for (const char32_t symbol : symbols_) {
    if (symbol > kMaxCodePoint || is_surrogate(symbol)) {
      throw Error("the alphabet holds a lone surrogate or a number that is no code point");
    }
  }

  number();
}

Alphabet::Alphabet(std::shared_ptr<const Vocabulary> vocabulary, bool unknown)
    : vocabulary_(std::move(vocabulary)) {
  symbols_.reserve(vocabulary_->size() + 2);
  symbols_.push_back(Vocabulary::kBoundarySymbol);
  // Before all others: ids then keep their order when tokens join.
  if (unknown) symbols_.push_back(kUnknownSymbol);
  const auto numbers = static_cast<std::uint32_t>(vocabulary_->table().size());
  for (std::uint32_t number = Vocabulary::kFirst; number < numbers; ++number) {
    symbols_.push_back(Vocabulary::symbol_of(number));
  }
  number();
}

void Alphabet::number() {
  direct_.fill(kUnknown);
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    if (symbols_[i] < kDirect) direct_[symbols_[i]] = static_cast<std::uint32_t>(i);
  }
  unknown_ = symbols_[0] == kUnknownSymbol ? kUnknown : id_above(kUnknownSymbol);
}

std::uint32_t Alphabet::id_above(char32_t symbol) const {
  if (symbol == symbols_[0]) return 0;
  if (vocabulary_) {  // of tokens without a gap
    const bool has_unknown = symbols_.size() > vocabulary_->size() + 1;
    if (symbol == kUnknownSymbol) return has_unknown ? 1 : kUnknown;
    const std::uint32_t id =
        Vocabulary::number_of(symbol) - Vocabulary::kFirst + (has_unknown ? 2 : 1);
    return id < symbols_.size() ? id : kUnknown;
  }
  const auto found = std::lower_bound(symbols_.begin() + 1, symbols_.end(), symbol);
  if (found == symbols_.end() || *found != symbol) return kUnknown;
  return static_cast<std::uint32_t>(found - symbols_.begin());
}

std::size_t Alphabet::memory() const {
  const std::size_t symbols = symbols_.capacity() * sizeof(char32_t);
  return vocabulary_ ? symbols + sizeof(Vocabulary) + vocabulary_->table().memory() : symbols;
}

std::string Alphabet::spelled(std::uint32_t id) const {
  return vocabulary_ ? std::string(vocabulary_->spelled(symbols_[id])) : to_utf8(symbols_[id]);
}

bool Alphabet::is_alike(const Alphabet& other) const {
  if (!vocabulary_ || !other.vocabulary_) {
    return !vocabulary_ && !other.vocabulary_ && boundary() == other.boundary();
  }
  return vocabulary_ == other.vocabulary_ || vocabulary_->rules() == other.vocabulary_->rules();
}

bool Alphabet::operator==(const Alphabet& other) const {
  if (symbols_ != other.symbols_) return false;
  if (!vocabulary_ || !other.vocabulary_) return !vocabulary_ && !other.vocabulary_;
  return *vocabulary_ == *other.vocabulary_;
}

std::string quoted(const Alphabet& alphabet, std::uint32_t id) {
  return alphabet.vocabulary() ? quoted(alphabet.spelled(id)) : quoted(alphabet.symbols()[id]);
}

std::string spelled(const Alphabet& alphabet, std::span<const std::uint32_t> ids) {
  std::string word;
  const Vocabulary* const vocabulary = alphabet.vocabulary().get();
  const bool listed = vocabulary != nullptr && vocabulary->rules().cut == TokenRules::Cut::listed;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (vocabulary != nullptr && i > 0) word += vocabulary->rules().joint();
    word += alphabet.spelled(ids[i]);
    if (listed) word += static_cast<char>(kTokenEnd);
  }
  return word;
}

std::string quoted(const Alphabet& alphabet, std::span<const std::uint32_t> ids) {
  const std::string word = spelled(alphabet, ids);
  return alphabet.vocabulary() ? quoted_word(alphabet.vocabulary()->rules(), word) : quoted(word);
}

namespace {

// How words become symbols, in the words of a message.
std::string manner(const Alphabet& alphabet) {
  if (!alphabet.vocabulary()) return "characters";
  const TokenRules& rules = alphabet.vocabulary()->rules();
  switch (rules.cut) {
    case TokenRules::Cut::listed: return "lists of tokens";
    case TokenRules::Cut::separated: return "tokens separated by " + quoted(rules.separator);
    case TokenRules::Cut::longest:
      return "the " + std::to_string(rules.pieces.size()) + " pieces of symbols=";
    case TokenRules::Cut::graphemes: break;
  }
  return "graphemes";
}

}  // namespace

void check_alike(const Alphabet& a, const std::string& what_a, const Alphabet& b,
                 const std::string& what_b) {
  if (a.is_alike(b)) return;
  if (quoted(a, 0) != quoted(b, 0)) {
    throw Error(what_a + " the boundary " + quoted(a, 0) + ", " + what_b + " " + quoted(b, 0));
  }
  if (manner(a) == manner(b)) {
    throw Error(what_a + " other pieces of symbols= than " + what_b);
  }
  throw Error(what_a + " symbols that are " + manner(a) + ", " + what_b + " " + manner(b));
}

std::vector<std::uint32_t> ids_in(const Alphabet& to, const Alphabet& from) {
  std::vector<std::uint32_t> ids(from.size());
  const bool same_tokens = from.vocabulary() == to.vocabulary();
  for (std::size_t i = 1; i < ids.size(); ++i) {
    char32_t symbol = from.symbols()[i];
    if (!same_tokens && symbol != kUnknownSymbol) {
      const std::uint32_t number =
          to.vocabulary()->table().find(from.vocabulary()->spelled(symbol));
      symbol = number == TokenTable::kNone ? kUnknownSymbol : Vocabulary::symbol_of(number);
    }
    ids[i] = to.id_or_unknown(symbol);
  }
  return ids;
}

namespace {

std::vector<std::string> tokens_of(const Vocabulary& vocabulary) {
  std::vector<std::string> tokens;
  for (std::size_t i = Vocabulary::kFirst; i < vocabulary.table().size(); ++i) {
    tokens.emplace_back(vocabulary.table()[i]);
  }
  return tokens;
}

bool has_unknown(const Alphabet& alphabet) { return alphabet.unknown() != kUnknown; }

}  // namespace

TokenAlphabet token_alphabet(const Alphabet& met_symbols, const TokenTable& met,
                             const TokenRules& rules, const Poll& poll) {
  const std::span<const char32_t> symbols = met_symbols.symbols();
  std::vector<std::string> tokens;
  for (const char32_t symbol : symbols) {
    const std::uint32_t number = Vocabulary::number_of(symbol);
    if (number >= Vocabulary::kFirst) tokens.emplace_back(met[number]);
  }
  TokenAlphabet made{Alphabet(std::make_shared<const Vocabulary>(rules, std::move(tokens), poll),
                              has_unknown(met_symbols)),
                     std::vector<std::uint32_t>(symbols.size())};
  const TokenTable& table = made.alphabet.vocabulary()->table();
  for (std::size_t i = 1; i < symbols.size(); ++i) {
    const std::uint32_t number = table.find(met[Vocabulary::number_of(symbols[i])]);
    made.ids[i] = made.alphabet.id(Vocabulary::symbol_of(number));
  }
  return made;
}

Alphabet united(const Alphabet& a, const Alphabet& b) {
  if (!a.is_alike(b) && quoted(a, 0) != quoted(b, 0)) {
    throw Error("counts with the boundaries " + quoted(a, 0) + " and " + quoted(b, 0) +
                " cannot be added");
  }
  check_alike(a, "counts cannot be added: the ones have", b, "the others");
  if (a == b) return a;
  if (a.vocabulary()) {
    if (a.vocabulary() == b.vocabulary() || *a.vocabulary() == *b.vocabulary()) {
      return has_unknown(a) ? a : b;
    }
    std::vector<std::string> all = tokens_of(*a.vocabulary());
    for (std::string& token : tokens_of(*b.vocabulary())) all.push_back(std::move(token));
    return Alphabet(std::make_shared<const Vocabulary>(a.vocabulary()->rules(), std::move(all)),
                    has_unknown(a) || has_unknown(b));
  }
  std::vector<char32_t> all(a.symbols().begin() + 1, a.symbols().end());
  all.insert(all.end(), b.symbols().begin() + 1, b.symbols().end());
  return Alphabet(a.boundary(), std::move(all));
}

Alphabet united(std::span<const Alphabet* const> alphabets) {
  const Alphabet& first = *alphabets[0];
  const auto other = std::find_if(alphabets.begin(), alphabets.end(),
                                  [&](const Alphabet* one) { return !(*one == first); });
  if (other == alphabets.end()) return first;
  // Halves, so that no symbol is copied more often than the number of alphabets has digits.
  const std::size_t half = alphabets.size() / 2;
  return united(united(alphabets.first(half)), united(alphabets.subspan(half)));
}

std::size_t united_size(std::span<const Alphabet* const> alphabets) {
  const Alphabet& most = **std::max_element(
      alphabets.begin(), alphabets.end(),
      [](const Alphabet* a, const Alphabet* b) { return a->size() < b->size(); });
  std::set<std::string> others;
  for (const Alphabet* const one : alphabets) {
    if (one == &most || *one == most) continue;
    check_alike(most, "counts cannot be added: some have", *one, "others");
    for (const char32_t symbol : one->symbols()) {
      const bool token = one->vocabulary() && Vocabulary::number_of(symbol) >= Vocabulary::kFirst;
      const std::string_view spelled = token ? one->vocabulary()->spelled(symbol) : "";
      const bool known = token ? most.vocabulary()->table().find(spelled) != TokenTable::kNone
                               : most.id(symbol) != kUnknown;
      if (!known) others.emplace(token ? std::string(spelled) : to_utf8(symbol));
    }
  }
  return most.size() + others.size();
}

Alphabet with_unknown(const Alphabet& alphabet) {
  if (alphabet.boundary() == kUnknownSymbol) {
    throw Error("the boundary is U+FFFD, the unknown symbol; choose another boundary=");
  }
  if (has_unknown(alphabet)) return alphabet;
  if (alphabet.vocabulary()) return Alphabet(alphabet.vocabulary(), true);
  std::vector<char32_t> all(alphabet.symbols().begin() + 1, alphabet.symbols().end());
  all.push_back(kUnknownSymbol);
  return Alphabet(alphabet.boundary(), std::move(all));
}

}  // namespace makemore
