// The lines of a text file, with their numbers for messages.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/poll.hpp"
#include "text/text.hpp"

namespace makemore::arpa {

inline constexpr std::string_view kBlanks = " \t\r";

// The lines of a text, numbered from 1; without their ends, the blanks around them and a mark
// (U+FEFF) before the first.
class Lines {
 public:
  Lines(Bytes text, const Poll& poll)
      : rest_(reinterpret_cast<const char*>(text.data()), text.size()), poll_(poll) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(mark)) rest_.remove_prefix(mark.size());
  }

  // False behind the last line. Line ends of DOS are line ends too.
  bool next() {
    if (rest_.empty()) return false;
    const std::size_t size = std::min(rest_.find('\n'), rest_.size());
    line_ = rest_.substr(0, size);
    rest_.remove_prefix(std::min(size + 1, rest_.size()));
    line_.remove_prefix(std::min(line_.find_first_not_of(kBlanks), line_.size()));
    line_.remove_suffix(line_.size() - (line_.find_last_not_of(kBlanks) + 1));
    if (++number_ % (1 << 12) == 0 && poll_) poll_();
    return true;
  }

  bool next_not_blank() {
    while (next()) {
      if (!line_.empty()) return true;
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

}  // namespace makemore::arpa
