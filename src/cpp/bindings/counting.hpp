// What all ways to count take from Python: a counter's options, and bytes.
#pragma once

#include <optional>

#include "bindings/python.hpp"
#include "core/counter.hpp"
#include "core/text.hpp"

namespace makemore {

inline BigramCounter::Options counter_options(const py::str& boundary,
                                              const std::optional<py::str>& alphabet, bool lines,
                                              bool skip_blank) {
  BigramCounter::Options options;
  options.boundary = make_alphabet(boundary, py::str()).boundary();
  options.layout = lines ? Layout::lines : Layout::packed;
  options.skip_blank = skip_blank;
  if (alphabet) options.alphabet = make_alphabet(boundary, *alphabet);
  return options;
}

// The bytes of an object with the buffer protocol, held as long as this lives.
class HeldBytes {
 public:
  explicit HeldBytes(const py::buffer& buffer) : info_(buffer.request()) {
    const bool contiguous = info_.size <= 1 || info_.strides[0] == 1;
    if (info_.ndim != 1 || info_.itemsize != 1 || !contiguous) {
      throw py::type_error("expected a contiguous buffer of bytes");
    }
  }

  operator Bytes() const {  // NOLINT: it is these bytes
    return {static_cast<const std::uint8_t*>(info_.ptr), static_cast<std::size_t>(info_.size)};
  }

 private:
  py::buffer_info info_;
};

// Counts a block of bytes without the GIL.
template <class Counter>
void add_bytes(Counter& counter, const py::buffer& buffer) {
  const HeldBytes bytes(buffer);
  const py::gil_scoped_release unlocked;
  counter.add(bytes);
}

}  // namespace makemore
