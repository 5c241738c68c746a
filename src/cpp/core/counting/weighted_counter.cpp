// Counts the bigrams of weighted words.
#include "counting/weighted_counter.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/compiler.hpp"
#include "base/error.hpp"
#include "text/bad_symbol.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

// Adds the bigrams of a word `weight` times; false if 64 bits do not hold the sum.
bool add_to(std::int64_t& total, std::int64_t bigrams, std::int64_t weight) {
  std::int64_t more = 0;
  return !multiply_overflows(bigrams, weight, more) && !add_overflows(total, more, total);
}

}  // namespace

WeightedCounter::WeightedCounter(Options options)
    : options_(std::move(options)), sums_(options_.poll) {
  if (options_.alphabet && options_.alphabet->boundary() != options_.boundary) {
    throw Error("the given alphabet has another boundary");
  }
  for (std::uint32_t c = 0; c < SymbolCodes::kAscii; ++c) forbidden_[c] = !allowed(c);
}

bool WeightedCounter::allowed(char32_t symbol) const {
  if (symbol == options_.boundary) return false;
  return !options_.alphabet || options_.alphabet->id(symbol) != kUnknown;
}

// The code of the symbol at `p`, which goes behind it; kNoCode if no word may hold it.
inline std::uint32_t WeightedCounter::code_of(const std::uint8_t*& p) {
  if (*p < SymbolCodes::kAscii) {
    const std::uint32_t code = *p++;
    return forbidden_[code] ? kNoCode : code;
  }
  const char32_t symbol = decode_valid(p);
  const std::uint32_t code = codes_.find(symbol);
  if (code != 0) return code;
  return allowed(symbol) ? codes_.assign(symbol) : kNoCode;
}

void WeightedCounter::add(Text packed, std::span<const std::int64_t> weights) {
  const std::uint8_t* p = packed.bytes.data();
  for (const std::int64_t weight : weights) {
    if (weight < 0) {
      throw Error("word", words_, ": the weight " + std::to_string(weight) + " is negative");
    }
    const auto times = static_cast<std::uint64_t>(weight);
    const std::uint8_t* const word = p;
    std::uint32_t previous = kWordEnd;
    std::int64_t bigrams = 1;
    for (; *p != kWordEnd; ++bigrams) {
      const std::uint8_t* const at = p;
      const std::uint32_t code = code_of(p);
      if (code == kNoCode) fail_symbol(word, at);
      sums_.add(previous, code, times);
      previous = code;
    }
    sums_.add(previous, kWordEnd, times);
    ++p;
    if (!add_to(total_, bigrams, weight)) {
      throw Error("word", words_,
                  ": with the weight " + std::to_string(weight) +
                      " the total of all bigrams goes beyond 64 bits");
    }
    ++words_;
  }
}

void WeightedCounter::fail_symbol(const std::uint8_t* word, const std::uint8_t* at) const {
  const std::uint8_t* end = at;
  while (*end != kWordEnd) ++end;
  const char32_t symbol = decode_valid(at);
  throw Error("word", words_, bad_symbol({word, end}, symbol, options_.boundary));
}

Ngrams WeightedCounter::counts() const {
  const auto symbol = [&](std::uint32_t code) {
    return code == kWordEnd ? options_.boundary : codes_.symbol(code);
  };
  std::vector<bool> seen(std::max(codes_.end(), SymbolCodes::kNarrow));
  std::size_t pairs = 0;
  Pace pace(options_.poll);
  sums_.each([&](std::uint32_t first, std::uint32_t second, std::uint64_t) {
    seen[first] = seen[second] = true;
    ++pairs;
    pace.step();
  });
  std::vector<char32_t> symbols;
  for (std::uint32_t code = 0; code < seen.size(); ++code) {
    if (seen[code]) symbols.push_back(symbol(code));
  }
  Alphabet alphabet =
      options_.alphabet ? *options_.alphabet : Alphabet(options_.boundary, std::move(symbols));
  std::vector<std::uint32_t> ids(seen.size());
  for (std::uint32_t code = 0; code < seen.size(); ++code) {
    if (seen[code]) ids[code] = alphabet.id(symbol(code));
  }
  const KeyLayout layout = key_layout(2, alphabet.size());
  std::vector<Ngrams::Item> items;
  items.reserve(pairs);
  sums_.each([&](std::uint32_t first, std::uint32_t second, std::uint64_t sum) {
    items.push_back({layout.bigram(ids[first], ids[second]), static_cast<std::int64_t>(sum)});
    pace.step();
  });
  return Ngrams(std::move(alphabet), 2, std::move(items), options_.poll);
}

}  // namespace makemore
