// Packing.
#include "bindings/words.hpp"

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

constexpr py::ssize_t kCheckAfter = 1 << 15;  // words between two looks for Ctrl-C

// Copies up to 8 bytes with one load and one store instead of a loop. The load ends at
// the last byte and so never passes the string's end; it may begin before the string,
// which in a str object is still the object's own header. Writes 8 bytes.
void copy_short(const std::uint8_t* from, std::size_t size, std::uint8_t* to) {
  static_assert(sizeof(PyASCIIObject) >= 8);
  std::uint64_t word = 0;
  std::memcpy(&word, from + size - 8, 8);
  word >>= 8 * (8 - size);
  std::memcpy(to, &word, 8);
}

template <class Unit>
std::uint8_t* transcode(const Unit* units, std::size_t size, std::uint8_t* out,
                        py::ssize_t index) {
  for (std::size_t i = 0; i < size; ++i) {
    const char32_t symbol = units[i];
    if (is_surrogate(symbol)) {
      throw Error("word " + std::to_string(index) + ": holds a lone surrogate at position " +
                  std::to_string(i));
    }
    out = encode(symbol, out);
  }
  return out;
}

std::string type_name(PyObject* object) { return Py_TYPE(object)->tp_name; }

}  // namespace

WordSource::WordSource(py::handle words) : words_(py::reinterpret_borrow<py::object>(words)) {
  PyObject* const p = words.ptr();
  if (PyUnicode_Check(p)) {
    throw py::type_error(
        "expected an iterable of words, got a str, which would be read as characters; "
        "pass [word] for one word, or use count_file(path) for a file");
  }
  if (PyBytes_Check(p) || PyByteArray_Check(p)) {
    throw py::type_error("expected an iterable of str, got " + type_name(p));
  }
  if (!PyList_CheckExact(p) && !PyTuple_CheckExact(p)) {
    iterator_ = py::reinterpret_steal<py::object>(PyObject_GetIter(p));
    if (!iterator_) throw py::error_already_set();
  }
}

bool WordSource::next(std::size_t block) {
  size_ = 0;
  ascii_ = true;
  const py::ssize_t first = index_;
  if (iterator_) {
    while (size_ < block) {
      if (index_ % kCheckAfter == 0) check_signals();
      const auto word = py::reinterpret_steal<py::object>(PyIter_Next(iterator_.ptr()));
      if (!word) {
        if (PyErr_Occurred() != nullptr) throw py::error_already_set();
        break;
      }
      append(word.ptr());
    }
  } else {
    PyObject* const p = words_.ptr();
    while (size_ < block && index_ < PySequence_Fast_GET_SIZE(p)) {
      if (index_ % kCheckAfter == 0) check_signals();
      append(PySequence_Fast_GET_ITEM(p, index_));
    }
  }
  return index_ > first;
}

void WordSource::append(PyObject* word) {
  if (!PyUnicode_CheckExact(word) || !PyUnicode_IS_COMPACT_ASCII(word)) {
    append_other(word);
    return;
  }
  const auto size = static_cast<std::size_t>(PyUnicode_GET_LENGTH(word));
  reserve(size + 9);
  const auto* const data = reinterpret_cast<const std::uint8_t*>(PyUnicode_1BYTE_DATA(word));
  std::uint8_t* const out = bytes_.get() + size_;
  if (size - 1 < 8) {
    copy_short(data, size, out);
  } else {
    std::memcpy(out, data, size);
  }
  out[size] = kWordEnd;
  size_ += size + 1;
  ++index_;
}

void WordSource::append_other(PyObject* word) {
  if (!PyUnicode_Check(word)) {
    throw py::type_error("word " + std::to_string(index_) + ": expected str, got " +
                         type_name(word));
  }
  const auto size = static_cast<std::size_t>(PyUnicode_GET_LENGTH(word));
  reserve(4 * size + 1);
  std::uint8_t* out = bytes_.get() + size_;
  switch (PyUnicode_KIND(word)) {
    case PyUnicode_1BYTE_KIND:
      out = transcode(PyUnicode_1BYTE_DATA(word), size, out, index_);
      break;
    case PyUnicode_2BYTE_KIND:
      out = transcode(PyUnicode_2BYTE_DATA(word), size, out, index_);
      break;
    default:
      out = transcode(PyUnicode_4BYTE_DATA(word), size, out, index_);
  }
  *out++ = kWordEnd;
  ascii_ = ascii_ && PyUnicode_IS_ASCII(word);
  size_ = static_cast<std::size_t>(out - bytes_.get());
  ++index_;
}

void WordSource::reserve(std::size_t more) {
  if (size_ + more <= capacity_) return;
  const std::size_t wanted = std::max(size_ + more, std::max<std::size_t>(4096, 2 * capacity_));
  auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(wanted);
  if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
  bytes_ = std::move(larger);
  capacity_ = wanted;
}

}  // namespace makemore
