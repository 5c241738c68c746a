// Lines to n-grams, sorted n-grams to tables, and back.
#include "core/arpa.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/ngrams.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLogZero = -99;  // and what is below
constexpr std::string_view kStartToken = "<s>", kEndToken = "</s>", kUnknownToken = "<unk>";

// Nats of a logarithm to base 10.
double nats(double log10) { return log10 <= kLogZero ? -kInfinity : log10 * std::numbers::ln10; }

double power(double log10) { return log10 <= kLogZero ? 0 : std::pow(10, log10); }

// -- reading -----------------------------------------------------------------------------

// The lines of a text, numbered from 1; without their ends.
class Lines {
 public:
  Lines(Bytes text, const Poll& poll)
      : rest_(reinterpret_cast<const char*>(text.data()), text.size()), poll_(poll) {}

  // False behind the last line. Line ends of DOS are line ends too.
  bool next() {
    if (rest_.empty()) return false;
    const std::size_t size = std::min(rest_.find('\n'), rest_.size());
    line_ = rest_.substr(0, size);
    rest_.remove_prefix(std::min(size + 1, rest_.size()));
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    if (++number_ % (1 << 14) == 0 && poll_) poll_();
    return true;
  }

  bool next_not_blank() {
    while (next()) {
      if (line_.find_first_not_of(" \t") != std::string_view::npos) return true;
    }
    return false;
  }

  std::string_view line() const { return line_; }
  std::uint32_t number() const { return number_; }

  [[noreturn]] void fail(const std::string& problem) const { fail_at(number_, problem); }
  [[noreturn]] static void fail_at(std::uint32_t line, const std::string& problem) {
    throw Error("line " + std::to_string(line) + ": " + problem);
  }

 private:
  std::string_view rest_;
  std::string_view line_;
  std::uint32_t number_ = 0;
  const Poll& poll_;
};

struct Entry {
  WideKey key;      // in the layout of its length (ngrams.hpp)
  double log10;     // of its probability
  double backoff;   // log10 of its weight as a context
  std::uint32_t line;
};

std::string quoted_text(std::string_view text) {
  return quoted({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// The symbol that a token stands for, if it is one.
std::optional<char32_t> symbol_of(std::string_view token) {
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(token.data()), token.size()};
  const Decoded first = decode_checked(bytes, 0);
  if (first.kind != Decoded::Kind::symbol) return std::nullopt;
  if (first.size == token.size()) return first.symbol;
  if (!token.starts_with("U+") || token.size() < 6) return std::nullopt;
  std::uint32_t code = 0;
  const char* const end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data() + 2, end, code, 16);
  if (error != std::errc() || stop != end || code > kMaxCodePoint || is_surrogate(code)) {
    return std::nullopt;
  }
  return static_cast<char32_t>(code);
}

class Reader {
 public:
  Reader(Bytes text, char32_t boundary, const Poll& poll)
      : lines_(text, poll), alphabet_(boundary) {}

  ArpaModel read() {
    read_sizes();
    read_symbols();
    for (unsigned length = 2; length <= order(); ++length) read_ngrams(length);
    if (lines_.line() != "\\end\\") fail_section("\\end\\");
    return {alphabet_, tables()};
  }

 private:
  unsigned order() const { return static_cast<unsigned>(sizes_.size()); }

  [[noreturn]] void fail_section(const std::string& wanted) const {
    lines_.fail("expected " + wanted + ", got " + quoted_text(lines_.line()));
  }

  // From \data\ to the head of the first section.
  void read_sizes() {
    do {
      if (!lines_.next()) throw Error("line 1: there is no \\data\\, so this is no ARPA file");
    } while (lines_.line() != "\\data\\");
    while (lines_.next_not_blank() && lines_.line()[0] != '\\') {
      std::string_view line = lines_.line();
      const std::string head = "ngram " + std::to_string(sizes_.size() + 1) + "=";
      std::size_t size = 0;
      if (line.starts_with(head)) line.remove_prefix(head.size());
      const auto begin = std::min(line.find_first_not_of(' '), line.size());
      const char* const end = line.data() + line.size();
      const auto [stop, error] = std::from_chars(line.data() + begin, end, size);
      if (error != std::errc() || stop != end || line.size() == lines_.line().size()) {
        lines_.fail("expected " + head + " and a number, got " + quoted_text(lines_.line()));
      }
      sizes_.push_back(size);
    }
    if (order() < 2) lines_.fail("a model needs n-grams of two lengths or more");
    entries_.resize(order() + 1);
  }

  // Calls use(fields) for each line of a section: the number, the tokens, and a second
  // number if there is one. Ends at the head of the next section.
  template <class Use>
  void read_section(unsigned length, Use&& use) {
    const std::string head = "\\" + std::to_string(length) + "-grams:";
    if (lines_.line() != head) fail_section(head);
    std::size_t found = 0;
    bool more = true;
    while ((more = lines_.next_not_blank()) && lines_.line()[0] != '\\') {
      split();
      if (fields_.size() != length + 1 && fields_.size() != length + 2) {
        lines_.fail("expected a number, " + std::to_string(length) +
                    " tokens and at most one more number, got " + quoted_text(lines_.line()));
      }
      const double log10 = number(fields_[0]);
      const double backoff = fields_.size() == length + 2 ? number(fields_[length + 1]) : 0;
      if (length == order() && backoff != 0) {
        lines_.fail("an n-gram of the highest order has no back-off, got " +
                    quoted_text(fields_[length + 1]));
      }
      if (log10 > 0) lines_.fail("a probability is above one: " + quoted_text(lines_.line()));
      use(log10, backoff);
      ++found;
    }
    if (!more) lines_.fail("the file ends before \\end\\");
    if (found != sizes_[length - 1]) {
      lines_.fail("there should be " + std::to_string(sizes_[length - 1]) + " n-grams of length " +
                  std::to_string(length) + ", and there are " + std::to_string(found));
    }
  }

  void split() {
    fields_.clear();
    std::string_view line = lines_.line();
    while (true) {
      const std::size_t begin = line.find_first_not_of(" \t");
      if (begin == std::string_view::npos) return;
      line.remove_prefix(begin);
      const std::size_t size = std::min(line.find_first_of(" \t"), line.size());
      fields_.push_back(line.substr(0, size));
      line.remove_prefix(size);
    }
  }

  double number(std::string_view field) const {
    double value = 0;
    const char* const end = field.data() + field.size();
    const auto [stop, error] = std::from_chars(field.data(), end, value);
    if (error != std::errc() || stop != end || std::isnan(value) || value == kInfinity) {
      lines_.fail("expected a number, got " + quoted_text(field));
    }
    return value;
  }

  char32_t symbol(std::string_view token) const {
    const std::optional<char32_t> symbol = symbol_of(token);
    if (!symbol) lines_.fail("the token " + quoted_text(token) + " is not one symbol");
    if (*symbol == alphabet_.boundary()) {
      lines_.fail("the token " + quoted_text(token) + " is the boundary; choose another boundary=");
    }
    return *symbol;
  }

  // The section of single symbols, which makes the alphabet.
  void read_symbols() {
    struct Single {
      double log10, backoff;
      char32_t symbol;
    };
    std::vector<Single> singles;
    std::optional<double> end, start, unknown;
    const auto set = [&](std::optional<double>& place, double value) {
      if (place) lines_.fail(quoted_text(fields_[1]) + " stands here a second time");
      place = value;
    };
    read_section(1, [&](double log10, double backoff) {
      const std::string_view token = fields_[1];
      if (token == kStartToken) {
        set(start, backoff);  // nothing is followed by the start: its probability says nothing
      } else if (token == kEndToken) {
        set(end, log10);
      } else if (token == kUnknownToken || token == "<UNK>") {
        set(unknown, log10);
      } else {
        singles.push_back({log10, backoff, symbol(token)});
      }
    });
    if (!start || !end) lines_.fail("<s> and </s> must be among the n-grams of length 1");
    std::vector<char32_t> symbols;
    for (const Single& one : singles) symbols.push_back(one.symbol);
    alphabet_ = Alphabet(alphabet_.boundary(), std::move(symbols));
    if (alphabet_.size() != singles.size() + 1) {
      lines_.fail("a symbol stands more than once among the n-grams of length 1");
    }
    layout_ = key_layout(order(), alphabet_.size());
    entries_[1].resize(alphabet_.size());
    entries_[1][0] = {0, *end, *start, 0};
    for (const Single& one : singles) {
      entries_[1][alphabet_.id(one.symbol)] = {alphabet_.id(one.symbol), one.log10, one.backoff, 0};
    }
    log_unknown_ = unknown ? nats(*unknown) : -kInfinity;
  }

  void read_ngrams(unsigned length) {
    std::vector<Entry>& level = entries_[length];
    level.reserve(std::min(sizes_[length - 1], std::size_t{1} << 20));
    read_section(length, [&](double log10, double backoff) {
      WideKey key = 0;
      for (unsigned i = length; i > 0; --i) {
        key = key << layout_.bits | id(fields_[i], i == 1, i == length);
      }
      level.push_back({key, log10, backoff, lines_.number()});
    });
    const auto before = [](const Entry& a, const Entry& b) { return a.key < b.key; };
    std::stable_sort(level.begin(), level.end(), before);
    const auto twice = std::adjacent_find(level.begin(), level.end(),
                                          [](const Entry& a, const Entry& b) { return a.key == b.key; });
    if (twice != level.end()) Lines::fail_at((twice + 1)->line, "the n-gram has stood before");
  }

  std::uint32_t id(std::string_view token, bool first, bool last) const {
    if (token == kStartToken || token == kEndToken) {
      if (token == kStartToken ? first : last) return 0;
      lines_.fail(token == kStartToken ? "<s> does not begin the n-gram"
                                       : "</s> does not end the n-gram");
    }
    if (token == kUnknownToken || token == "<UNK>") {
      lines_.fail("<unk> in longer n-grams is not supported");
    }
    const std::uint32_t id = alphabet_.id(symbol(token));
    if (id == kUnknown) {
      lines_.fail("the token " + quoted_text(token) + " is not among the n-grams of length 1");
    }
    return id;
  }

  // The place of an n-gram in its level; kNone where it is missing.
  std::uint32_t place(unsigned length, WideKey key) const {
    const std::vector<Entry>& level = entries_[length];
    if (length == 1) return static_cast<std::uint32_t>(key);
    const auto found = std::lower_bound(level.begin(), level.end(), key,
                                        [](const Entry& entry, WideKey k) { return entry.key < k; });
    if (found == level.end() || found->key != key) return Backoff::kNone;
    return static_cast<std::uint32_t>(found - level.begin());
  }

  // States are numbered as nodes of a trie: level by level, by their keys.
  Backoff tables() {
    const std::size_t v = alphabet_.size();
    std::size_t all = 0;
    std::vector<std::uint32_t> first(order() + 1);  // the first node of n-grams of each length
    for (unsigned length = 1; length <= order(); ++length) {
      first[length] = static_cast<std::uint32_t>(all);
      all += entries_[length].size();
      if (all >= Backoff::kNone) throw Error("there are more n-grams than a model can hold");
    }
    const std::size_t states = first[order()];

    Backoff model;
    model.order = order();
    model.symbols = v;
    model.log_unknown = log_unknown_;
    std::vector<std::uint32_t> parent(all, Backoff::kNone), context(all, Backoff::kNone);
    std::vector<double> whole(all);
    model.follow.assign(states + 1, 0);
    for (unsigned length = 1; length <= order(); ++length) {
      std::uint32_t node = first[length];
      for (const Entry& entry : entries_[length]) {
        whole[node] = power(entry.log10);
        if (length > 1) {
          const unsigned top = (length - 1) * layout_.bits;
          const std::uint32_t suffix = place(length - 1, entry.key >> layout_.bits);
          const std::uint32_t prefix = place(length - 1, entry.key & ((WideKey{1} << top) - 1));
          if (suffix == Backoff::kNone || prefix == Backoff::kNone) {
            Lines::fail_at(entry.line, std::string("the n-gram without its ") +
                                           (suffix == Backoff::kNone ? "first" : "last") +
                                           " symbol is missing");
          }
          parent[node] = first[length - 1] + suffix;
          context[node] = first[length - 1] + prefix;
          ++model.follow[context[node] + 1];
        }
        if (length < order()) {
          model.parent.push_back(parent[node]);
          model.weight.push_back(power(entry.backoff));
          model.log_weight.push_back(nats(entry.backoff));
        }
        ++node;
      }
    }
    for (std::size_t state = 0; state < states; ++state) {
      model.follow[state + 1] += model.follow[state];
    }

    for (const Entry& entry : entries_[1]) {
      model.shortest.push_back(power(entry.log10));
      model.log_shortest.push_back(nats(entry.log10));
    }
    model.followers.resize(all - v);
    std::vector<std::uint32_t> next(model.follow.begin(), model.follow.end() - 1);
    for (unsigned length = 2; length <= order(); ++length) {
      std::uint32_t node = first[length];
      for (const Entry& entry : entries_[length]) {
        const double shorter = model.weight[context[node]] * whole[parent[node]];
        const auto last = static_cast<std::uint32_t>(entry.key >> ((length - 1) * layout_.bits));
        model.followers[next[context[node]]++] = {nats(entry.log10), whole[node] - shorter, last,
                                                  length < order() ? node : parent[node]};
        ++node;
      }
    }
    model.by_levels = settle_shares(model);
    return model;
  }

  // Sets shares to zero that are below it by no more than the file's rounding; returns whether
  // all are shares then.
  static bool settle_shares(Backoff& model) {
    constexpr double rounding = 1e-5;
    for (std::uint32_t state = 0; state < model.states(); ++state) {
      double sum = model.weight[state];
      for (std::uint32_t at = model.follow[state]; at < model.follow[state + 1]; ++at) {
        Backoff::Follower& follower = model.followers[at];
        if (follower.own < -rounding * std::exp(follower.log)) return false;
        follower.own = std::max(follower.own, 0.0);
        sum += follower.own;
      }
      const bool followed = model.follow[state] < model.follow[state + 1];
      if (followed && !(std::abs(sum - 1) < rounding)) return false;
    }
    return true;
  }

  Lines lines_;
  Alphabet alphabet_;
  KeyLayout layout_{};
  std::vector<std::size_t> sizes_;            // of the sections
  std::vector<std::vector<Entry>> entries_;   // by length; from 2 on sorted by key
  std::vector<std::string_view> fields_;      // of the line
  double log_unknown_ = -kInfinity;
};

// -- writing -----------------------------------------------------------------------------

// Whether a reader might take a symbol for a separator or a line end: Unicode's white space
// and its control characters.
bool needs_escape(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string token_of(char32_t symbol) {
  if (!needs_escape(symbol)) return to_utf8(symbol);
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), std::uint32_t{symbol}, 16).ptr;
  std::string hex(digits.begin(), end);
  for (char& digit : hex) digit = digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
  return "U+" + std::string(4 - hex.size(), '0') + hex;
}

class Writer {
 public:
  Writer(const Alphabet& alphabet, const Backoff& model,
         const std::function<void(std::string_view)>& sink)
      : model_(model), sink_(sink) {
    for (const char32_t symbol : alphabet.symbols()) tokens_.push_back(token_of(symbol));
    // The contexts of each length, and the last symbol and the context of each.
    begin_ = {0, 0, static_cast<std::uint32_t>(model.symbols)};
    last_.resize(model.states());
    before_.resize(model.states(), Backoff::kNone);
    for (std::uint32_t symbol = 0; symbol < model.symbols; ++symbol) last_[symbol] = symbol;
    for (unsigned length = 2; length < model.order; ++length) {
      for (std::uint32_t context = begin_[length - 1]; context < begin_[length]; ++context) {
        for (std::uint32_t at = model.follow[context]; at < model.follow[context + 1]; ++at) {
          last_[model.followers[at].next] = model.followers[at].symbol;
          before_[model.followers[at].next] = context;
        }
      }
      begin_.push_back(begin_[length] + size(length));
    }
  }

  void write() {
    const bool unknown = model_.log_unknown > -kInfinity;
    text_ = "\\data\\\nngram 1=" + std::to_string(model_.symbols + 1 + unknown) + "\n";
    for (unsigned length = 2; length <= model_.order; ++length) {
      text_ += "ngram " + std::to_string(length) + "=" + std::to_string(size(length)) + "\n";
    }
    text_ += "\n\\1-grams:\n";
    if (unknown) line(model_.log_unknown, kUnknownToken, 0);
    line(-kInfinity, kStartToken, model_.log_weight[0]);
    line(model_.log_shortest[0], kEndToken, 0);
    for (std::uint32_t symbol = 1; symbol < model_.symbols; ++symbol) {
      line(model_.log_shortest[symbol], tokens_[symbol], model_.log_weight[symbol]);
    }
    for (unsigned length = 2; length <= model_.order; ++length) {
      text_ += "\n\\" + std::to_string(length) + "-grams:\n";
      for (std::uint32_t state = begin_[length - 1]; state < begin_[length]; ++state) {
        write_followers(state, length == model_.order);
      }
    }
    text_ += "\n\\end\\\n";
    sink_(text_);
  }

 private:
  // How many n-grams there are of a length from 2.
  std::uint32_t size(unsigned length) const {
    return model_.follow[begin_[length]] - model_.follow[begin_[length - 1]];
  }

  void write_followers(std::uint32_t state, bool longest) {
    std::string context;
    for (std::uint32_t at = state; at != Backoff::kNone; at = before_[at]) {
      const std::string_view token = last_[at] == 0 ? kStartToken : std::string_view(tokens_[last_[at]]);
      context.insert(0, std::string(token) + " ");
    }
    for (std::uint32_t at = model_.follow[state]; at < model_.follow[state + 1]; ++at) {
      const Backoff::Follower& follower = model_.followers[at];
      const std::string token = follower.symbol == 0 ? std::string(kEndToken) : tokens_[follower.symbol];
      line(follower.log, context + token,
           longest ? std::nullopt : std::optional(model_.log_weight[follower.next]));
    }
  }

  void line(double log, std::string_view tokens, std::optional<double> log_weight) {
    number(std::min(log, 0.0));
    text_ += '\t';
    text_ += tokens;
    if (log_weight) {
      text_ += '\t';
      number(*log_weight);
    }
    text_ += '\n';
    if (text_.size() >= std::size_t{1} << 20) {
      sink_(text_);
      text_.clear();
    }
  }

  // 12 digits: what was read from them is written as them again.
  void number(double log) {
    const double log10 = log == -kInfinity ? kLogZero : log / std::numbers::ln10;
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), log10 + 0.0,
                                   std::chars_format::general, 12).ptr;
    text_.append(digits.begin(), end);
  }

  const Backoff& model_;
  const std::function<void(std::string_view)>& sink_;
  std::vector<std::string> tokens_;        // by symbol
  std::vector<std::uint32_t> begin_;       // by length: its first context
  std::vector<std::uint32_t> last_, before_;  // of contexts: the last symbol, and what is before
  std::string text_;
};

}  // namespace

ArpaModel read_arpa(Bytes text, char32_t boundary, const Poll& poll) {
  return Reader(text, boundary, poll).read();
}

void write_arpa(const Alphabet& alphabet, const Backoff& backoff,
                const std::function<void(std::string_view)>& sink) {
  Writer(alphabet, backoff, sink).write();
}

}  // namespace makemore
