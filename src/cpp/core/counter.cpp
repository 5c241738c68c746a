// Blocks in, bigrams out; and where bad data stands.
#include "core/counter.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kStep = 32 * 1024;  // bytes looked at together; they stay in the first cache

bool all_ascii(Bytes bytes) {
  std::uint8_t seen = 0;
  for (const std::uint8_t byte : bytes) seen |= byte;
  return seen < 0x80;
}

}  // namespace

BigramCounter::BigramCounter(Options options) : options_(std::move(options)) {
  previous_ = options_.layout == Layout::lines ? '\n' : kWordEnd;
  for (std::uint32_t c = 0; c < SymbolCodes::kAscii; ++c) {
    forbidden_[c] = !is_end(c) && !allowed(c);
  }
}

bool BigramCounter::allowed(char32_t symbol) const {
  if (symbol == options_.boundary) return false;
  return !options_.alphabet || options_.alphabet->id(symbol) != kUnknown;
}

void BigramCounter::add(Bytes bytes, bool ascii) {
  if (bytes.empty()) return;
  previous_block_end_ = previous_;
  std::vector<std::uint8_t> joined;
  if (!tail_.empty()) {
    joined.reserve(tail_.size() + bytes.size());
    joined = tail_;
    joined.insert(joined.end(), bytes.begin(), bytes.end());
    bytes = joined;
    tail_.clear();
  }
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t to = std::min(bytes.size(), at + kStep);
    const Bytes step = bytes.subspan(at, to - at);
    if (ascii || all_ascii(step)) {
      add_ascii(step);
      at = to;
    } else {
      at = add_utf8(bytes, at, to);
      if (!tail_.empty()) break;
    }
  }
  check_forbidden(bytes);
  offset_ += bytes.size() - tail_.size();
}

void BigramCounter::add_ascii(Bytes bytes) {
  pairs_.add(previous_, bytes);
  previous_ = bytes.back();
}

// Translates the symbols that start in [from, to) into codes and counts them.
// Returns the place behind the last one; a symbol cut by the block goes to tail_.
std::size_t BigramCounter::add_utf8(Bytes bytes, std::size_t from, std::size_t to) {
  // A bad ASCII symbol before this place is the first to be named, and is found by what
  // follows it, which from here on may be counted elsewhere.
  const auto check_before = [&] { check_forbidden(bytes.first(from)); };
  if (previous_ < SymbolCodes::kAscii && forbidden_[previous_]) check_before();

  std::vector<std::uint32_t>& codes = buffer_;
  codes.clear();
  bool narrow = true;
  std::size_t at = from;
  while (at < to) {
    const std::uint8_t lead = bytes[at];
    if (lead < 0x80) {
      if (forbidden_[lead]) {
        check_before();
        fail_symbol(place(bytes, from, at), lead);
      }
      codes.push_back(lead);
      ++at;
      continue;
    }
    if (lead == kWordEnd && options_.layout == Layout::packed) {
      codes.push_back(kWordEnd);
      ++at;
      continue;
    }
    const Decoded decoded = decode_checked(bytes, at);
    if (decoded.kind == Decoded::Kind::incomplete) {
      tail_.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
      break;
    }
    if (decoded.kind == Decoded::Kind::invalid) {
      check_before();
      fail_encoding(place(bytes, from, at), at, "not valid UTF-8");
    }
    const bool byte_order_mark = decoded.symbol == 0xFEFF && offset_ + at == 0 &&
                                 options_.layout == Layout::lines;
    if (!byte_order_mark) {
      std::uint32_t code = codes_.find(decoded.symbol);
      if (code == 0) {
        if (!allowed(decoded.symbol)) {
          check_before();
          fail_symbol(place(bytes, from, at), decoded.symbol);
        }
        code = codes_.assign(decoded.symbol);
      }
      narrow = narrow && code < SymbolCodes::kNarrow;
      codes.push_back(code);
    }
    at += decoded.size;
  }
  if (codes.empty()) return at;
  if (narrow) {
    const std::vector<std::uint8_t> bytes_of_codes(codes.begin(), codes.end());
    pairs_.add(previous_, bytes_of_codes);
  } else {
    pairs_.add(previous_, codes);
  }
  previous_ = codes.back();
  return at;
}

void BigramCounter::end_text() {
  if (options_.layout == Layout::packed) return;  // every word has its end
  if (!tail_.empty()) {
    fail_encoding(place(tail_, 0, 0), 0, "the text ends inside a UTF-8 sequence");
  }
  if (!is_end(previous_)) pairs_.add(previous_, std::array<std::uint8_t, 1>{'\n'});
  previous_ = '\n';  // also where the text ended in \r: the next one may start with \n
  offset_ = 0;
  ends_before_text_ = ends();
}

// Word ends counted so far; \r\n is one.
std::int64_t BigramCounter::ends() {
  pairs_.settle();
  std::int64_t ends = 0;
  const auto take = [&](std::uint32_t first, std::uint32_t second, std::int64_t count) {
    if (is_end(second) && !(first == '\r' && second == '\n')) ends += count;
  };
  for (std::uint32_t first = 0; first < SymbolCodes::kNarrow; ++first) {
    for (const std::uint32_t second : {std::uint32_t{'\n'}, std::uint32_t{'\r'},
                                       std::uint32_t{kWordEnd}}) {
      take(first, second, pairs_.narrow(first, second));
    }
  }
  for (const PairCounts::Pair& pair : pairs_.wide()) take(pair.first, pair.second, pair.count);
  return ends;
}

// Throws if a bad ASCII symbol was counted; `counted` is what was counted of the block.
void BigramCounter::check_forbidden(Bytes counted) {
  for (std::uint32_t c = 0; c < SymbolCodes::kAscii; ++c) {
    if (!forbidden_[c] || (previous_ != c && !pairs_.has(c))) continue;
    const auto found = std::find_if(counted.begin(), counted.end(), [&](std::uint8_t byte) {
      return byte < SymbolCodes::kAscii && forbidden_[byte];
    });
    const auto at = static_cast<std::size_t>(found - counted.begin());
    fail_symbol(place(counted, counted.size(), at), counted[at]);
  }
}

// The word around a place, and its number: from 0 in the packed layout, a line number
// from 1 in the other. Word ends are looked for only now: no count of them is kept.
BigramCounter::Place BigramCounter::place(Bytes bytes, std::size_t counted, std::size_t at) {
  const bool lines = options_.layout == Layout::lines;
  const auto ends_word = [&](std::uint8_t byte) {
    return lines ? byte == '\n' || byte == '\r' : byte == kWordEnd;
  };
  const auto ends_in = [&](std::size_t size) {
    std::int64_t ends = 0;
    std::uint32_t before = previous_block_end_;
    for (const std::uint8_t byte : bytes.first(size)) {
      ends += ends_word(byte) && !(lines && byte == '\n' && before == '\r');
      before = byte;
    }
    return ends;
  };
  const std::int64_t number = ends() - ends_in(counted) + ends_in(at);
  std::size_t start = at;
  while (start > 0 && !ends_word(bytes[start - 1])) --start;
  std::size_t end = at;
  while (end < bytes.size() && !ends_word(bytes[end])) ++end;
  const Bytes word = bytes.subspan(start, end - start);
  if (lines) return {"line " + std::to_string(number - ends_before_text_ + 1), word};
  return {"word " + std::to_string(number), word};
}

void BigramCounter::fail_symbol(const Place& place, char32_t symbol) const {
  const std::string name = "'" + to_utf8(symbol) + "'";
  throw Error(place.name + ": " + quoted(place.word) + " contains " +
              (symbol == options_.boundary
                   ? "the boundary " + name + "; choose another with boundary="
                   : name + ", which is not in the given alphabet"));
}

void BigramCounter::fail_encoding(const Place& place, std::size_t at, const char* problem) const {
  throw Error(place.name + ", byte " + std::to_string(offset_ + at) + ": " + problem);
}

Bigrams BigramCounter::bigrams() {
  pairs_.settle();
  const bool lines = options_.layout == Layout::lines;

  // The codes that occur (each is followed by something), in the order of their symbols.
  std::vector<bool> seen(codes_.end());
  for (std::uint32_t code = 0; code < codes_.end(); ++code) {
    seen[code] = code != kWordEnd && (code >= SymbolCodes::kAscii || pairs_.has(code));
  }
  for (const PairCounts::Pair& pair : pairs_.wide()) {
    if (pair.count != 0 && pair.first != kWordEnd) seen[pair.first] = true;
  }
  std::vector<std::uint32_t> used;
  for (std::uint32_t code = 0; code < codes_.end(); ++code) {
    if (seen[code] && !is_end(code)) used.push_back(code);
  }
  std::sort(used.begin(), used.end(), [&](std::uint32_t a, std::uint32_t b) {
    return codes_.symbol(a) < codes_.symbol(b);
  });

  std::vector<char32_t> symbols;
  for (const std::uint32_t code : used) symbols.push_back(codes_.symbol(code));
  Alphabet alphabet =
      options_.alphabet ? *options_.alphabet : Alphabet(options_.boundary, std::move(symbols));
  std::vector<std::uint32_t> ids(std::max(codes_.end(), SymbolCodes::kNarrow), 0);
  for (const std::uint32_t code : used) ids[code] = alphabet.id(codes_.symbol(code));

  std::vector<Cell> cells;
  const auto take = [&](std::uint32_t first, std::uint32_t second, std::int64_t count) {
    if (count == 0) return;
    if (lines && is_end(first) && is_end(second)) {  // a blank line, or one end of two bytes
      if (options_.skip_blank || (first == '\r' && second == '\n')) return;
    }
    cells.push_back({ids[first], ids[second], count});
  };
  std::vector<std::uint32_t> order = used;  // the ends first, whose id is 0
  if (lines) {
    order.insert(order.begin(), {'\n', '\r'});
  } else {
    order.insert(order.begin(), kWordEnd);
  }
  std::erase_if(order, [](std::uint32_t code) { return code >= SymbolCodes::kNarrow; });
  for (const std::uint32_t first : order) {
    for (const std::uint32_t second : order) take(first, second, pairs_.narrow(first, second));
  }
  for (const PairCounts::Pair& pair : pairs_.wide()) take(pair.first, pair.second, pair.count);
  return Bigrams(std::move(alphabet), std::move(cells));
}

}  // namespace makemore
