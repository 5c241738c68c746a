// Splits each line into a word and a weight.
#include "counting/weighted_lines.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

bool begins_with_mark(Bytes text) {
  constexpr std::uint8_t mark[] = {0xEF, 0xBB, 0xBF};
  return text.size() >= 3 && std::equal(mark, mark + 3, text.begin());
}

bool ends_line(std::uint8_t byte) { return byte == '\n' || byte == '\r'; }

}  // namespace

void WeightedLines::take(Bytes block) {
  words_before_ += std::ssize(weights_);
  words_.clear();
  weights_.clear();
  line_of_.clear();
  const auto last = std::find_if(block.rbegin(), block.rend(), ends_line);
  const auto whole = static_cast<std::size_t>(block.rend() - last);  // with the end itself
  if (whole == 0) {
    rest_.insert(rest_.end(), block.begin(), block.end());
    return;
  }
  if (rest_.empty()) {
    take_lines(block.first(whole));
  } else {
    // Only the line that began earlier is copied.
    const auto end = std::find_if(block.begin(), block.end(), ends_line) + 1;
    const auto head = static_cast<std::size_t>(end - block.begin());
    rest_.insert(rest_.end(), block.begin(), end);
    const std::vector<std::uint8_t> line = std::move(rest_);
    rest_.clear();
    take_lines(line);
    take_lines(block.subspan(head, whole - head));
  }
  const Bytes left = block.subspan(whole);
  rest_.assign(left.begin(), left.end());
}

// Whole lines, each with its end.
void WeightedLines::take_lines(Bytes lines) {
  std::size_t at = 0;
  if (after_return_ && !lines.empty() && lines[0] == '\n') ++at;
  while (at < lines.size() && !bad_) {
    std::size_t end = at;
    while (!ends_line(lines[end])) ++end;
    take_line(lines.subspan(at, end - at), offset_ + at);
    at = end + 1;
    if (lines[end] == '\r' && at < lines.size() && lines[at] == '\n') ++at;
  }
  if (!lines.empty()) after_return_ = lines.back() == '\r';
  offset_ += lines.size();
}

void WeightedLines::take_line(Bytes line, std::uint64_t offset) {
  if (offset == 0 && begins_with_mark(line)) {
    line = line.subspan(3);  // a byte order mark is no text
    offset = 3;
  }
  if (line.empty() && rules_.skip_blank) {
    ++line_;
    return;
  }
  if (!rules_.weighted) return take_word(line, 1, line, offset);
  const auto parts = rules_.columns.split(line);
  if (!parts) return fail(": " + quoted(line) + rules_.columns.wanted());
  const Bytes word = parts->word;
  const Bytes digits = parts->count;

  std::int64_t weight = 0;
  const auto* const begin = reinterpret_cast<const char*>(digits.data());
  const auto* const end = begin + digits.size();
  const auto number = std::from_chars(begin, end, weight);
  if (number.ptr != end || number.ec == std::errc::invalid_argument) {
    return fail(": the count " + quoted(digits) + " is no whole number in decimal digits");
  }
  if (number.ec == std::errc::result_out_of_range) {
    return fail(": the count " + quoted(digits) + " does not fit 64 bits");
  }
  take_word(word, weight, line, offset);
}

// The word of a line that begins at an offset.
void WeightedLines::take_word(Bytes word, std::int64_t weight, Bytes line, std::uint64_t offset) {
  const std::size_t invalid = first_invalid(word);
  if (invalid < word.size()) {
    const auto before = static_cast<std::size_t>(word.data() - line.data());
    return fail(", byte " + std::to_string(offset + before + invalid) + ": not valid UTF-8");
  }
  words_.insert(words_.end(), word.begin(), word.end());
  words_.push_back(kWordEnd);
  weights_.push_back(weight);
  line_of_.push_back(line_++);
}

void WeightedLines::end_text() {
  constexpr std::uint8_t newline[] = {'\n'};
  if (offset_ == 0 && rest_.size() == 3 && begins_with_mark(rest_)) rest_.clear();
  if (rest_.empty()) {
    take({});
  } else {
    take(newline);
  }
  after_return_ = false;
  offset_ = 0;
  line_ = 1;
}

void WeightedLines::continue_at_line(std::uint64_t offset) {
  rest_.clear();
  after_return_ = false;
  offset_ = offset;
  line_ = 1;
}

void WeightedLines::check() const {
  if (bad_) throw *bad_;
}

Error WeightedLines::located(const Error& error) const {
  if (!error.index()) return error;
  return error.about("line", line_of_[static_cast<std::size_t>(*error.index() - words_before_)]);
}

}  // namespace makemore
