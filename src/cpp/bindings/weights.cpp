// The two adapters for weights: arrays of integers, and iterables.
#include "bindings/weights.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace makemore {
namespace {

// An array of integers, or of floats that are whole. Each block is a part of the array as it is
// then, copied: foreign code may change the array meanwhile.
class ArrayWeights final : public WeightSource {
 public:
  explicit ArrayWeights(const py::array& weights) : weights_(weights), dtype_(weights.dtype()) {}

 private:
  template <class Number>
  static auto converted(const py::object& part) {
    auto now = py::array_t<Number, py::array::c_style | py::array::forcecast>::ensure(part);
    if (!now) throw py::error_already_set();
    return now;
  }

  void fill(std::int64_t end, std::span<const std::int64_t> skipped,
            std::vector<std::int64_t>& out) override {
    const std::int64_t stop = std::min(end, look_at(weights_, dtype_).size);
    if (stop <= index_) return;
    const py::object part = weights_[py::slice(index_, stop, 1)];
    if (dtype_.kind() == 'f') {
      append(converted<double>(part), skipped, out);
    } else if (dtype_.kind() == 'u') {
      append(converted<std::uint64_t>(part), skipped, out);
    } else {
      append(converted<std::int64_t>(part), skipped, out);
    }
    index_ = stop;
  }

  static std::int64_t whole(double number, std::int64_t index) {
    return whole_weight(number, index);
  }
  static std::int64_t whole(std::uint64_t number, std::int64_t index) {
    if (number >> 63 != 0) fail_large_weight(index);
    return static_cast<std::int64_t>(number);
  }
  static std::int64_t whole(std::int64_t number, std::int64_t) { return number; }

  template <class Array>
  void append(const Array& array, std::span<const std::int64_t> skipped,
              std::vector<std::int64_t>& out) const {
    const std::span values(array.data(), static_cast<std::size_t>(array.size()));
    auto null = skipped.begin();
    std::int64_t index = index_;
    for (const auto value : values) {
      if (null != skipped.end() && *null == index) {
        ++null;  // whatever it is
      } else {
        out.push_back(whole(value, index));
      }
      ++index;
    }
  }

  const py::array weights_;
  const py::dtype dtype_;
};

class PythonWeights final : public WeightSource {
 public:
  explicit PythonWeights(py::handle weights)
      : iterator_(py::reinterpret_steal<py::object>(PyObject_GetIter(weights.ptr()))) {
    if (iterator_) return;
    if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw py::error_already_set();
    PyErr_Clear();
    throw py::type_error("weights must be integers, one for each word, got " + type_name(weights) +
                         ", which is not iterable");
  }

 private:
  void fill(std::int64_t end, std::span<const std::int64_t> skipped,
            std::vector<std::int64_t>& out) override {
    auto null = skipped.begin();
    for (; index_ < end; ++index_) {
      const auto item = py::reinterpret_steal<py::object>(PyIter_Next(iterator_.ptr()));
      if (!item) {
        if (PyErr_Occurred() != nullptr) throw py::error_already_set();
        return;
      }
      if (null != skipped.end() && *null == index_) {
        ++null;  // whatever it is
      } else {
        out.push_back(value(item));
      }
    }
  }

  std::int64_t value(py::handle item) const {
    const py::object number = integer(item);
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    if (overflow != 0) fail_large_weight(index_);
    return value;
  }

  // An int of what is one, or of a whole number: a float or a Decimal without a fraction.
  py::object integer(py::handle item) const {
    auto number = py::reinterpret_steal<py::object>(PyNumber_Index(item.ptr()));
    if (number) return number;
    if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw py::error_already_set();
    PyErr_Clear();
    const bool is_number = py::hasattr(item, "as_integer_ratio");
    if (is_number) {
      try {
        const py::tuple ratio = item.attr("as_integer_ratio")();
        if (py::object(ratio[1]).equal(py::int_(1))) return ratio[0];
      } catch (const py::error_already_set& error) {  // what is not finite has none
        if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_OverflowError)) throw;
      }
    }
    throw py::type_error("weight " + std::to_string(index_) + ": expected an integer, got " +
                         (is_number ? std::string(py::repr(item)) : type_name(item)));
  }

  py::object iterator_;
};

// The weights in a table, beside its words.
class ColumnWeights final : public WeightSource {
 public:
  explicit ColumnWeights(const ArrowReader& table) : table_(table) {}

 private:
  void fill(std::int64_t end, std::span<const std::int64_t>,
            std::vector<std::int64_t>& out) override {
    if (end > table_.end()) return;  // there are no more than words
    table_.weights(index_, out);
    index_ = end;
  }

  const ArrowReader& table_;
};

}  // namespace

std::span<const std::int64_t> WeightSource::next(const WordSource& words) {
  weights_.clear();
  fill(words.end(), words.skipped(), weights_);
  if (index_ < words.end()) {
    throw Error("got " + std::to_string(index_) + " weights for more words than that");
  }
  return weights_;
}

void WeightSource::end(std::int64_t words) {
  weights_.clear();
  fill(index_ + 1, {}, weights_);
  if (!weights_.empty()) {
    throw Error("got more than " + std::to_string(words) + " weights for " + std::to_string(words) +
                " words");
  }
}

std::unique_ptr<WeightSource> weights_of(const ArrowReader& table) {
  return std::make_unique<ColumnWeights>(table);
}

std::unique_ptr<WeightSource> open_weights(py::handle weights) {
  PyObject* const p = weights.ptr();
  const bool mapping =
      py::isinstance(weights, py::module_::import("collections.abc").attr("Mapping"));
  if (PyUnicode_Check(p) || PyBytes_Check(p) || PyByteArray_Check(p) || mapping) {
    throw py::type_error("weights must be integers, one for each word, got " + type_name(weights) +
                         (mapping ? "; pass the mapping as the words: count(mapping)" : ""));
  }
  if (PyList_CheckExact(p) || PyTuple_CheckExact(p) || !py::hasattr(weights, "__array__") ||
      py::hasattr(weights, "mask")) {  // a masked array's items know of the mask
    return std::make_unique<PythonWeights>(weights);
  }
  const auto array = py::module_::import("numpy").attr("asarray")(weights).cast<py::array>();
  if (array.ndim() != 1) {
    throw py::value_error("expected a 1-D array of weights, got " + std::to_string(array.ndim()) +
                          " dimensions");
  }
  const char kind = array.dtype().kind();
  const bool wide = array.dtype().itemsize() > 8;  // a long double, which a double may not hold
  if (kind == 'i' || kind == 'u' || (kind == 'f' && !wide)) {
    return std::make_unique<ArrayWeights>(array);
  }
  // Of objects, or np.array([]), which is of floats.
  if (kind == 'O' || kind == 'f' || array.size() == 0) {
    return std::make_unique<PythonWeights>(array);
  }
  throw py::type_error("weights must be integers, got dtype " +
                       std::string(py::str(array.dtype())));
}

}  // namespace makemore
