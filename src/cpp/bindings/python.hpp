// Where pybind11 is included, the array types, and the step into the core.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/poll.hpp"
#include "bindings/gil.hpp"
#include "text/alphabet.hpp"

namespace py = pybind11;

namespace makemore {

// The same names stand in _core.pyi.
using FloatArray = py::array_t<double>;
using CountArray = py::array_t<std::int64_t>;
using OffsetArray = py::array_t<std::int64_t>;
using SymbolIdArray = py::array_t<std::uint32_t>;

// A NumPy array that owns what the vector held; nothing is copied.
template <class T, class Allocator>
py::array_t<T> to_array(std::vector<T, Allocator>&& values, std::vector<py::ssize_t> shape = {}) {
  using Vector = std::vector<T, Allocator>;
  auto owned = std::make_unique<Vector>(std::move(values));
  if (shape.empty()) shape = {static_cast<py::ssize_t>(owned->size())};
  T* const data = owned->data();
  const py::capsule owner(owned.get(), [](void* p) { delete static_cast<Vector*>(p); });
  (void)owned.release();
  return py::array_t<T>(shape, data, owner);
}

inline void set_read_only(py::array& array) {
  py::detail::array_proxy(array.ptr())->flags &= ~py::detail::npy_api::NPY_ARRAY_WRITEABLE_;
}

// Of a bound function that needs nothing of Python's.
using Unlocked = py::call_guard<WithoutGil>;

// A list of so many items that are yet to be set. pybind11 raises RuntimeError where the memory
// cannot be had, and Python itself MemoryError.
inline py::list new_list(std::size_t size) {
  auto list = py::reinterpret_steal<py::list>(PyList_New(static_cast<py::ssize_t>(size)));
  if (!list) throw py::error_already_set();
  return list;
}

inline std::string type_name(py::handle object) { return Py_TYPE(object.ptr())->tp_name; }

// Lets Python's signal handlers run; raises what they raise (KeyboardInterrupt).
inline void check_signals() {
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

// For core calls made without the GIL, which is taken at most once in some milliseconds: where
// another thread has it, each time has to be waited for.
inline Poll signal_poll() {
  return [] {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds between{10};
    thread_local Clock::time_point last{};
    const Clock::time_point now = Clock::now();
    if (now - last < between) return;
    last = now;
    const WithGil gil;
    check_signals();
  };
}

// The code points of a str, and a str of code points.
std::vector<char32_t> code_points(const py::str& text);
py::str to_str(std::span<const char32_t> symbols);

// The ids of the symbols of a part of a word; ValueError for one that is not in the alphabet, and
// for the boundary; `name` is what it is. A part is a str, or where words are lists of tokens a
// sequence of str.
std::vector<std::uint32_t> part_ids(const Alphabet& alphabet, const py::object& part,
                                    const char* name);

// The symbols of such a part.
std::vector<std::string> symbols_of_part(const Alphabet& alphabet, const py::object& part,
                                         const char* name);

// The alphabet of a boundary (one symbol) and a str of others, in which it may stand too.
Alphabet make_alphabet(const py::str& boundary, const py::str& others);

}  // namespace makemore
