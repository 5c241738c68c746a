// The two adapters for weights: arrays of integers, and iterables.
#include "bindings/weights.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace makemore {
namespace {

std::string type_name(py::handle object) { return Py_TYPE(object.ptr())->tp_name; }

[[noreturn]] void fail_large(std::int64_t index) {
  throw Error("weight " + std::to_string(index) + " does not fit 64 bits");
}

class ArrayWeights final : public WeightSource {
 public:
  explicit ArrayWeights(const py::array& weights)
      : weights_(weights), unsigned_(weights.dtype().kind() == 'u') {}

 private:
  // NumPy makes int64 of any integers; of unsigned ones, those too large come out negative.
  void fill(std::int64_t end, std::span<const std::int64_t> skipped,
            std::vector<std::int64_t>& out) override {
    const std::int64_t stop = std::min<std::int64_t>(end, weights_.shape(0));
    const py::object part = weights_[py::slice(index_, stop, 1)];
    const auto now =
        py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>::ensure(part);
    if (!now) throw py::error_already_set();
    const std::span<const std::int64_t> values(now.data(), static_cast<std::size_t>(now.size()));
    if (unsigned_) {
      const auto large = std::find_if(values.begin(), values.end(), [](auto w) { return w < 0; });
      if (large != values.end()) fail_large(index_ + (large - values.begin()));
    }
    auto from = values.begin();
    for (const std::int64_t null : skipped) {
      if (null >= stop) break;
      out.insert(out.end(), from, values.begin() + (null - index_));
      from = values.begin() + (null - index_) + 1;
    }
    out.insert(out.end(), from, values.end());
    index_ = stop;
  }

  const py::array weights_;
  const bool unsigned_;
};

class PythonWeights final : public WeightSource {
 public:
  explicit PythonWeights(py::handle weights)
      : iterator_(py::reinterpret_steal<py::object>(PyObject_GetIter(weights.ptr()))) {
    if (!iterator_) throw py::error_already_set();
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
    const auto number = py::reinterpret_steal<py::object>(PyNumber_Index(item.ptr()));
    if (!number) {
      if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw py::error_already_set();
      PyErr_Clear();
      throw py::type_error("weight " + std::to_string(index_) + ": expected an integer, got " +
                           type_name(item));
    }
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    if (overflow != 0) fail_large(index_);
    return value;
  }

  py::object iterator_;
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
    throw Error("got more than " + std::to_string(words) + " weights for " +
                std::to_string(words) + " words");
  }
}

std::unique_ptr<WeightSource> open_weights(py::handle weights) {
  PyObject* const p = weights.ptr();
  if (PyUnicode_Check(p) || PyBytes_Check(p)) {
    throw py::type_error("weights must be integers, got " + type_name(weights));
  }
  if (PyList_CheckExact(p) || PyTuple_CheckExact(p) || !py::hasattr(weights, "__array__") ||
      py::hasattr(weights, "mask")) {  // a masked array's items know of the mask
    return std::make_unique<PythonWeights>(weights);
  }
  const auto array =
      py::module_::import("numpy").attr("asarray")(weights).cast<py::array>();
  if (array.ndim() != 1) {
    throw py::value_error("expected a 1-D array of weights, got " + std::to_string(array.ndim()) +
                          " dimensions");
  }
  const char kind = array.dtype().kind();
  if (kind == 'i' || kind == 'u') return std::make_unique<ArrayWeights>(array);
  // Of objects, or np.array([]), which is of floats.
  if (kind == 'O' || array.size() == 0) return std::make_unique<PythonWeights>(array);
  // A column with nulls, of which NumPy makes floats: its items are integers still.
  if (kind == 'f' && !py::isinstance<py::array>(weights)) {
    return std::make_unique<PythonWeights>(weights);
  }
  throw py::type_error("weights must be integers, got dtype " +
                       std::string(py::str(array.dtype())));
}

}  // namespace makemore
