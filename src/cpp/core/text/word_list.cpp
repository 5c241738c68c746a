// Decodes words and numbers their symbols.
#include "text/word_list.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "text/bad_symbol.hpp"
#include "text/utf8.hpp"

namespace makemore {

// Makes ids of the code points from `from` on, after new symbols have joined.
void WordList::adopt(const std::vector<char32_t>& fresh, std::size_t from) {
  const std::span<const char32_t> old = alphabet_.symbols();
  std::vector<char32_t> all(old.begin() + 1, old.end());
  all.insert(all.end(), fresh.begin(), fresh.end());
  Alphabet larger(alphabet_.boundary(), std::move(all));
  if (larger.size() != old.size()) {
    std::vector<std::uint32_t> moved(old.size());
    for (std::size_t id = 0; id < old.size(); ++id) moved[id] = larger.id(old[id]);
    for (std::size_t i = 0; i < from; ++i) ids_[i] = moved[ids_[i]];
    alphabet_ = std::move(larger);
  }
  for (std::size_t i = from; i < ids_.size(); ++i) {
    ids_[i] = alphabet_.id_or_unknown(static_cast<char32_t>(ids_[i]));
  }
}

void WordList::take_vocabulary(const TokenTable& met, const TokenRules& rules, const Poll& poll) {
  auto [alphabet, ids] = token_alphabet(alphabet_, met, rules, poll);
  alphabet_ = std::move(alphabet);
  for (std::uint32_t& id : ids_) id = ids[id];
  fixed_ = true;
}

void WordList::add(Text packed, const Poll& poll) {
  const std::size_t ids_before = ids_.size();
  const std::size_t words_before = size();
  const auto undo = [&] {
    ids_.resize(ids_before);
    offsets_.resize(words_before + 1);
  };
  std::vector<char32_t> fresh;
  std::vector<bool> met;  // by code point
  const std::uint8_t* p = packed.bytes.data();
  const std::uint8_t* const end = p + packed.bytes.size();
  const std::uint8_t* word = p;
  while (p < end) {
    if (*p == kWordEnd) {
      offsets_.push_back(ids_.size());
      word = ++p;
      continue;
    }
    const char32_t symbol = decode_valid(p);
    const bool fits = !fixed_ || alphabet_.id_or_unknown(symbol) != kUnknown;
    if (symbol == alphabet_.boundary() || !fits) {
      const std::uint8_t* const word_end = std::find(p, end, kWordEnd);
      const std::size_t number = size();
      undo();
      throw Error("word", static_cast<std::int64_t>(number),
                  bad_symbol({word, word_end}, symbol, alphabet_.boundary()));
    }
    if (symbol >= met.size()) met.resize(symbol + std::size_t{1});
    if (!met[symbol]) {
      met[symbol] = true;
      if (!fixed_ && alphabet_.id(symbol) == kUnknown) fresh.push_back(symbol);
    }
    ids_.push_back(symbol);
  }
  try {
    if (poll) poll();
  } catch (...) {
    undo();
    throw;
  }
  adopt(fresh, ids_before);
}

}  // namespace makemore
