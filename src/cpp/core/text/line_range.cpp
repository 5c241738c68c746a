// Looks for line ends block by block.
#include "text/line_range.hpp"

#include <algorithm>
#include <cstddef>

namespace makemore {
namespace {

// Calls use(byte, place) for the bytes from a place on, until it says that this is enough.
template <class Use>
void each_byte(const ReadText& read, std::uint64_t from, std::uint64_t size, const Poll& poll,
               Use&& use) {
  std::uint64_t look = std::uint64_t{1} << 12;
  constexpr std::uint64_t most = std::uint64_t{1} << 18;
  Buffer<std::uint8_t> buffer;
  while (from < size) {
    const Bytes bytes = read(from, static_cast<std::size_t>(std::min(look, size - from)), buffer);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (!use(bytes[i], from + i)) return;
    }
    from += bytes.size();
    look = std::min(2 * look, most);
    if (poll) poll();
  }
}

// The first place from one on where a line begins; `most` if that is further, or there is none.
std::uint64_t next_begin(const ReadText& read, std::uint64_t size, std::uint64_t from,
                         std::uint64_t most, const Poll& poll) {
  if (from == 0 || from >= most) return std::min(from, most);
  std::uint64_t found = most;
  bool returned = false;
  each_byte(read, from - 1, std::min(size, most), poll, [&](std::uint8_t byte, std::uint64_t at) {
    if (returned) {
      found = at + (byte == '\n' ? 1 : 0);
    } else if (byte == '\n') {
      found = at + 1;
    } else {
      returned = byte == '\r';
      return true;
    }
    return false;
  });
  return std::min(found, most);
}

}  // namespace

TextRange lines_that_begin(const ReadText& read, std::uint64_t size, TextRange within,
                           const Poll& poll) {
  const std::uint64_t stop = std::min(within.end, size);
  const std::uint64_t begin = next_begin(read, size, within.begin, stop, poll);
  if (begin >= stop) return {stop, stop};
  return {begin, next_begin(read, size, stop, size, poll)};
}

std::int64_t lines_before(const ReadText& read, std::uint64_t place, const Poll& poll) {
  std::int64_t lines = 0;
  std::uint8_t before = 0;
  each_byte(read, 0, place, poll, [&](std::uint8_t byte, std::uint64_t) {
    lines += byte == '\r' || (byte == '\n' && before != '\r') ? 1 : 0;
    before = byte;
    return true;
  });
  return lines;
}

}  // namespace makemore
