// Between Python's str and the core's code points.
#include <algorithm>

#include "base/error.hpp"
#include "bindings/python.hpp"
#include "bindings/tokens.hpp"
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

std::vector<std::string> symbols_of_part(const Alphabet& alphabet, const py::object& part,
                                         const char* name) {
  const auto& vocabulary = alphabet.vocabulary();
  const bool listed = vocabulary && vocabulary->rules().cut == TokenRules::Cut::listed;
  if (py::isinstance<py::str>(part)) {
    const std::string text = utf8_of(part.cast<py::str>(), name);
    if (!listed || text.empty()) return symbols_in(alphabet, text);
    throw py::type_error(std::string(name) + " must be a list of tokens, as words are, got a str");
  }
  if (!listed || PySequence_Check(part.ptr()) == 0) {
    throw py::type_error(std::string(name) + " must be a " + (listed ? "list of tokens" : "str") +
                         ", got " + type_name(part));
  }
  std::vector<std::string> symbols;
  for (const py::handle token : py::tuple(part)) {
    if (!PyUnicode_Check(token.ptr())) {
      throw py::type_error(std::string(name) + " must be a list of str, got " + type_name(token) +
                           " in it");
    }
    symbols.push_back(utf8_of(py::reinterpret_borrow<py::str>(token), name));
  }
  return symbols;
}

std::vector<std::uint32_t> part_ids(const Alphabet& alphabet, const py::object& part,
                                    const char* name) {
  std::vector<std::uint32_t> ids;
  if (!alphabet.vocabulary() && py::isinstance<py::str>(part)) {
    for (const char32_t symbol : code_points(part.cast<py::str>())) {
      ids.push_back(alphabet.id(symbol));
      if (ids.back() == kUnknown) {
        throw Error(std::string(name) + " holds " + quoted(symbol) +
                    ", which is not in the alphabet");
      }
      if (ids.back() == 0) {
        throw Error(std::string(name) + " holds the boundary " + quoted(alphabet, 0));
      }
    }
    return ids;
  }
  for (const std::string& symbol : symbols_of_part(alphabet, part, name)) {
    ids.push_back(id_of(alphabet, py::str(symbol)));
    if (ids.back() == kUnknown) {
      throw Error(std::string(name) + " holds " + quoted(std::string_view(symbol)) +
                  ", which is not in the alphabet");
    }
    if (ids.back() == 0) {
      throw Error(std::string(name) + " holds the boundary " + quoted(alphabet, 0));
    }
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
