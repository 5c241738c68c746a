// Arrays that anybody may have made, copied; whatever is checked is checked in the copy.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bindings/python.hpp"

namespace makemore {

// A C-ordered array of this type and number of axes; nothing is converted.
template <class T>
py::array_t<T> checked_array(const py::object& value, py::ssize_t axes, const std::string& name) {
  using Array = py::array_t<T, py::array::c_style>;
  if (!Array::check_(value) || py::reinterpret_borrow<py::array>(value).ndim() != axes) {
    throw Error(name + " must be an array of " + std::to_string(axes) +
                (axes == 1 ? " axis" : " axes") + " and of dtype " +
                std::string(py::str(py::dtype::of<T>())));
  }
  return py::reinterpret_borrow<py::array_t<T>>(value);
}

// Its elements.
template <class T>
std::vector<T> copied(const py::object& value, py::ssize_t axes, const std::string& name) {
  const py::array_t<T> array = checked_array<T>(value, axes, name);
  std::vector<T> elements(static_cast<std::size_t>(array.size()));
  if (!elements.empty()) std::memcpy(elements.data(), array.data(), elements.size() * sizeof(T));
  return elements;
}

}  // namespace makemore
