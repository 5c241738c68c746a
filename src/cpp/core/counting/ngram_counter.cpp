// Turns blocks of text into keys, counts the keys, and locates bad data.
#include "counting/ngram_counter.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/compiler.hpp"
#include "base/error.hpp"
#include "text/bad_symbol.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kStep = 8 * 1024;  // bytes whose keys are counted together

// How many symbols keys have room for before any was seen: 32, or what an order allows.
std::size_t first_symbols(unsigned order) {
  return std::size_t{1} << std::clamp(128 / std::max(order, 1U), 1U, 5U);
}

// A layout with as much more room for ids as there is in hashed keys of the same type, so that keys
// are packed anew a few times and not with each bit.
KeyLayout with_room(const KeyLayout& needed) {
  constexpr unsigned table = 16;  // bits of keys whose counts are in a table
  constexpr unsigned all = 21;    // of the id of any symbol
  if (needed.size() <= table) return needed;
  const unsigned key = needed.size() <= 32 ? 32 : needed.size() <= 64 ? 64 : 128;
  return {needed.order, std::min(key / needed.order, all)};
}

}  // namespace

NgramCounter::NgramCounter(CountOptions options, unsigned order)
    : options_(std::move(options)),
      order_(order),
      too_high_(!options_.alphabet && order > highest_order(2)),
      layout_(key_layout(too_high_ ? 2 : order,
                         options_.alphabet ? options_.alphabet->size() : first_symbols(order))),
      symbols_{options_.boundary},
      counts_(layout_.size(), options_.poll) {
  options_.check();
  byte_ids_.fill(kOther);
  short_ids_.fill(kOther);
  byte_ids_[options_.layout == Layout::lines ? std::uint8_t{'\n'} : kWordEnd] = 0;
}

void NgramCounter::add(Bytes bytes) {
  if (bytes.empty()) return;
  std::vector<std::uint8_t> joined;
  if (!tail_.empty()) {
    joined.reserve(tail_.size() + bytes.size());
    joined = tail_;
    joined.insert(joined.end(), bytes.begin(), bytes.end());
    bytes = joined;
    tail_.clear();
  }
  std::size_t at = 0;
  const bool lines = options_.layout == Layout::lines;
  if (lines && offset_ == 0 && bytes.size() >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB &&
      bytes[2] == 0xBF) {
    at = 3;  // a byte order mark at the start of a file is no text
  }
  if (after_return_ && at < bytes.size() && bytes[at] == '\n') ++at;
  after_return_ = false;
  while (at < bytes.size() && tail_.empty()) {
    if (is_wide()) {
      at = encode(bytes, at, wide_keys_);
    } else {
      at = encode(bytes, at, keys_);
    }
    count(wide_keys_, 1);
    count(keys_, 1);
  }
  offset_ += bytes.size() - tail_.size();
}

// Makes keys of the next bytes, up to kStep of them or a symbol for which the keys must grow
// first; returns the place behind the last one read.
template <class Key>
std::size_t NgramCounter::encode(Bytes bytes, std::size_t at, Buffer<Key>& keys,
                                 std::int64_t weight) {
  const std::size_t end = std::min(bytes.size(), at + kStep);
  const bool lines = options_.layout == Layout::lines;
  const bool keep_blank = !lines || !options_.skip_blank;
  const unsigned bits = layout_.bits;
  const unsigned top = layout_.top();
  keys.resize(end - at + 1);
  Key* out = keys.data();
  Key key = static_cast<Key>(previous_);
  std::int64_t ends = 0;
  while (at < end) {
    std::uint32_t id = byte_ids_[bytes[at]];
    std::size_t size = 1;
    if (id == kOther) [[unlikely]] {
      ends_ += ends;
      ends = 0;
      const std::uint8_t byte = bytes[at];
      if (lines && byte == '\r') {
        id = 0;
        if (at + 1 == bytes.size()) {
          after_return_ = true;
        } else if (bytes[at + 1] == '\n') {
          size = 2;
        }
      } else {
        const Decoded decoded = decode_checked(bytes, at);
        if (decoded.kind == Decoded::Kind::incomplete) {
          tail_.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
          at = bytes.size();
          break;
        }
        if (decoded.kind == Decoded::Kind::invalid) fail_encoding(at, "not valid UTF-8");
        size = decoded.size;
        id = id_of(decoded.symbol, bytes, at);
        if (id >> bits != 0) break;  // has its id now, but no key holds it yet
      }
    }
    const bool blank = id == 0 && key == 0;
    key = key >> bits | static_cast<Key>(id) << top;
    *out = key;
    out += keep_blank || !blank;
    if (id == 0) key = 0;
    ends += id == 0;
    at += size;
  }
  ends_ += ends;
  previous_ = key;
  keys.resize(static_cast<std::size_t>(out - keys.data()));
  if ((symbols_.size() - 1) >> bits != 0) grow_ids(symbols_.size(), weight);
  return at;
}

// The id of a symbol, which is given one if it has none.
std::uint32_t NgramCounter::id_of(char32_t symbol, Bytes bytes, std::size_t at) {
  if (symbol < kShort) {
    if (short_ids_[symbol] != kOther) return short_ids_[symbol];
  } else {
    const std::uint32_t code = codes_.find(symbol);
    if (code != 0) return code_ids_[code - SymbolCodes::kAscii];
  }
  check_symbol(symbol, bytes, at);
  return new_id(symbol);
}

// Throws for a symbol that no word may hold.
void NgramCounter::check_symbol(char32_t symbol, Bytes bytes, std::size_t at) const {
  if (!options_.allows(symbol)) fail(bytes, at, symbol);
}

void NgramCounter::add(Text packed, std::span<const std::int64_t> weights) {
  Bytes bytes = packed.bytes;
  for (std::size_t i = 0; i < weights.size();) {
    i += add_to_table(bytes, weights.subspan(i));
    if (i < weights.size()) add_word(bytes, weights[i++]);
  }
}

// Counts the first of some words, and cuts it off.
void NgramCounter::add_word(Bytes& bytes, std::int64_t weight) {
  const auto end = std::find(bytes.begin(), bytes.end(), kWordEnd) + 1;
  const Bytes word(bytes.begin(), end);
  const auto symbols =
      std::count_if(word.begin(), word.end(), [](auto byte) { return (byte & 0xC0) != 0x80; });
  add_to_total(symbols, weight);
  bytes = Bytes(end, bytes.end());
  if (weight == 0) {
    for (const std::uint8_t* p = word.data(); *p != kWordEnd;) {
      const auto at = static_cast<std::size_t>(p - word.data());
      check_symbol(decode_valid(p), word, at);
    }
    ++ends_;
    return;
  }
  for (std::size_t at = 0; at < word.size();) {
    if (is_wide()) {
      at = encode(word, at, wide_keys_, weight);
    } else {
      at = encode(word, at, keys_, weight);
    }
    count(wide_keys_, weight);
    count(keys_, weight);
  }
}

// Counts words as add_word() does, but each in one step, and cuts them off: up to one of weight 0,
// or with a symbol for which the keys must grow first. Returns how many.
std::size_t NgramCounter::add_to_table(Bytes& bytes, std::span<const std::int64_t> weights) {
  std::uint64_t* const table = too_high_ ? nullptr : counts_.table();
  if (table == nullptr) return 0;
  const unsigned bits = layout_.bits;
  const unsigned top = layout_.top();
  const std::uint8_t* word = bytes.data();
  std::size_t done = 0;
  for (; done < weights.size() && weights[done] != 0; ++done) {
    const auto weight = static_cast<std::uint64_t>(weights[done]);
    const Bytes rest(word, bytes.data() + bytes.size());
    const std::uint8_t* p = word;
    std::ptrdiff_t more_bytes = 0;  // of symbols, than one
    std::uint32_t key = 0;
    bool fits = true;
    while (*p != kWordEnd) {  // not by its id: this the processor knows earlier
      const std::uint8_t* const at = p;
      std::uint32_t id = byte_ids_[*p];
      if (id != kOther) {
        ++p;
      } else {
        const char32_t symbol = decode_valid(p);
        id = symbol < kShort ? short_ids_[symbol] : kOther;
        if (id == kOther) id = id_of(symbol, rest, static_cast<std::size_t>(at - word));
        fits = id >> bits == 0;
        if (!fits) {
          p = at;
          break;
        }
        more_bytes += p - at - 1;
      }
      key = key >> bits | id << top;
      table[key] += weight;
    }
    if (!fits) {  // takes the start of the word back, and lets the keys grow
      key = 0;
      for (const std::uint8_t* back = word; back != p;) {
        const std::uint32_t id = id_of(decode_valid(back), rest, 0);
        key = key >> bits | id << top;
        table[key] -= weight;
      }
      grow_ids(symbols_.size(), weights[done]);
      break;
    }
    table[key >> bits] += weight;
    ++p;
    const std::int64_t symbols = p - word - more_bytes;
    word = p;
    add_to_total(symbols, weights[done]);  // or what was counted is of no use
    ++ends_;
  }
  bytes = Bytes(word, bytes.data() + bytes.size());
  return done;
}

void NgramCounter::add_to_total(std::int64_t symbols, std::int64_t weight) {
  if (weight < 0) fail(": the weight " + std::to_string(weight) + " is negative");
  std::int64_t more = 0;
  if (multiply_overflows(symbols, weight, more) || add_overflows(total_, more, total_)) {
    fail(": with the weight " + std::to_string(weight) + " the total of all " +
         std::string(order_ == 2 ? "bigrams" : "n-grams") + " goes beyond 64 bits");
  }
}

// Counts what encode() has made; unless the order is too high.
template <class Key>
void NgramCounter::count(Buffer<Key>& keys, std::int64_t weight) {
  if (!keys.empty() && !too_high_) counts_.add(std::span<const Key>(keys), weight);
  keys.clear();
}

std::uint32_t NgramCounter::new_id(char32_t symbol) {
  std::uint32_t id = 0;
  if (options_.alphabet) {
    id = options_.alphabet->id(symbol);
  } else {
    id = static_cast<std::uint32_t>(symbols_.size());
    symbols_.push_back(symbol);
  }
  if (symbol < kShort) {
    short_ids_[symbol] = id;
    if (symbol < 0x80) byte_ids_[symbol] = id;
  } else {
    code_ids_.resize(codes_.assign(symbol) - SymbolCodes::kAscii + 1);  // some codes are left out
    code_ids_.back() = id;
  }
  return id;
}

// Packs all keys anew, with room for more ids; those that wait to be counted have a weight.
void NgramCounter::grow_ids(std::size_t ids, std::int64_t weight) {
  if (!too_high_ && layout_.order > highest_order(ids)) give_up();
  const KeyLayout to = with_room(key_layout(layout_.order, ids));
  const KeyLayout from = layout_;
  layout_ = to;
  const auto packed = [&](auto key) {
    return from.in(to, key, [](std::uint32_t id) { return id; });
  };
  previous_ = packed(previous_);
  GramCounts counts(to.size(), options_.poll);
  counts_.each([&](auto key, std::int64_t n) { counts.add_key(packed(key), n); });
  counts_ = std::move(counts);
  for (WideKey& key : wide_keys_) key = packed(key);
  if (is_wide()) {
    for (const std::uint64_t key : keys_) counts_.add_key(packed(key), weight);
    keys_.clear();
  } else {
    for (std::uint64_t& key : keys_) key = static_cast<std::uint64_t>(packed(key));
  }
}

// The order is too high: what was counted is of no use, but symbols are collected to the end.
void NgramCounter::give_up() {
  too_high_ = true;
  keys_.clear();
  wide_keys_.clear();
  layout_.order = 2;
  counts_ = GramCounts(layout_.size(), options_.poll);
  previous_ = previous_ == 0 ? 0 : WideKey{1} << layout_.top();  // in a word, or at its start
}

void NgramCounter::continue_at_line(std::uint64_t offset) {
  tail_.clear();
  previous_ = 0;
  after_return_ = false;
  offset_ = offset;
  ends_ = 0;
}

void NgramCounter::end_text() {
  if (options_.layout == Layout::packed) return;  // every word has its end
  if (!tail_.empty()) fail_encoding(0, "the text ends inside a UTF-8 sequence");
  if (previous_ != 0) {
    const std::uint8_t end = '\n';
    after_return_ = false;
    add({&end, 1});
  }
  after_return_ = false;
  offset_ = 0;
  ends_ = 0;
}

// About the word or line that is being counted.
void NgramCounter::fail(const std::string& said) const {
  if (options_.layout == Layout::lines) throw Error("line", ends_ + 1, said);
  throw Error("word", ends_, said);
}

// About a symbol at a place that may not be there.
void NgramCounter::fail(Bytes bytes, std::size_t at, char32_t symbol) const {
  fail(bad_symbol(options_.word_around(bytes, at), symbol, options_.boundary));
}

void NgramCounter::fail_encoding(std::size_t at, const char* problem) const {
  fail(", byte " + std::to_string(offset_ + at) + ": " + problem);
}

std::size_t NgramCounter::memory() const {
  const std::size_t hashed = counts_.memory();
  return hashed == 0 ? 0 : hashed + Ngrams::memory_to_sort(counts_.size());
}

Alphabet NgramCounter::alphabet() const {
  if (options_.alphabet) return *options_.alphabet;
  return Alphabet(options_.boundary, {symbols_.begin() + 1, symbols_.end()});
}

Ngrams NgramCounter::counts() {
  Alphabet all = alphabet();
  std::vector<std::uint32_t> same(all.size());
  std::iota(same.begin(), same.end(), 0U);
  return counts_in(std::move(all), same);
}

Ngrams NgramCounter::counts_in(Alphabet alphabet, std::span<const std::uint32_t> ids_there) {
  const KeyLayout to = key_layout(order_, alphabet.size());
  std::vector<std::uint32_t> ids(ids_there.begin(), ids_there.end());
  if (!options_.alphabet) {  // by the order in which symbols appeared
    const Alphabet sorted = this->alphabet();
    for (std::size_t id = 0; id < ids.size(); ++id) ids[id] = ids_there[sorted.id(symbols_[id])];
  }
  Pace pace(options_.poll);
  const auto id_of = [&](std::uint32_t id) { return ids[id]; };
  const auto each = [&](const auto& put) {
    counts_.each([&](auto key, std::int64_t count) {
      put(layout_.in(to, key, id_of), count);
      pace.step(to.order);
    });
  };
  return Ngrams::made(std::move(alphabet), order_, counts_.size(), each, options_.poll);
}

}  // namespace makemore
