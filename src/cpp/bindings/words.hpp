// The adapter from Python's iterables of str to the core's view of words.
#pragma once

#include <cstddef>
#include <memory>

#include "bindings/python.hpp"
#include "core/text.hpp"

namespace makemore {

// Packs words, a block at a time, while the GIL is held; the block can then be
// worked on without it. A list is looked at anew for each block, so one that other
// threads change meanwhile gives what is there when its turn comes. A generator is
// never held whole.
class WordSource {
 public:
  static constexpr std::size_t kBlock = std::size_t{1} << 20;  // bytes

  // Raises TypeError for a str or bytes, and for what cannot be iterated.
  explicit WordSource(py::handle words);

  // Packs the next block of about `block` bytes; false if no words are left. Raises
  // TypeError for a word that is not a str, ValueError for a lone surrogate.
  bool next(std::size_t block = kBlock);

  Text text() const { return {{bytes_.get(), size_}, Layout::packed, ascii_}; }

 private:
  void append(PyObject* word);
  void append_other(PyObject* word);
  void reserve(std::size_t more);

  py::object words_;
  py::object iterator_;          // null for a list or a tuple
  py::ssize_t index_ = 0;        // of the next word
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  bool ascii_ = true;            // of this block
};

}  // namespace makemore
