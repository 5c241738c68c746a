// What the adapters share, and the choice of one.
#include "bindings/words.hpp"

#include <algorithm>

namespace makemore {
namespace {

std::string type_name(py::handle object) { return Py_TYPE(object.ptr())->tp_name; }

// pandas' series say by their dtype that they hold a NumPy array, and cannot always make
// Arrow's stream of it.
bool holds_numpy(py::handle words) {
  return py::hasattr(words, "__array__") && py::hasattr(words, "dtype") &&
         py::isinstance<py::dtype>(words.attr("dtype"));
}

std::unique_ptr<WordSource> open_as_numpy(py::handle words, const WordOptions& options) {
  const py::object array = py::module_::import("numpy").attr("asarray")(words);
  return open_numpy_words(array.cast<py::array>(), options);
}

std::unique_ptr<WordSource> open_by_protocol(py::handle words, const WordOptions& options) {
  const bool array = py::hasattr(words, "__array__");
  if (!holds_numpy(words)) {
    try {
      if (py::hasattr(words, "__arrow_c_stream__")) return open_arrow_stream(words, options);
      if (py::hasattr(words, "__arrow_c_array__")) return open_arrow_array(words, options);
    } catch (const py::error_already_set& error) {
      // A pandas series of Python's strings needs pyarrow to show them as Arrow's.
      if (!array || !error.matches(PyExc_ImportError)) throw;
    }
  }
  return array ? open_as_numpy(words, options) : open_python_words(words);
}

}  // namespace

void WordSource::begin_block() {
  packer_.clear();
  skipped_before_ += static_cast<std::int64_t>(skipped_.size());
  skipped_.clear();
}

bool WordSource::pack(std::size_t block) {
  const std::int64_t first = index_;
  fill(block);
  return index_ > first;
}

bool WordSource::next(std::size_t block) {
  begin_block();
  return pack(block);
}

std::optional<Block> WordSource::next_block() {
  begin_block();
  if (const auto block = in_place()) return block;
  if (pack(kBlock)) return text();
  return std::nullopt;
}

void WordSource::null() {
  switch (nulls_) {
    case Nulls::skip: break;
    case Nulls::raise: fail_word(index_, "null; pass nulls=\"skip\" to leave nulls out");
    case Nulls::never: fail_word(index_, "null; leave nulls out before");
  }
  skipped_.push_back(index_);
  ++index_;
}

Error WordSource::renumbered(const Error& error) const {
  if (!error.index()) return error;
  std::int64_t index = *error.index() + skipped_before_;
  for (const std::int64_t skipped : skipped_) {
    if (skipped > index) break;
    ++index;
  }
  return error.about("word", index);
}

WordOptions word_options(const std::optional<std::string>& column, const std::string& nulls) {
  if (nulls == "raise") return {column, Nulls::raise};
  if (nulls == "skip") return {column, Nulls::skip};
  if (nulls == "never") return {column, Nulls::never};
  throw py::value_error("nulls must be \"raise\" or \"skip\", got \"" + nulls + "\"");
}

std::unique_ptr<WordSource> open_words(py::handle words, const WordOptions& options) {
  PyObject* const p = words.ptr();
  if (PyUnicode_Check(p)) {
    throw py::type_error(
        "expected an iterable of words, got a str, which would be read as characters; "
        "pass [word] for one word, or use count_file(path) for a file");
  }
  if (PyBytes_Check(p) || PyByteArray_Check(p)) {
    throw py::type_error("expected an iterable of str, got " + type_name(words));
  }
  const bool listed = PyList_CheckExact(p) || PyTuple_CheckExact(p);
  const bool arrow = !listed && (py::hasattr(words, "__arrow_c_stream__") ||
                                 py::hasattr(words, "__arrow_c_array__"));
  if (options.column && !arrow) {
    throw py::value_error("column=\"" + *options.column + "\" is for tables, got " +
                          type_name(words));
  }
  if (listed) return open_python_words(words);
  if (py::isinstance<py::array>(words)) {
    // A masked array's items know of the mask; its memory does not.
    if (py::hasattr(words, "mask")) return open_python_words(words);
    return open_numpy_words(py::reinterpret_borrow<py::array>(words), options);
  }
  return open_by_protocol(words, options);
}

}  // namespace makemore
