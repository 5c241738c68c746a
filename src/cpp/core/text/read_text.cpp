// Reads from memory, from memory that may change, and from files.
#include "text/read_text.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#if !defined(_WIN32)
#include <unistd.h>
#else
#include "base/error.hpp"
#endif

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

ReadText reader_of_file([[maybe_unused]] int descriptor) {
#if defined(_WIN32)
  throw Error("this system has no reading at a place");
#else
  return [descriptor](std::uint64_t from, std::size_t size, Buffer<std::uint8_t>& buffer) -> Bytes {
    if (buffer.size() < size) buffer.resize(size);
    std::size_t got = 0;
    while (got < size) {
      const ssize_t now =
          ::pread(descriptor, buffer.data() + got, size - got, static_cast<off_t>(from + got));
      if (now < 0 && errno == EINTR) continue;
      if (now < 0) throw std::system_error(errno, std::generic_category());
      if (now == 0) throw EndOfFile("the file was cut short while it was read");
      got += static_cast<std::size_t>(now);
    }
    return {buffer.data(), size};
  };
#endif
}

}  // namespace makemore
