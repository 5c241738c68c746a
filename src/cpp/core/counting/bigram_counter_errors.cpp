// Locates bad data in what the bigram counter has counted, and says what is wrong with it.
//
// Counting keeps no places: a bad ASCII symbol shows on the table, and is then looked for in the
// block that was counted last.
#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "counting/bigram_counter.hpp"
#include "counting/stretch.hpp"
#include "text/bad_symbol.hpp"

namespace makemore {

// Word ends counted so far; \r\n is one.
std::int64_t BigramCounter::ends() {
  pairs_.settle();
  std::int64_t ends = 0;
  const auto take = [&](std::uint32_t first, std::uint32_t second, std::int64_t count) {
    if (options_.ends_word(second) && !(first == '\r' && second == '\n')) ends += count;
  };
  for (std::uint32_t first = 0; first < SymbolCodes::kNarrow; ++first) {
    for (const std::uint32_t second :
         {std::uint32_t{'\n'}, std::uint32_t{'\r'}, std::uint32_t{kWordEnd}}) {
      take(first, second, pairs_.narrow(first, second));
    }
  }
  Pace pace(options_.poll);
  for_each_wide([&](const WidePairs::Pair& pair) {
    take(pair.first, pair.second, pair.count);
    pace.step();
  });
  return ends;
}

bool BigramCounter::may_hold_forbidden() const {
  for (std::uint32_t c = 0; c < SymbolCodes::kAscii; ++c) {
    if (forbidden_[c] && (previous_ == c || pairs_.has(c))) return true;
  }
  return false;
}

// Throws if a bad ASCII symbol was counted; `counted` is what was counted of the block.
void BigramCounter::check_forbidden(Bytes counted) {
  if (may_hold_forbidden()) fail_earlier(counted, counted.size(), counted.size());
}

// Throws if there is a bad ASCII symbol before a place: the first is the one to be named.
void BigramCounter::fail_earlier(Bytes bytes, std::size_t counted, std::size_t before) {
  for (std::size_t at = 0; at < before; ++at) {
    if (bytes[at] < SymbolCodes::kAscii && forbidden_[bytes[at]]) {
      fail_symbol(place(bytes, counted, at), bytes[at]);
    }
  }
}

// The word around a place, and its number: from 0 in the packed layout, a line number
// from 1 in the other. Word ends are looked for only now: no count of them is kept.
BigramCounter::Place BigramCounter::place(Bytes bytes, std::size_t counted, std::size_t at) {
  const bool lines = options_.layout == Layout::lines;
  const auto ends_in = [&](std::size_t size) {
    std::int64_t ends = 0;
    std::uint32_t before = previous_block_end_;
    for (const std::uint8_t byte : bytes.first(size)) {
      ends += options_.ends_word(byte) && !(lines && byte == '\n' && before == '\r');
      before = byte;
    }
    return ends;
  };
  const std::int64_t number = ends() - ends_in(counted) + ends_in(at);
  const Bytes word = options_.word_around(bytes, at);
  if (lines) return {"line", number - ends_before_text_ + 1, word};
  return {"word", number, word};
}

void BigramCounter::fail_symbol(const Place& place, char32_t symbol) const {
  throw Error(place.item, place.number, bad_symbol(place.word, symbol, options_.boundary));
}

void BigramCounter::fail_encoding(const Place& place, std::size_t at, const char* problem) const {
  throw Error(place.item, place.number, ", byte " + std::to_string(offset_ + at) + ": " + problem);
}

// Throws: all of these words were counted, and one holds a bad ASCII symbol.
template <class Offset>
void BigramCounter::fail_forbidden(const Joined<Offset>& counted) {
  Stretch<Offset> stretch;
  for (std::size_t done = 0; done < counted.words();) {
    const std::size_t n = stretch.take(counted, done);
    if (n == 0) break;
    const Joined<Offset> words = stretch.words();
    for (std::size_t i = 0; i < n; ++i) {
      const Bytes word(words.values + words.offsets[i], words.values + words.offsets[i + 1]);
      const auto bad =
          std::find_if(word.begin(), word.end(), [&](auto c) { return forbidden_[c]; });
      if (bad == word.end()) continue;
      const auto behind = static_cast<std::int64_t>(counted.words() - done - i);  // with this one
      fail_symbol({"word", ends() - behind, word}, *bad);
    }
    done += n;
  }
  throw Error("the words changed while they were counted");
}

template void BigramCounter::fail_forbidden(const Joined<std::int32_t>&);
template void BigramCounter::fail_forbidden(const Joined<std::int64_t>&);

}  // namespace makemore
