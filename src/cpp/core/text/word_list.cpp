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

// Words on their way into the list, which is as it was if they do not come to its end.
class WordList::Adding {
 public:
  explicit Adding(WordList& list)
      : list_(list),
        ids_(list.ids_.size()),
        words_(list.size()),
        times_(list.times_.size()),
        total_words_(list.total_words_),
        total_positions_(list.total_positions_),
        seen_(list.seen_) {}
  Adding(const Adding&) = delete;
  Adding& operator=(const Adding&) = delete;
  ~Adding() {
    if (done_) return;
    list_.ids_.resize(ids_);
    list_.offsets_.resize(words_ + 1);
    list_.times_.resize(times_);
    list_.total_words_ = total_words_;
    list_.total_positions_ = total_positions_;
    list_.seen_ = seen_;
  }

  // Ends the word whose ids were put behind the others.
  void end_word(std::int64_t weight) {
    const std::size_t begin = list_.offsets_.back();
    const std::size_t positions = list_.ids_.size() - begin + 1;
    if (weight < 0) fail(": the weight " + std::to_string(weight) + " is negative");
    const auto times = static_cast<std::uint64_t>(weight);
    if (times > (kMostPositions - list_.total_positions_) / positions) {
      fail(": with the weight " + std::to_string(weight) +
           " the symbols of all words are more than 2^53");
    }
    ++list_.seen_;
    if (weight == 0) {
      list_.ids_.resize(begin);
      return;
    }
    if (weight > 1 && list_.times_.empty()) list_.times_.assign(list_.size(), 1);
    if (weight > 1 || list_.weighted()) list_.times_.push_back(times);
    list_.offsets_.push_back(list_.ids_.size());
    list_.total_words_ += times;
    list_.total_positions_ += times * positions;
  }

  [[noreturn]] void fail(const std::string& said) const { throw Error("word", list_.seen_, said); }

  std::size_t first_id() const { return ids_; }
  void finish() { done_ = true; }

 private:
  WordList& list_;
  const std::size_t ids_;
  const std::size_t words_;
  const std::size_t times_;
  const std::uint64_t total_words_;
  const std::uint64_t total_positions_;
  const std::int64_t seen_;
  bool done_ = false;
};

void WordList::add(Text packed, const Poll& poll) { add(packed, {}, poll); }

void WordList::add(Text packed, std::span<const std::int64_t> weights, const Poll& poll) {
  Adding adding(*this);
  std::vector<char32_t> fresh;
  std::vector<bool> met;  // by code point
  const std::uint8_t* p = packed.bytes.data();
  const std::uint8_t* const end = p + packed.bytes.size();
  const std::uint8_t* word = p;
  std::size_t number = 0;
  const auto weight = [&] { return weights.empty() ? std::int64_t{1} : weights[number]; };
  while (p < end) {
    if (*p == kWordEnd) {
      adding.end_word(weight());
      ++number;
      word = ++p;
      continue;
    }
    const char32_t symbol = decode_valid(p);
    const bool fits = !fixed_ || alphabet_.id_or_unknown(symbol) != kUnknown;
    if (symbol == alphabet_.boundary() || !fits) {
      const std::uint8_t* const word_end = std::find(p, end, kWordEnd);
      adding.fail(bad_symbol({word, word_end}, symbol, alphabet_.boundary()));
    }
    ids_.push_back(symbol);
    if (weight() == 0) continue;  // its symbols do not join
    if (symbol >= met.size()) met.resize(symbol + std::size_t{1});
    if (!met[symbol]) {
      met[symbol] = true;
      if (!fixed_ && alphabet_.id(symbol) == kUnknown) fresh.push_back(symbol);
    }
  }
  if (poll) poll();
  adopt(fresh, adding.first_id());
  adding.finish();
}

}  // namespace makemore
