// What all ways to count take from Python: a counter's options, and bytes.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "base/buffer.hpp"
#include "bindings/python.hpp"
#include "counting/bigram_counter.hpp"
#include "text/read_text.hpp"
#include "text/text.hpp"

namespace makemore {

// Of packed words.
inline CountOptions counter_options(const py::str& boundary,
                                    const std::optional<py::str>& alphabet) {
  CountOptions options;
  options.boundary = make_alphabet(boundary, py::str()).boundary();
  if (alphabet) options.alphabet = make_alphabet(boundary, *alphabet);
  options.poll = signal_poll();
  return options;
}

// The bytes of an object with the buffer protocol, held as long as this lives: so long its
// memory stays where it is, but others may change what is in it, unless it is of type bytes.
class HeldBytes {
 public:
  explicit HeldBytes(const py::buffer& buffer) : info_(buffer.request()) {
    const bool contiguous = info_.ndim == 1 && (info_.size <= 1 || info_.strides[0] == 1);
    const bool of_bytes = info_.format == "B" || info_.format == "b" || info_.format == "c";
    if (!contiguous || !of_bytes) {  // bool, for one, has items of a byte, which are no text
      throw py::type_error("expected a contiguous buffer of bytes (uint8)");
    }
    changes_ = !PyBytes_CheckExact(buffer.ptr());
  }

  std::size_t size() const { return static_cast<std::size_t>(info_.size); }

  // Reads it: what changes is copied, so that what is checked is what is counted.
  ReadText reader() const { return changes_ ? copying_reader_of(*this) : reader_of(*this); }

  operator Bytes() const {  // NOLINT: it is these bytes
    return {static_cast<const std::uint8_t*>(info_.ptr), static_cast<std::size_t>(info_.size)};
  }

 private:
  py::buffer_info info_;
  bool changes_;
};

// Counts a block of words. Returns how many at its end were left out.
inline std::size_t add_block(BigramCounter& counter, const Text& text) {
  counter.add(text.bytes, text.ascii);
  return 0;
}
template <class Offset>
std::size_t add_block(BigramCounter& counter, const Joined<Offset>& words) {
  return words.words() - counter.add(words);
}

}  // namespace makemore
