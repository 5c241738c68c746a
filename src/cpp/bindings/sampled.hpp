// Words that were drawn, as Python's str or as NumPy arrays.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include "bindings/corpus.hpp"
#include "bindings/python.hpp"
#include "sampling/sampling.hpp"

namespace makemore {

// A new str of ids. Its width must be the smallest that holds its symbols.
template <class Id>
PyObject* new_str(std::span<const Id> ids, std::span<const char32_t> symbols) {
  char32_t most = 0;
  for (const Id id : ids) most = std::max(most, symbols[id]);
  PyObject* const text = PyUnicode_New(static_cast<py::ssize_t>(ids.size()), most);
  if (text == nullptr) throw py::error_already_set();
  const auto fill = [&](auto* out) {
    for (const Id id : ids) *out++ = static_cast<std::remove_pointer_t<decltype(out)>>(symbols[id]);
  };
  switch (ids.empty() ? 0 : PyUnicode_KIND(text)) {  // the empty str is shared: hands off
    case 0: break;
    case PyUnicode_1BYTE_KIND: fill(PyUnicode_1BYTE_DATA(text)); break;
    case PyUnicode_2BYTE_KIND: fill(PyUnicode_2BYTE_DATA(text)); break;
    default: fill(PyUnicode_4BYTE_DATA(text));
  }
  return text;
}

// A new str of ASCII.
inline PyObject* new_ascii(std::span<const std::uint8_t> bytes) {
  const std::size_t size = bytes.size();
  PyObject* const text = PyUnicode_New(static_cast<py::ssize_t>(size), 0x7F);
  if (text == nullptr) throw py::error_already_set();
  Py_UCS1* const out = PyUnicode_1BYTE_DATA(text);
  if (size < 4 || size > 8) {
    std::copy(bytes.begin(), bytes.end(), out);  // of an empty span too, whose data may be null
  } else {  // most words: two copies that may overlap instead of a loop
    std::memcpy(out, bytes.data(), 4);
    std::memcpy(out + size - 4, bytes.data() + size - 4, 4);
  }
  return text;
}

// Of tokens: a list of str, or of lists of str where words are lists.
template <class Id>
py::list to_token_list(const SampledWords<Id>& sampled, const Alphabet& alphabet) {
  constexpr std::size_t check_after = 1 << 12;
  const std::size_t n = sampled.offsets.size() - 1;
  const bool listed = alphabet.vocabulary()->rules().cut == TokenRules::Cut::listed;
  py::list words = new_list(n);
  std::vector<py::object> tokens(listed ? alphabet.size() : 0);  // made when they are met
  std::vector<std::uint32_t> ids;
  for (std::size_t word = 0; word < n; ++word) {
    if (word % check_after == 0) check_signals();
    const auto begin = static_cast<std::size_t>(sampled.offsets[word]);
    const auto end = static_cast<std::size_t>(sampled.offsets[word + 1]);
    ids.assign(sampled.ids.begin() + static_cast<std::ptrdiff_t>(begin),
               sampled.ids.begin() + static_cast<std::ptrdiff_t>(end));
    py::object made;
    if (listed) {
      py::list list = new_list(ids.size());
      for (std::size_t i = 0; i < ids.size(); ++i) {
        py::object& token = tokens[ids[i]];
        if (!token) token = py::str(alphabet.spelled(ids[i]));
        PyList_SET_ITEM(list.ptr(), static_cast<py::ssize_t>(i), token.inc_ref().ptr());
      }
      made = std::move(list);
    } else {
      made = py::str(spelled(alphabet, ids));
    }
    PyList_SET_ITEM(words.ptr(), static_cast<py::ssize_t>(word), made.release().ptr());
  }
  return words;
}

// A list of str; see to_token_list() for tokens.
template <class Id>
py::list to_list(const SampledWords<Id>& sampled, const Alphabet& alphabet) {
  if (alphabet.vocabulary()) return to_token_list(sampled, alphabet);
  constexpr std::size_t chunk = 1 << 12;  // words whose bytes stay in the cache
  const std::size_t n = sampled.offsets.size() - 1;
  const std::span<const char32_t> symbols = alphabet.symbols();
  const bool ascii =
      std::all_of(symbols.begin(), symbols.end(), [](char32_t symbol) { return symbol < 0x80; });
  py::list words = new_list(n);
  std::vector<std::uint8_t> bytes;
  for (std::size_t begin = 0; begin < n; begin += chunk) {
    check_signals();
    const std::size_t end = std::min(n, begin + chunk);
    const auto base = static_cast<std::size_t>(sampled.offsets[begin]);
    const auto ids =
        std::span(sampled.ids).subspan(base, static_cast<std::size_t>(sampled.offsets[end]) - base);
    if (ascii) {
      bytes.resize(ids.size());
      std::transform(ids.begin(), ids.end(), bytes.begin(),
                     [&](Id id) { return static_cast<std::uint8_t>(symbols[id]); });
    }
    for (std::size_t word = begin; word < end; ++word) {
      const std::size_t at = static_cast<std::size_t>(sampled.offsets[word]) - base;
      const std::size_t size = static_cast<std::size_t>(sampled.offsets[word + 1]) - base - at;
      PyObject* const text = ascii ? new_ascii(std::span(bytes).subspan(at, size))
                                   : new_str<Id>(ids.subspan(at, size), symbols);
      PyList_SET_ITEM(words.ptr(), static_cast<py::ssize_t>(word), text);
    }
  }
  return words;
}

// (ids, offsets), not copied.
template <class Id>
py::tuple to_arrays(SampledWords<Id>&& sampled) {
  return py::make_tuple(to_array(std::move(sampled.ids)), to_array(std::move(sampled.offsets)));
}

// Returns use(Id()) for the smallest unsigned Id that holds the ids of an alphabet.
template <class Use>
auto with_smallest_id(const Alphabet& alphabet, Use&& use) {
  if (alphabet.size() <= 0x100) return use(std::uint8_t{});
  if (alphabet.size() <= 0x10000) return use(std::uint16_t{});
  return use(std::uint32_t{});
}

}  // namespace makemore
