// Between Python's str and the core's code points.
#include <algorithm>

#include "base/error.hpp"
#include "bindings/python.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {

std::vector<char32_t> code_points(const py::str& text) {
  std::vector<char32_t> symbols(static_cast<std::size_t>(PyUnicode_GET_LENGTH(text.ptr())));
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    symbols[i] = PyUnicode_READ_CHAR(text.ptr(), static_cast<py::ssize_t>(i));
  }
  return symbols;
}

py::str to_str(std::span<const char32_t> symbols) {
  static_assert(sizeof(char32_t) == sizeof(Py_UCS4));
  PyObject* const text = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, symbols.data(),
                                                   static_cast<py::ssize_t>(symbols.size()));
  if (text == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(text);
}

std::vector<std::uint32_t> symbol_ids(const Alphabet& alphabet, const py::str& text) {
  std::vector<std::uint32_t> ids;
  for (const char32_t symbol : code_points(text)) {
    const std::uint32_t id = alphabet.id(symbol);
    if (id == kUnknown) throw Error("the symbol " + quoted(symbol) + " is not in the alphabet");
    ids.push_back(id);
  }
  return ids;
}

std::vector<std::uint32_t> part_ids(const Alphabet& alphabet, const py::str& part,
                                    const char* name) {
  std::vector<std::uint32_t> ids = symbol_ids(alphabet, part);
  if (std::find(ids.begin(), ids.end(), 0) != ids.end()) {
    throw Error(std::string(name) + " holds the boundary " + quoted(alphabet.boundary()));
  }
  return ids;
}

Alphabet make_alphabet(const py::str& boundary, const py::str& others) {
  const std::vector<char32_t> symbol = code_points(boundary);
  if (symbol.size() != 1) {
    throw Error("the boundary must be one symbol, got a str of " + std::to_string(symbol.size()));
  }
  std::vector<char32_t> symbols = code_points(others);
  std::vector<char32_t> sorted = symbols;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end() && !is_surrogate(*twice)) {
    throw Error("the alphabet holds " + quoted(*twice) + " more than once");
  }
  return Alphabet(symbol[0], std::move(symbols));
}

}  // namespace makemore
