// A part of a text in whole lines, for those who count it in several places.
//
// A line belongs to the part in which it begins, so that parts that cover a text have each line
// once. It begins at the start of the text, behind a \n, and behind a \r that no \n follows.
#pragma once

#include <cstdint>

#include "base/poll.hpp"
#include "text/read_text.hpp"

namespace makemore {

struct TextRange {
  std::uint64_t begin;
  std::uint64_t end;

  TextRange(std::uint64_t size) : begin(0), end(size) {}  // NOLINT: a text is a range of itself
  TextRange(std::uint64_t first, std::uint64_t last) : begin(first), end(last) {}
};

// The lines of a text of so many bytes that begin in [start, stop).
TextRange lines_that_begin(const ReadText& read, std::uint64_t size, TextRange within,
                           const Poll& poll = {});

// How many lines end before a place where one begins.
std::int64_t lines_before(const ReadText& read, std::uint64_t place, const Poll& poll = {});

}  // namespace makemore
