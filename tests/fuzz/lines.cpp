// A text of lines, cut anywhere, is counted like the whole: bigrams, n-grams, the slow way.
#include <map>
#include <utility>

#include "core/bigrams.hpp"
#include "core/counter.hpp"
#include "core/ngram_counter.hpp"
#include "core/ngrams.hpp"
#include "core/utf8.hpp"
#include "fuzz.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

using Tally = std::map<std::pair<char32_t, char32_t>, std::int64_t>;

// Symbol by symbol, by the rules of files; nothing if the text is no valid one.
std::optional<Tally> slowly(Bytes text, bool skip_blank) {
  Tally counts;
  char32_t before = U'.';
  bool blank = true;
  bool ended = true;
  const auto end = [&] {
    if (!blank || !skip_blank) ++counts[{before, U'.'}];
    before = U'.';
    blank = ended = true;
  };
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_checked(text, at);
    if (decoded.kind != Decoded::Kind::symbol) return std::nullopt;
    const bool mark = at == 0 && decoded.symbol == 0xFEFF;
    at += decoded.size;
    if (mark) continue;
    if (decoded.symbol == '\n' || decoded.symbol == '\r') {
      if (decoded.symbol == '\r' && at < text.size() && text[at] == '\n') ++at;
      end();
      continue;
    }
    if (decoded.symbol == U'.') return std::nullopt;
    ++counts[{before, decoded.symbol}];
    before = decoded.symbol;
    blank = ended = false;
  }
  if (!ended) end();
  return counts;
}

template <class Counter>
auto counted(Counter counter, const std::vector<Bytes>& blocks) {
  for (const Bytes block : blocks) counter.add(block);
  counter.end_text();
  return counter;
}

Tally tally(const Bigrams& bigrams) {
  Tally counts;
  const auto symbols = bigrams.alphabet().symbols();
  for (const Cell& cell : bigrams.cells()) {
    counts[{symbols[cell.first], symbols[cell.second]}] = cell.count;
  }
  return counts;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  BigramCounter::Options options;
  options.layout = Layout::lines;
  options.skip_blank = input.number() % 2 == 0;
  const std::uint8_t one = input.number();
  const std::uint8_t two = input.number();
  const Bytes text = input.rest();
  const auto blocks = parts(text, one, two);

  const auto whole =
      unless_error([&] { return counted(BigramCounter(options), {text}).bigrams(); });
  const auto in_blocks =
      unless_error([&] { return counted(BigramCounter(options), blocks).bigrams(); });
  const auto trigrams =
      unless_error([&] { return counted(NgramCounter(options, 3), blocks).ngrams(); });
  const std::optional<Tally> expected = slowly(text, options.skip_blank);
  PROMISE(whole.has_value() == expected.has_value());
  PROMISE(whole == in_blocks);
  PROMISE(whole.has_value() == trigrams.has_value());
  if (whole) {
    PROMISE(tally(*whole) == *expected);
    PROMISE(to_bigrams(lowered(*trigrams, 2)) == *whole);
  }
  return 0;
}
