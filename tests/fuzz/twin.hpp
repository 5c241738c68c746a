// The slow, obvious twin of all counting: words as strings of symbols, n-grams in a map.
//
// It reads texts by the rules of files, symbol by symbol, and knows nothing of blocks, codes,
// keys or threads. Where the core gives an error, the twin says which word or line it is about.
#pragma once

#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "base/compiler.hpp"
#include "counts/ngrams.hpp"
#include "fuzz.hpp"
#include "text/alphabet.hpp"
#include "text/utf8.hpp"

namespace makemore::fuzz {

using Word = std::u32string;

// A word to be counted, and the number by which errors name it.
struct Counted {
  Word word;
  std::int64_t weight = 1;
  std::int64_t number = 0;
};

struct Words {
  std::vector<Counted> words{};
  std::optional<std::int64_t> bad{};  // the number of what stands behind them and is no word
};

struct Rules {
  unsigned order = 2;
  char32_t boundary = U'.';
  std::optional<Word> alphabet{};  // of the symbols that are allowed, in any order

  bool allows(char32_t symbol) const {
    return symbol != boundary && (!alphabet || alphabet->find(symbol) != Word::npos);
  }
  std::optional<Alphabet> given() const {
    if (!alphabet) return std::nullopt;
    return Alphabet(boundary, {alphabet->begin(), alphabet->end()});
  }
};

// What counting is to give.
struct Expected {
  std::optional<std::int64_t> bad{};  // the first word or line that is an error
  bool at_once = false;               // whether a high order is an error before all others
  unsigned highest = 0;               // the highest order for the alphabet
  std::map<Word, std::int64_t> counts{};
  std::vector<char32_t> alphabet{};

  bool fails(unsigned order) const { return bad.has_value() || order > highest; }
  bool fails_at_word(unsigned order) const {
    return bad.has_value() && !(at_once && order > highest);
  }
};

inline Expected expected(const Words& words, const Rules& rules) {
  Expected result;
  std::set<char32_t> symbols;
  std::vector<const Counted*> good_words;
  std::int64_t total = 0;
  for (const Counted& one : words.words) {
    std::int64_t more = 0;
    const auto size = static_cast<std::int64_t>(one.word.size()) + 1;
    const bool good =
        std::all_of(one.word.begin(), one.word.end(), [&](auto c) { return rules.allows(c); }) &&
        one.weight >= 0 && !portable::multiply_overflows(size, one.weight, more) &&
        !portable::add_overflows(total, more, total);
    if (!good) {
      result.bad = one.number;
      break;
    }
    if (one.weight == 0) continue;
    symbols.insert(one.word.begin(), one.word.end());
    good_words.push_back(&one);
  }
  if (!result.bad) result.bad = words.bad;
  if (rules.alphabet) symbols = {rules.alphabet->begin(), rules.alphabet->end()};
  symbols.erase(rules.boundary);
  result.alphabet = {rules.boundary};
  result.alphabet.insert(result.alphabet.end(), symbols.begin(), symbols.end());
  const std::size_t largest = std::max<std::size_t>(result.alphabet.size(), 2) - 1;
  result.highest = 128 / static_cast<unsigned>(std::bit_width(largest));
  result.at_once = rules.alphabet.has_value();
  if (result.fails(rules.order)) return result;
  for (const Counted* const one : good_words) {
    const Word padded = Word(rules.order - 1, rules.boundary) + one->word + rules.boundary;
    for (std::size_t i = 0; i + rules.order <= padded.size(); ++i) {
      result.counts[padded.substr(i, rules.order)] += one->weight;
    }
  }
  return result;
}

// The symbols of some bytes; nothing if they are not valid.
inline std::optional<Word> decoded(Bytes bytes) {
  Word word;
  for (std::size_t at = 0; at < bytes.size();) {
    const Decoded one = decode_checked(bytes, at);
    if (one.kind != Decoded::Kind::symbol) return std::nullopt;
    word += one.symbol;
    at += one.size;
  }
  return word;
}

// The lines of a text, each with its number from 1.
inline std::vector<std::pair<Bytes, std::int64_t>> lines_of(Bytes text) {
  std::vector<std::pair<Bytes, std::int64_t>> lines;
  if (text.size() >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF) {
    text = text.subspan(3);
  }
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const auto end = std::find_if(text.begin(), text.end(),
                                  [](auto byte) { return byte == '\n' || byte == '\r'; });
    const auto size = static_cast<std::size_t>(end - text.begin());
    lines.emplace_back(text.first(size), number);
    if (end == text.end()) break;
    const bool two = text[size] == '\r' && size + 1 < text.size() && text[size + 1] == '\n';
    text = text.subspan(size + (two ? 2 : 1));
  }
  return lines;
}

inline Words words_of_lines(Bytes text, bool skip_blank) {
  Words words;
  for (const auto& [line, number] : lines_of(text)) {
    if (line.empty() && skip_blank) continue;
    const std::optional<Word> word = decoded(line);
    if (!word) {
      words.bad = number;
      break;
    }
    words.words.push_back({*word, 1, number});
  }
  return words;
}

// The weight that some bytes are; nothing if they are no whole number of 64 bits.
inline std::optional<std::int64_t> number_of(Bytes digits) {
  const std::string text(digits.begin(), digits.end());
  const bool negative = text.starts_with('-');
  std::int64_t value = 0;
  if (text.size() == negative) return std::nullopt;
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  for (const char digit : text.substr(negative)) {  // downwards, where there is one number more
    if (digit < '0' || digit > '9') return std::nullopt;
    if (value < (least + (digit - '0')) / 10) return std::nullopt;
    value = 10 * value - (digit - '0');
  }
  if (!negative && value == least) return std::nullopt;
  return negative ? value : -value;
}

inline Words words_of_weighted_lines(Bytes text, bool skip_blank) {
  Words words;
  for (const auto& [line, number] : lines_of(text)) {
    if (line.empty() && skip_blank) continue;
    const auto tab = std::find(line.rbegin(), line.rend(), std::uint8_t{'\t'});
    const auto before = static_cast<std::size_t>(line.rend() - tab);  // with the tab
    const auto word = before == 0 ? std::nullopt : decoded(line.first(before - 1));
    const auto weight = number_of(line.subspan(before));
    if (!word || !weight) {
      words.bad = number;
      break;
    }
    words.words.push_back({*word, *weight, number});
  }
  return words;
}

// What was counted, as the twin has it.
inline std::map<Word, std::int64_t> as_map(const Ngrams& counts) {
  std::map<Word, std::int64_t> all;
  for (const Ngrams::Item& item : counts.items()) {
    Word gram;
    for (unsigned back = counts.order(); back-- > 0;) {
      gram += counts.alphabet().symbols()[counts.layout().symbol(item.key, back)];
    }
    all[gram] = item.count;
  }
  return all;
}

// Aborts unless `count()` gives the counts, or the error, that are expected.
template <class Count>
void compare(const Expected& expected, unsigned order, Count&& count) {
  try {
    const auto counts = count();
    PROMISE(!expected.fails(order));
    const auto symbols = counts.alphabet().symbols();
    PROMISE(std::equal(symbols.begin(), symbols.end(), expected.alphabet.begin(),
                       expected.alphabet.end()));
    PROMISE(as_map(counts) == expected.counts);
    std::int64_t total = 0;
    for (const auto& [gram, n] : expected.counts) total += n;
    PROMISE(counts.total() == total);
  } catch (const Error& error) {
    PROMISE(expected.fails(order));
    const std::string said = error.what();
    if (expected.fails_at_word(order)) {
      PROMISE(error.index() == expected.bad);
    } else {  // the order that is advised is the highest that works
      PROMISE(said.ends_with("the most is " + std::to_string(expected.highest)));
    }
  }
}

// -- drawing options ---------------------------------------------------------------------

// From bytes to a text in which new symbols may come at any place: what is below 0x80 stands for
// itself, and the rest for symbols that were not met before, met before, or many at once.
// There are `most` of these.
inline std::vector<std::uint8_t> grown(Bytes bytes, std::size_t most) {
  std::vector<std::uint8_t> text;
  std::size_t met = 0;
  const auto append = [&](std::size_t i) {  // the symbol of a number
    std::uint8_t buffer[4];
    const char32_t symbol = i < 64 ? char32_t(0xC0 + i) : char32_t(0x10000 + i);
    text.insert(text.end(), buffer, encode(symbol, buffer));
  };
  for (const std::uint8_t byte : bytes) {
    if (byte < 0x80) {
      text.push_back(byte);
    } else if (byte < 0xC0) {
      append(met += met < most);
    } else if (byte < 0xE0) {
      append(met - std::min<std::size_t>(met, byte - 0xC0));
    } else {
      const std::size_t many = std::size_t{1} << std::min(byte - 0xE0, 15);
      for (std::size_t i = 0; i < many && met < most; ++i) append(++met);
    }
  }
  return text;
}

// The most symbols that a text grows to. More than 16 bits hold take a second to count, under a
// sanitizer and twice; so few modes draw as many.
inline std::size_t draw_most(unsigned mode) { return mode / 8 == 0x1D ? 70'000 : 1500; }

inline Rules draw_rules(Input& input) {
  constexpr char32_t boundaries[] = {U'.', U'\n', U'#', U'\0', U'é', U'中', U'😀', U'a'};
  Rules rules;
  rules.order = 2 + input.number() % 29;
  rules.boundary = boundaries[input.number() % std::size(boundaries)];
  const unsigned alphabet = input.number() % 8;
  if (alphabet == 1) {
    rules.alphabet = Word();
    for (char32_t c = 1; c < 0x180; ++c) *rules.alphabet += c;
  } else if (alphabet == 2) {
    rules.alphabet = U"abcdefghijklmnopqrstuvwxyz";
  }
  return rules;
}

// A text in blocks: cut in three, or every so many bytes.
inline std::vector<Bytes> draw_blocks(Input& input, Bytes text, unsigned mode) {
  const std::uint8_t one = input.number();
  const std::uint8_t two = input.number();
  if (mode % 2 == 0) return parts(text, one, two);
  std::vector<Bytes> blocks;
  const std::size_t size = std::max<std::size_t>(1 + one % 16, text.size() / 4096);
  for (; text.size() > size; text = text.subspan(size)) blocks.push_back(text.first(size));
  blocks.push_back(text);
  return blocks;
}

}  // namespace makemore::fuzz
