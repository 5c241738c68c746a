// Reads an ARPA file: lines to n-grams, level by level.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backoff/arpa/arpa.hpp"
#include "backoff/arpa/arpa_levels.hpp"
#include "backoff/arpa/arpa_lines.hpp"
#include "backoff/arpa/arpa_tokens.hpp"
#include "backoff/sum_check.hpp"
#include "base/decimal.hpp"
#include "base/error.hpp"
#include "base/sort_by_key.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace arpa {
namespace {

class Reader {
 public:
  Reader(Bytes text, char32_t boundary, const TokenNames& names, const Poll& poll)
      : poll_(poll), names_(names), lines_(text, poll), levels_(boundary) {}
  Reader(Bytes text, const TokenRules& rules, const Poll& poll)
      : poll_(poll), names_(no_names_), rules_(&rules), lines_(text, poll), levels_(U'\0') {}

  ArpaModel read() {
    read_sizes();
    read_symbols();
    for (unsigned length = 2; length <= order(); ++length) read_ngrams(length);
    if (lines_.line() != "\\end\\") fail_section("\\end\\");
    levels_.order = order();
    return {levels_.alphabet, tables_of(levels_, poll_)};
  }

 private:
  unsigned order() const { return static_cast<unsigned>(sizes_.size()); }

  [[noreturn]] void fail_section(const std::string& wanted) const {
    lines_.fail("expected " + wanted + ", got " + quoted(lines_.line()));
  }

  // Other formats that begin with a line of their own, and then perhaps like an ARPA file.
  void refuse_other_formats() const {
    const auto refuse = [&](std::string_view first, const std::string& problem) {
      if (lines_.line().starts_with(first)) lines_.fail(problem);
    };
    refuse("qARPA",
           "this is a quantised file of IRSTLM (qARPA), with numbers of a code book in "
           "place of logarithms; write the model as an ARPA file without quantize-lm");
    refuse("iARPA",
           "this is an intermediate file of IRSTLM (iARPA), whose numbers are no "
           "probabilities yet; compile-lm --text=yes makes an ARPA file of it");
    for (const std::string_view binary : {"blmt", "Qblmt", "mmap lm http://kheafield.com"}) {
      refuse(binary, "this is a binary model; write it as an ARPA file");
    }
  }

  // From \data\ to the head of the first section.
  void read_sizes() {
    do {
      if (!lines_.next()) throw Error("line 1: there is no \\data\\, so this is no ARPA file");
      refuse_other_formats();
    } while (lines_.line() != "\\data\\");
    while (lines_.next_not_blank() && lines_.line()[0] != '\\') {
      std::string_view rest = lines_.line();
      const bool named = take(rest, "ngram") && take_number(rest) == sizes_.size() + 1;
      const std::optional<std::size_t> size =
          named && take(rest, "=") ? take_number(rest) : std::nullopt;
      if (!size || !rest.empty()) {
        lines_.fail("expected ngram " + std::to_string(sizes_.size() + 1) + "= and a number, got " +
                    quoted(lines_.line()));
      }
      sizes_.push_back(*size);
    }
    if (order() < 1) lines_.fail("expected ngram 1= and a number");
    levels_.entries.resize(order() + 1);
  }

  // Takes a text, or a number, from the start of a line, and the blanks behind it.
  static bool take(std::string_view& rest, std::string_view wanted) {
    if (!rest.starts_with(wanted)) return false;
    rest.remove_prefix(wanted.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    return true;
  }
  static std::optional<std::size_t> take_number(std::string_view& rest) {
    std::size_t number = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc()) return std::nullopt;
    take(rest, rest.substr(0, static_cast<std::size_t>(stop - rest.data())));
    return number;
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
                    " tokens and at most one more number, got " + quoted(lines_.line()));
      }
      double log10 = number(fields_[0]);
      const double backoff = fields_.size() == length + 2 ? number(fields_[length + 1]) : 0;
      if (length == order() && backoff != 0) {
        lines_.fail("an n-gram of the highest order has no back-off, got " +
                    quoted(fields_[length + 1]));
      }
      if (log10 > kSumRounding) {
        lines_.fail("a probability is above one: " + quoted(lines_.line()));
      }
      log10 = std::min(log10, 0.0);
      if (!std::isfinite(power(backoff))) {
        lines_.fail("a back-off weight is too large: " + quoted(fields_[length + 1]));
      }
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
      const std::size_t begin = line.find_first_not_of(kBlanks);
      if (begin == std::string_view::npos) return;
      line.remove_prefix(begin);
      const std::size_t size = std::min(line.find_first_of(kBlanks), line.size());
      fields_.push_back(line.substr(0, size));
      line.remove_prefix(size);
    }
  }

  double number(std::string_view field) const {
    const std::optional<double> value = parse_double(field);
    if (!value || *value == kInfinity) {
      lines_.fail("expected a number, got " + quoted(field));
    }
    return *value;
  }

  char32_t symbol(std::string_view token) const {
    const auto named = names_.find(token);
    const std::optional<char32_t> symbol = named != names_.end() ? named->second : symbol_of(token);
    if (!symbol) {
      lines_.fail("the token " + quoted(token) +
                  " is not one symbol; tokens= says which it is, and separator=\" \" makes a model "
                  "of tokens");
    }
    if (*symbol == levels_.alphabet.boundary()) {
      lines_.fail("the token " + quoted(token) + " is the boundary; choose another boundary=");
    }
    return *symbol;
  }

  // The id of a token; kUnknown for one that was not among the n-grams of length 1.
  std::uint32_t id_of(std::string_view token) const {
    if (rules_ == nullptr) return levels_.alphabet.id(symbol(token));
    if (token == "<UNK>" || token == kUnknownToken) return levels_.alphabet.unknown();
    const std::uint32_t number = levels_.alphabet.vocabulary()->table().find(token);
    if (number < Vocabulary::kFirst || number == TokenTable::kNone) return kUnknown;
    return levels_.alphabet.id(Vocabulary::symbol_of(number));
  }

  // The alphabet of tokens, each once; of the unknown symbol if it is one of them.
  Alphabet alphabet_of(const std::vector<std::string_view>& tokens) const {
    if (rules_ == nullptr) {
      std::vector<char32_t> symbols;
      for (const std::string_view token : tokens) symbols.push_back(symbol(token));
      return Alphabet(levels_.alphabet.boundary(), std::move(symbols));
    }
    bool unknown = false;
    std::vector<std::string_view> others;
    for (const std::string_view token : tokens) {
      if (token == rules_->boundary) {
        throw Error("the token " + quoted(token) + " is the boundary; choose another boundary=");
      }
      if (token == kUnknownToken || token == "<UNK>") {
        unknown = true;
      } else {
        others.push_back(token);
      }
    }
    return Alphabet(std::make_shared<const Vocabulary>(*rules_, others, poll_), unknown);
  }

  // The section of single symbols, which makes the alphabet.
  void read_symbols() {
    struct Single {
      double log10, backoff;
      std::uint32_t line;
    };
    std::vector<std::string_view> tokens;
    std::vector<Single> singles;
    std::optional<double> end, start;
    std::uint32_t start_line = 0;
    const auto set = [&](std::optional<double>& place, double value) {
      if (place) lines_.fail(quoted(fields_[1]) + " stands here a second time");
      place = value;
    };
    read_section(1, [&](double log10, double backoff) {
      const std::string_view token = fields_[1];
      if (token == kStart) {
        set(start, backoff);  // nothing is followed by the start: its probability says nothing
        start_line = lines_.number();
      } else if (token == kEnd) {
        set(end, log10);
      } else {
        if (rules_ == nullptr) (void)symbol(token);  // or this line is what is wrong
        tokens.push_back(token);
        singles.push_back({log10, backoff, lines_.number()});
      }
    });
    if (!start || !end) lines_.fail("<s> and </s> must be among the n-grams of length 1");
    levels_.alphabet = alphabet_of(tokens);
    if (levels_.alphabet.size() != singles.size() + 1) {
      lines_.fail("a symbol stands more than once among the n-grams of length 1");
    }
    try {
      levels_.layout = key_layout(order(), levels_.alphabet.size());
    } catch (const Error& error) {
      lines_.fail(error.what());
    }
    levels_.entries[1].resize(levels_.alphabet.size());
    levels_.entries[1][0] = {0, *end, *start, start_line};
    for (std::size_t i = 0; i < singles.size(); ++i) {
      const Single& one = singles[i];
      const std::uint32_t id = id_of(tokens[i]);
      levels_.entries[1][id] = {id, one.log10, one.backoff, one.line};
    }
  }

  void read_ngrams(unsigned length) {
    std::vector<Entry>& level = levels_.entries[length];
    level.reserve(std::min(sizes_[length - 1], std::size_t{1} << 16));
    read_section(length, [&](double log10, double backoff) {
      WideKey key = 0;
      for (unsigned i = length; i > 0; --i) {
        key = key << levels_.layout.bits | id(fields_[i], i == 1, i == length);
      }
      level.push_back({key, log10, backoff, lines_.number()});
    });
    sort_by_key(
        level, length * levels_.layout.bits, [](const Entry& entry) { return entry.key; }, poll_);
    const auto twice = std::adjacent_find(
        level.begin(), level.end(), [](const Entry& a, const Entry& b) { return a.key == b.key; });
    if (twice != level.end()) Lines::fail_at((twice + 1)->line, "the n-gram has stood before");
  }

  std::uint32_t id(std::string_view token, bool first, bool last) const {
    if (token == kStart || token == kEnd) {
      if (token == kStart ? first : last) return 0;
      lines_.fail(token == kStart ? "<s> does not begin the n-gram"
                                  : "</s> does not end the n-gram");
    }
    const std::uint32_t id = id_of(token);
    if (id == kUnknown) {
      lines_.fail("the token " + quoted(token) + " is not among the n-grams of length 1");
    }
    return id;
  }

  const Poll& poll_;
  const TokenNames no_names_;
  const TokenNames& names_;
  const TokenRules* rules_ = nullptr;  // where symbols are tokens
  Lines lines_;
  Levels levels_;
  std::vector<std::size_t> sizes_;        // of the sections
  std::vector<std::string_view> fields_;  // of the line
};

}  // namespace
}  // namespace arpa

ArpaModel read_arpa(Bytes text, char32_t boundary, const TokenNames& names, const Poll& poll) {
  return arpa::Reader(text, boundary, names, poll).read();
}

ArpaModel read_arpa(Bytes text, const TokenRules& rules, const Poll& poll) {
  return arpa::Reader(text, rules, poll).read();
}

}  // namespace makemore
