// Reads from memory, from memory that may change, and from files.
#include "text/read_text.hpp"

#include <algorithm>

#include "base/file_at.hpp"

namespace makemore {

ReadText reader_of(Bytes text) {
  return [text](std::uint64_t from, std::size_t size, Buffer<std::uint8_t>&) {
    return text.subspan(static_cast<std::size_t>(from), size);
  };
}

ReadText copying_reader_of(Bytes text) {
  return [text](std::uint64_t from, std::size_t size, Buffer<std::uint8_t>& buffer) -> Bytes {
    if (buffer.size() < size) buffer.resize(size);
    const Bytes part = text.subspan(static_cast<std::size_t>(from), size);
    std::copy(part.begin(), part.end(), buffer.begin());
    return {buffer.data(), size};
  };
}

ReadText reader_of_file(int descriptor) {
  return [descriptor](std::uint64_t from, std::size_t size, Buffer<std::uint8_t>& buffer) -> Bytes {
    if (buffer.size() < size) buffer.resize(size);
    std::size_t got = 0;
    while (got < size) {
      const std::size_t now = read_at(descriptor, buffer.data() + got, size - got, from + got);
      if (now == 0) throw EndOfFile("the file was cut short while it was read");
      got += now;
    }
    return {buffer.data(), size};
  };
}

}  // namespace makemore
