// A text that can be read at any place, such as memory or a file.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>

#include "base/buffer.hpp"
#include "text/text.hpp"

namespace makemore {

// Gives `size` bytes of the text from a place on, which stay as they are until the next call with
// the buffer that may hold them. Called by several threads at once, each with its own buffer.
using ReadText =
    std::function<Bytes(std::uint64_t from, std::size_t size, Buffer<std::uint8_t>& buffer)>;

// Reads from memory that does not change, without copying.
ReadText reader_of(Bytes text);

// Reads from memory that others may change meanwhile: what is given is a copy.
ReadText copying_reader_of(Bytes text);

// Reads from an open file, at any place of it, wherever its position is (which Windows moves, and
// no other system). Throws std::system_error where the system fails, EndOfFile where the file
// became shorter.
ReadText reader_of_file(int descriptor);

struct EndOfFile : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace makemore
