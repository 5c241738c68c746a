// Words that were drawn, as Python's str, as NumPy arrays or as a corpus.
#pragma once

#include <algorithm>
#include <span>
#include <type_traits>
#include <utility>

#include "bindings/corpus.hpp"
#include "bindings/python.hpp"
#include "core/sampling.hpp"

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

// A list of str.
template <class Id>
py::list to_list(const SampledWords<Id>& sampled, const Alphabet& alphabet) {
  constexpr std::size_t check_after = 1 << 16;
  const std::size_t n = sampled.offsets.size() - 1;
  py::list words(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto begin = static_cast<std::size_t>(sampled.offsets[i]);
    const auto end = static_cast<std::size_t>(sampled.offsets[i + 1]);
    const auto ids = std::span(sampled.ids).subspan(begin, end - begin);
    PyList_SET_ITEM(words.ptr(), static_cast<py::ssize_t>(i),
                    new_str<Id>(ids, alphabet.symbols()));
    if (i % check_after == 0) check_signals();
  }
  return words;
}

// (ids, offsets), not copied.
template <class Id>
py::tuple to_arrays(SampledWords<Id>&& sampled) {
  return py::make_tuple(to_array(std::move(sampled.ids)), to_array(std::move(sampled.offsets)));
}

// What a sampler's methods return of the words drawn, their alphabet and the threads.
inline constexpr auto finish_list = [](const auto& sampled, const Alphabet& alphabet, unsigned) {
  return to_list(sampled, alphabet);
};
inline constexpr auto finish_arrays = [](auto&& sampled, const Alphabet&, unsigned) {
  return to_arrays(std::move(sampled));
};
inline constexpr auto finish_corpus = [](auto&& sampled, const Alphabet& alphabet,
                                         unsigned threads) {
  const py::gil_scoped_release unlocked;
  return whole(to_corpus(std::move(sampled.ids), std::move(sampled.offsets), alphabet, threads,
                         signal_poll()));
};

// Returns use(Id()) for the smallest unsigned Id that holds the ids of an alphabet.
template <class Use>
auto with_smallest_id(const Alphabet& alphabet, Use&& use) {
  if (alphabet.size() <= 0x100) return use(std::uint8_t{});
  if (alphabet.size() <= 0x10000) return use(std::uint16_t{});
  return use(std::uint32_t{});
}

}  // namespace makemore
