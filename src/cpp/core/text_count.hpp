// Counts a text that can be read at any place, such as a file or memory, by several threads.
//
// The text is cut into pieces at symbols, not at words: a piece takes the last symbol before
// it as its start, so that no pair is lost or counted twice and one word of any length is
// shared out as well as many. Each thread has a counter of its own; their sums are added.
#pragma once

#include <cstdint>
#include <functional>

#include "core/bigrams.hpp"
#include "core/buffer.hpp"
#include "core/counter.hpp"
#include "core/interrupt.hpp"

namespace makemore {

// Gives `size` bytes of the text from a place on; may use the buffer to hold them. Called by
// several threads at once, each with its own buffer.
using ReadText =
    std::function<Bytes(std::uint64_t from, std::size_t size, Buffer<std::uint8_t>& buffer)>;

// Told, from the caller's thread, how many bytes were counted so far. May throw, like Poll.
using Progress = std::function<void(std::uint64_t)>;

// Options::layout must be lines. Throws what BigramCounter and `read` throw.
Bigrams count_text(const BigramCounter::Options& options, std::uint64_t size, const ReadText& read,
                   unsigned threads, const Progress& progress);

// Reads from memory, without copying.
ReadText reader_of(Bytes text);

// Reads from an open file, at any place of it, without moving its position. Throws
// std::system_error where the system fails, EndOfFile where the file became shorter.
ReadText reader_of_file(int descriptor);

struct EndOfFile : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace makemore
