// Counts blocks of text; bigram_counter_errors.cpp locates bad data in them.
#include "counting/bigram_counter.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "counting/stretch.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kStep = 16 * 1024;  // bytes translated together; they stay in the first cache

}  // namespace

BigramCounter::BigramCounter(CountOptions options)
    : options_(std::move(options)), pairs_(options_.poll) {
  options_.check();
  previous_ = options_.layout == Layout::lines ? '\n' : kWordEnd;
  for (std::uint32_t c = 0; c < SymbolCodes::kAscii; ++c) {
    forbidden_[c] = !options_.ends_word(c) && !options_.allows(c);
    byte_codes_[c] = forbidden_[c] ? 0 : c;
  }
  if (options_.layout == Layout::packed) byte_codes_[kWordEnd] = kWordEnd;
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
  for (std::size_t at = starts_with_mark(bytes) ? 3 : 0; at < bytes.size();) {
    at += add_ascii(bytes.subspan(at), ascii);
    if (at == bytes.size()) break;
    at = add_utf8(bytes, at, std::min(bytes.size(), at + kStep));
    if (!tail_.empty()) break;
  }
  check_forbidden(bytes);
  offset_ += bytes.size() - tail_.size();
}

template <class Offset>
std::size_t BigramCounter::add(const Joined<Offset>& words) {
  Stretch<Offset> stretch;
  std::size_t done = 0;
  while (done < words.words()) {
    const std::size_t n = stretch.take(words, done);
    if (n == 0) break;
    pairs_.add(stretch.words());
    done += n;
  }
  if (may_hold_forbidden()) {
    fail_forbidden(Joined<Offset>{words.values, words.offsets.first(done + 1), words.size});
  }
  return done;
}

template std::size_t BigramCounter::add(const Joined<std::int32_t>&);
template std::size_t BigramCounter::add(const Joined<std::int64_t>&);

// A byte order mark at the start of a file is no text.
bool BigramCounter::starts_with_mark(Bytes bytes) const {
  return options_.layout == Layout::lines && offset_ == 0 && bytes.size() >= 3 &&
         bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF;
}

// Counts from the front up to some place before the first byte beyond ASCII. Returns how many
// bytes.
std::size_t BigramCounter::add_ascii(Bytes bytes, bool known) {
  std::size_t done = bytes.size();
  if (known) {
    pairs_.add(previous_, bytes);
  } else {
    done = pairs_.add_ascii(previous_, bytes);
  }
  if (done > 0) previous_ = bytes[done - 1];
  return done;
}

// Counts the symbols that start in [from, to). Returns the place behind the last one; a
// symbol cut by the block goes to tail_.
std::size_t BigramCounter::add_utf8(Bytes bytes, std::size_t from, std::size_t to) {
  // A bad ASCII symbol is found by what follows it, which from here on may be counted elsewhere.
  if (previous_ < SymbolCodes::kAscii && forbidden_[previous_]) check_forbidden(bytes.first(from));
  if (codes_.end() <= SymbolCodes::kNarrow) from = add_narrow(bytes, from, to);
  return from < to && tail_.empty() ? add_wide(bytes, from, to) : from;
}

// Up to the first symbol whose code does not fit a byte.
std::size_t BigramCounter::add_narrow(Bytes bytes, std::size_t from, std::size_t to) {
  if (narrow_codes_.size() < to - from + 64) narrow_codes_.resize(to - from + 64);
  std::size_t at = from;
  std::size_t size = 0;
  while (at < to) {
    const Translated done = translate_(bytes.subspan(at, to - at), prefixes_, options_.layout,
                                       narrow_codes_.data() + size);
    at += done.read;
    size += done.written;
    if (at >= to) break;
    const Found found = look_up(bytes, from, at);
    if (found.size == 0 || found.code >= SymbolCodes::kNarrow) break;
    prefixes_.set(bytes.subspan(at, found.size), static_cast<std::uint8_t>(found.code));
    narrow_codes_[size++] = static_cast<std::uint8_t>(found.code);
    at += found.size;
  }
  if (size > 0) {
    pairs_.add(previous_, {narrow_codes_.data(), size});
    previous_ = narrow_codes_[size - 1];
  }
  // What follows may be counted elsewhere.
  if (at < to && previous_ < SymbolCodes::kAscii && forbidden_[previous_]) {
    check_forbidden(bytes.first(at));
  }
  return at;
}

std::size_t BigramCounter::add_wide(Bytes bytes, std::size_t from, std::size_t to) {
  if (wide_codes_.size() < to - from) wide_codes_.resize(to - from);
  std::size_t at = from;
  std::size_t size = 0;
  while (at < to) {
    const Translated done =
        translate_wide(bytes, at, to, codes_, byte_codes_, wide_codes_.data() + size);
    at += done.read;
    size += done.written;
    if (at >= to) break;
    const Found found = look_up(bytes, from, at);
    if (found.size == 0) break;
    wide_codes_[size++] = found.code;
    at += found.size;
  }
  if (size > 0) {
    pairs_.add(previous_, std::span(wide_codes_.data(), size));
    previous_ = wide_codes_[size - 1];
  }
  return at;
}

// The code of the symbol at a place, checked and by the book.
BigramCounter::Found BigramCounter::look_up(Bytes bytes, std::size_t counted, std::size_t at) {
  const std::uint8_t lead = bytes[at];
  const auto fail_unless_allowed = [&](char32_t symbol) {
    if (options_.allows(symbol)) return;
    fail_earlier(bytes, counted, at);
    fail_symbol(place(bytes, counted, at), symbol);
  };
  if (lead < 0x80) {
    if (forbidden_[lead]) fail_unless_allowed(lead);
    return {lead, 1};
  }
  if (lead == kWordEnd && options_.layout == Layout::packed) return {kWordEnd, 1};
  const Decoded decoded = decode_checked(bytes, at);
  if (decoded.kind == Decoded::Kind::incomplete) {
    tail_.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
    return {0, 0};
  }
  if (decoded.kind == Decoded::Kind::invalid) {
    fail_earlier(bytes, counted, at);
    fail_encoding(place(bytes, counted, at), at, "not valid UTF-8");
  }
  std::uint32_t code = codes_.find(decoded.symbol);
  if (code == 0) {
    fail_unless_allowed(decoded.symbol);
    code = codes_.assign(decoded.symbol);
  }
  return {code, decoded.size};
}

void BigramCounter::continue_at(std::uint64_t offset, Bytes before) {
  if (previous_ < SymbolCodes::kAscii) last_[previous_] = true;
  offset_ = offset;
  tail_.clear();
  previous_ = '\n';
  if (before.empty()) return;
  std::size_t start = before.size() - 1;
  while (start > 0 && (before[start] & 0xC0) == 0x80) --start;
  const Decoded decoded = decode_checked(before, start);
  if (decoded.kind != Decoded::Kind::symbol) return;  // for the piece that holds it to say
  if (decoded.symbol < SymbolCodes::kAscii) {
    if (!forbidden_[decoded.symbol]) previous_ = decoded.symbol;
    return;
  }
  std::uint32_t code = codes_.find(decoded.symbol);
  if (code == 0 && options_.allows(decoded.symbol)) code = codes_.assign(decoded.symbol);
  if (code != 0) previous_ = code;
}

void BigramCounter::end_text() {
  if (options_.layout == Layout::packed) return;  // every word has its end
  if (!tail_.empty()) {
    fail_encoding(place(tail_, 0, 0), 0, "the text ends inside a UTF-8 sequence");
  }
  if (!options_.ends_word(previous_)) pairs_.add(previous_, std::array<std::uint8_t, 1>{'\n'});
  previous_ = '\n';  // also where the text ended in \r: the next one may start with \n
  offset_ = 0;
  ends_before_text_ = ends();
}

void BigramCounter::forget() {
  ends_before_text_ -= ends();
  pairs_ = PairCounts(options_.poll);
}

Ngrams BigramCounter::counts() {
  pairs_.settle();
  const bool lines = options_.layout == Layout::lines;

  // The codes that occur, in the order of their symbols. Each is followed by something, but
  // for what stood last.
  if (previous_ < SymbolCodes::kAscii) last_[previous_] = true;
  const auto firsts = pairs_.ascii_firsts(codes_.end());
  std::vector<bool> seen(codes_.end());
  for (std::uint32_t code = 0; code < codes_.end(); ++code) {
    seen[code] = code != kWordEnd && (code >= SymbolCodes::kAscii || last_[code] || firsts[code]);
  }
  Pace pace(options_.poll);
  for_each_wide([&](const WidePairs::Pair& pair) {
    if (pair.first != kWordEnd) seen[pair.first] = true;
    pace.step();
  });
  std::vector<std::uint32_t> used;
  for (std::uint32_t code = 0; code < codes_.end(); ++code) {
    if (seen[code] && !options_.ends_word(code)) used.push_back(code);
  }
  std::sort(used.begin(), used.end(),
            [&](std::uint32_t a, std::uint32_t b) { return codes_.symbol(a) < codes_.symbol(b); });

  std::vector<char32_t> symbols;
  for (const std::uint32_t code : used) symbols.push_back(codes_.symbol(code));
  Alphabet alphabet =
      options_.alphabet ? *options_.alphabet : Alphabet(options_.boundary, std::move(symbols));
  std::vector<std::uint32_t> ids(std::max(codes_.end(), SymbolCodes::kNarrow), 0);
  for (const std::uint32_t code : used) ids[code] = alphabet.id(codes_.symbol(code));

  const KeyLayout layout = key_layout(2, alphabet.size());
  std::vector<std::uint32_t> order = used;  // the ends first, whose id is 0
  if (lines) {
    order.insert(order.begin(), {'\n', '\r'});
  } else {
    order.insert(order.begin(), kWordEnd);
  }
  std::erase_if(order, [](std::uint32_t code) { return code >= SymbolCodes::kNarrow; });
  const auto each = [&](const auto& put) {
    const auto take = [&](std::uint32_t first, std::uint32_t second, std::int64_t count) {
      if (count == 0) return;
      if (lines && options_.ends_word(first) &&
          options_.ends_word(second)) {  // a blank line, or one end of two bytes
        if (options_.skip_blank || (first == '\r' && second == '\n')) return;
      }
      put(layout.bigram(ids[first], ids[second]), count);
    };
    for (const std::uint32_t second : order) {  // as items are sorted
      for (const std::uint32_t first : order) take(first, second, pairs_.narrow(first, second));
    }
    for_each_wide([&](const WidePairs::Pair& pair) {
      take(pair.first, pair.second, pair.count);
      pace.step();
    });
  };
  const std::size_t about = pairs_.wide() == nullptr ? 0 : pairs_.wide()->size();
  return Ngrams::made(std::move(alphabet), 2, about, each, options_.poll);
}

}  // namespace makemore
