// What each system has for it.
#include "base/file_at.hpp"

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

#if defined(_WIN32)
namespace {

OVERLAPPED place_of(std::uint64_t at) {
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(at & 0xFFFFFFFF);
  place.OffsetHigh = static_cast<DWORD>(at >> 32);
  return place;
}

DWORD at_once(std::size_t size) {
  return static_cast<DWORD>(std::min<std::size_t>(size, std::size_t{1} << 30));
}

}  // namespace

std::size_t read_at(int descriptor, std::uint8_t* to, std::size_t size, std::uint64_t from) {
  const auto file = reinterpret_cast<HANDLE>(_get_osfhandle(descriptor));
  OVERLAPPED place = place_of(from);
  DWORD got = 0;
  if (ReadFile(file, to, at_once(size), &got, &place) != 0) return got;
  const DWORD error = GetLastError();
  if (error == ERROR_HANDLE_EOF) return 0;
  throw std::system_error(static_cast<int>(error), std::system_category());
}

std::size_t write_at(int descriptor, const std::uint8_t* bytes, std::size_t size,
                     std::uint64_t at) {
  const auto file = reinterpret_cast<HANDLE>(_get_osfhandle(descriptor));
  OVERLAPPED place = place_of(at);
  DWORD written = 0;
  if (WriteFile(file, bytes, at_once(size), &written, &place) != 0 && written > 0) return written;
  throw std::system_error(static_cast<int>(GetLastError()), std::system_category());
}
#else
std::size_t read_at(int descriptor, std::uint8_t* to, std::size_t size, std::uint64_t from) {
  for (;;) {
    const ssize_t got = ::pread(descriptor, to, size, static_cast<off_t>(from));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw std::system_error(errno, std::generic_category());
  }
}

std::size_t write_at(int descriptor, const std::uint8_t* bytes, std::size_t size,
                     std::uint64_t at) {
  for (;;) {
    const ssize_t written = ::pwrite(descriptor, bytes, size, static_cast<off_t>(at));
    if (written > 0) return static_cast<std::size_t>(written);
    if (written == 0) throw std::system_error(ENOSPC, std::generic_category());
    if (errno != EINTR) throw std::system_error(errno, std::generic_category());
  }
}
#endif

}  // namespace makemore
