// Reading and writing an open file at any place, wherever its position is (which Windows moves, and
// no other system).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

namespace makemore {

// What the system says of a file that is not the one a caller asked for, with a path that names it.
struct FileError : std::system_error {
  FileError(const std::system_error& error, std::string where)
      : std::system_error(error), path(std::move(where)) {}
  std::string path;
};

// Reads up to `size` bytes from a place on; 0 at the file's end. Throws std::system_error.
std::size_t read_at(int descriptor, std::uint8_t* to, std::size_t size, std::uint64_t from);

// Writes up to `size` bytes, at least one, at a place. Throws std::system_error.
std::size_t write_at(int descriptor, const std::uint8_t* bytes, std::size_t size, std::uint64_t at);

}  // namespace makemore
