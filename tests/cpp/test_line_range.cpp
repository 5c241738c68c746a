// Ranges of whole lines, compared with lines that are found one by one.
#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "text/line_range.hpp"

using namespace makemore;

namespace {

// Where lines begin, a text of no bytes having none.
std::vector<std::uint64_t> begins(const std::string& text) {
  std::vector<std::uint64_t> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool behind_newline = at > 0 && text[at - 1] == '\n';
    const bool behind_return = at > 0 && text[at - 1] == '\r' && text[at] != '\n';
    if (at == 0 || behind_newline || behind_return) found.push_back(at);
  }
  return found;
}

void check_all_ranges(const std::string& text) {
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  const ReadText read = reader_of(bytes);
  const std::vector<std::uint64_t> lines = begins(text);
  const auto from = [&](std::uint64_t place) {
    for (const std::uint64_t line : lines) {
      if (line >= place) return line;
    }
    return std::uint64_t{text.size()};
  };
  for (std::uint64_t start = 0; start <= text.size() + 1; ++start) {
    for (std::uint64_t stop = start; stop <= text.size() + 1; ++stop) {
      const TextRange range = lines_that_begin(read, text.size(), {start, stop});
      if (range.begin == range.end) {
        CHECK(from(start) == from(stop));
        continue;
      }
      CHECK(range.begin == from(start));
      CHECK(range.end == from(stop));
    }
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CHECK(lines_before(read, lines[i]) == static_cast<std::int64_t>(i));
  }
}

}  // namespace

TEST_CASE("a range has the lines that begin in it") {
  for (const char* text : {"", "\n", "\r", "\r\n", "a", "a\n", "a\r\nb\r\r\n\n\rc", "\n\r\n\r"}) {
    check_all_ranges(text);
  }
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    std::string text;
    for (std::size_t n = random() % 12; n > 0; --n) text += "a\n\rb"[random() % 4];
    check_all_ranges(text);
  }
}

TEST_CASE("line ends are found behind any number of blocks") {
  for (const std::size_t size : {4095u, 4096u, 4097u, 300'000u, 1'000'000u}) {
    for (const char* end : {"\n", "\r", "\r\n"}) {
      const std::string text = std::string(size, 'x') + end + "y" + end;
      const Bytes bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
      const ReadText read = reader_of(bytes);
      const std::uint64_t second = text.find('y');
      const TextRange first = lines_that_begin(read, text.size(), {0, 1});
      CHECK(first.begin == 0);
      CHECK(first.end == second);
      const TextRange rest = lines_that_begin(read, text.size(), {1, text.size()});
      CHECK(rest.begin == second);
      CHECK(rest.end == text.size());
      CHECK(lines_before(read, second) == 1);
    }
  }
}
