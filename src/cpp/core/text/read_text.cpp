// Reads from memory, from memory that may change, and from files.
#include "text/read_text.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#if defined(_WIN32)
#ifndef NOMINMAX
#define NOMINMAX  // std::min is meant
#endif
#include <io.h>
#include <windows.h>
#else
#include <unistd.h>
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

namespace {

// Reads up to `size` bytes from a place of a file; 0 at its end.
#if defined(_WIN32)
std::size_t read_at(int descriptor, std::uint8_t* to, std::size_t size, std::uint64_t from) {
  const auto file = reinterpret_cast<HANDLE>(_get_osfhandle(descriptor));
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(from & 0xFFFFFFFF);
  place.OffsetHigh = static_cast<DWORD>(from >> 32);
  DWORD got = 0;
  const auto most = static_cast<DWORD>(std::min<std::size_t>(size, std::size_t{1} << 30));
  if (ReadFile(file, to, most, &got, &place) != 0) return got;
  const DWORD error = GetLastError();
  if (error == ERROR_HANDLE_EOF) return 0;
  throw std::system_error(static_cast<int>(error), std::system_category());
}
#else
std::size_t read_at(int descriptor, std::uint8_t* to, std::size_t size, std::uint64_t from) {
  for (;;) {
    const ssize_t got = ::pread(descriptor, to, size, static_cast<off_t>(from));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw std::system_error(errno, std::generic_category());
  }
}
#endif

}  // namespace

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
