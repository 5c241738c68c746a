// Words as one run of UTF-8 and the places where they begin, as Arrow's large strings lie.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

// Word i is bytes[offsets[i] .. offsets[i + 1]), valid UTF-8; offsets[0] is 0.
struct Corpus {
  Buffer<std::uint8_t> bytes;
  Buffer<std::int64_t> offsets;

  std::size_t size() const { return offsets.size() - 1; }
  Bytes word(std::size_t i) const {
    const auto begin = static_cast<std::size_t>(offsets[i]);
    return Bytes(bytes).subspan(begin, static_cast<std::size_t>(offsets[i + 1]) - begin);
  }
};

// Throws Error unless the offsets go up from 0 to the bytes' end and words are valid UTF-8.
void check_corpus(const Corpus& corpus, const Poll& poll);

// Writes ids as symbols; word i is ids[offsets[i] .. offsets[i + 1]). Ids of one byte whose
// symbols take one byte too are written over, so that nothing is copied.
template <class Id>
Corpus to_corpus(Buffer<Id> ids, Buffer<std::int64_t> offsets, const Alphabet& alphabet,
                 unsigned threads, const Poll& poll);

// The words first to last - 1 as lines: how many bytes they take, and writing them to `out`.
std::size_t lines_size(const Corpus& corpus, std::size_t first, std::size_t last);
void write_lines(const Corpus& corpus, std::size_t first, std::size_t last, std::uint8_t* out);

}  // namespace makemore
