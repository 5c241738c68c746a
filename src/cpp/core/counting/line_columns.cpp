// Reads how a line looks, and cuts lines so.
#include "counting/line_columns.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "text/quoted.hpp"

namespace makemore {
namespace {

bool names_a_column(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

[[noreturn]] void fail_columns(std::string_view shown) {
  throw Error(
      "columns must show a line, as in 'word,_,count' or 'count word': the names word and "
      "count, others for what is passed over, and one tab, blank, comma, semicolon or bar "
      "between two; got " +
      quoted(shown));
}

}  // namespace

LineColumns::LineColumns(std::string_view shown) {
  constexpr std::string_view separators = "\t ,;|";
  const auto other = std::find_if_not(shown.begin(), shown.end(), names_a_column);
  if (other == shown.end() || separators.find(*other) == std::string_view::npos) {
    fail_columns(shown);
  }
  separator_ = static_cast<std::uint8_t>(*other);
  std::vector<std::string_view> names;
  for (std::string_view rest = shown;;) {
    const std::size_t end = rest.find(*other);
    names.push_back(rest.substr(0, end));
    if (names.back().empty() ||
        !std::all_of(names.back().begin(), names.back().end(), names_a_column)) {
      fail_columns(shown);
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (std::count(names.begin(), names.end(), "word") != 1 ||
      std::count(names.begin(), names.end(), "count") != 1) {
    fail_columns(shown);
  }
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  before_ = place("word");
  after_ = names.size() - before_ - 1;
  count_ = place("count");
  if (count_ > before_) --count_;
  wanted_ = shown == "word\tcount" ? " has no tab; expected word<TAB>count"
                                   : " has fewer columns than " + quoted(shown);
}

std::optional<LineColumns::Parts> LineColumns::split(Bytes line) const {
  const auto skip_blanks = [&] {
    while (separator_ == ' ' && !line.empty() && line.front() == ' ') line = line.subspan(1);
  };
  Bytes count;
  for (std::size_t i = 0; i < before_; ++i) {
    skip_blanks();
    const auto end = std::find(line.begin(), line.end(), separator_);
    if (end == line.end()) return std::nullopt;
    const auto size = static_cast<std::size_t>(end - line.begin());
    if (i == count_) count = line.first(size);
    line = line.subspan(size + 1);
  }
  for (std::size_t i = 0; i < after_; ++i) {
    const auto end = std::find(line.rbegin(), line.rend(), separator_);
    if (end == line.rend()) return std::nullopt;
    const auto size = static_cast<std::size_t>(line.rend() - end) - 1;  // of what is before
    if (before_ + after_ - 1 - i == count_) count = line.subspan(size + 1);
    line = line.first(size);
  }
  return Parts{line, count};
}

}  // namespace makemore
