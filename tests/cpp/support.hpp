// What several files of tests need: symbols to bytes, words to counts, a slow twin.
#pragma once

#include <doctest/doctest.h>
#include <cstdint>
#include <map>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "counting/bigram_counter.hpp"
#include "counts/bigrams.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore::testing {

using Word = std::u32string;
using ByteString = std::vector<std::uint8_t>;
// How messages about the boundary in a counted word end.
inline const std::string kWayOut = "no line of a file holds \"\\n\"; choose another with boundary=";

using Random = std::mt19937_64;  // seeded in each test: the same numbers on every machine

inline std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

inline Word random_word(Random& random, std::u32string_view symbols, std::size_t longest) {
  Word word;
  for (std::size_t left = below(random, longest + 1); left > 0; --left) {
    word += symbols[below(random, symbols.size())];
  }
  return word;
}

inline ByteString bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

inline ByteString utf8(std::u32string_view symbols) {
  ByteString bytes;
  for (const char32_t symbol : symbols) {
    std::uint8_t buffer[4];
    bytes.insert(bytes.end(), buffer, encode(symbol, buffer));
  }
  return bytes;
}

// The packed layout: each word followed by the byte that ends it.
inline ByteString packed(const std::vector<Word>& words) {
  ByteString bytes;
  for (const Word& word : words) {
    const ByteString more = utf8(word);
    bytes.insert(bytes.end(), more.begin(), more.end());
    bytes.push_back(kWordEnd);
  }
  return bytes;
}

// The counts that have these bigrams.
inline Ngrams counts_of(Alphabet alphabet, const Buffer<Bigram>& bigrams) {
  const KeyLayout layout = key_layout(2, alphabet.size());
  Ngrams::Items items;
  for (const auto& [first, second, count] : bigrams) {
    items.push_back({layout.bigram(first, second), count});
  }
  return Ngrams(std::move(alphabet), 2, std::move(items));
}

inline Ngrams count_words(const std::vector<Word>& words, CountOptions options = {}) {
  BigramCounter counter(std::move(options));
  counter.add(packed(words));
  return counter.counts();
}

inline CountOptions lines(bool skip_blank = true) {
  CountOptions options;
  options.layout = Layout::lines;
  options.skip_blank = skip_blank;
  return options;
}

// One text that arrives in blocks.
inline Ngrams count_blocks(const std::vector<ByteString>& blocks, CountOptions options) {
  BigramCounter counter(std::move(options));
  for (const ByteString& block : blocks) counter.add(block);
  counter.end_text();
  return counter.counts();
}

inline Ngrams count_lines(const ByteString& text, bool skip_blank = true) {
  return count_blocks({text}, lines(skip_blank));
}

using Tally = std::map<std::pair<char32_t, char32_t>, std::int64_t>;

// The lecture's loop: boundary, word, boundary; every two neighbours are a bigram.
inline Tally tally(const std::vector<Word>& words, char32_t boundary = U'.') {
  Tally counts;
  for (const Word& word : words) {
    const Word whole = boundary + word + boundary;
    for (std::size_t i = 1; i < whole.size(); ++i) ++counts[{whole[i - 1], whole[i]}];
  }
  return counts;
}

inline Tally tally(const Ngrams& counts) {
  Tally all;
  const auto symbols = counts.alphabet().symbols();
  for (const auto& [first, second, count] : bigram_rows(counts)) {
    all[{symbols[first], symbols[second]}] = count;
  }
  return all;
}

// The message of the Error that `call` throws; "no error" if it throws none.
template <class Call>
std::string error_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

inline bool is_valid_utf8(const std::string& text) {
  const ByteString bytes = bytes_of(text);
  for (std::size_t at = 0; at < bytes.size();) {
    const Decoded decoded = decode_checked(bytes, at);
    if (decoded.kind != Decoded::Kind::symbol) return false;
    at += decoded.size;
  }
  return true;
}

// A symbol for doctest's output; controls as numbers.
inline std::string shown(char32_t symbol) {
  return symbol >= 0x20 && symbol != 0x7F ? to_utf8(symbol) : "<" + std::to_string(symbol) + ">";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace makemore::testing

template <>
struct doctest::StringMaker<makemore::testing::Word> {
  static String convert(const makemore::testing::Word& word) {
    std::string text;
    for (const char32_t symbol : word) text += makemore::testing::shown(symbol);
    return text.c_str();
  }
};

template <>
struct doctest::StringMaker<makemore::testing::Tally> {
  static String convert(const makemore::testing::Tally& counts) {
    std::string text;
    for (const auto& [pair, count] : counts) {
      if (text.size() > 500) return (text + "...").c_str();
      text += makemore::testing::shown(pair.first) + makemore::testing::shown(pair.second) + ":" +
              std::to_string(count) + " ";
    }
    return text.c_str();
  }
};
