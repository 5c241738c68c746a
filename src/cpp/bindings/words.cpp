// The choice of an adapter, and what none of them takes.
#include "bindings/words.hpp"

#include "bindings/tokens.hpp"
#include "counts/ngrams.hpp"
#include "text/quoted.hpp"

namespace makemore {
namespace {

// pandas' series say by their dtype that they hold a NumPy array, and cannot always make
// Arrow's stream of it.
bool holds_numpy(py::handle words) {
  return py::hasattr(words, "__array__") && py::hasattr(words, "dtype") &&
         py::isinstance<py::dtype>(words.attr("dtype"));
}

bool offers_arrow(py::handle words) {
  return py::hasattr(words, "__arrow_c_stream__") || py::hasattr(words, "__arrow_c_array__");
}

bool is_read_as_arrow(py::handle words) { return offers_arrow(words) && !holds_numpy(words); }

// A class offers what its objects do, but cannot be asked for it.
bool is_class(py::handle words) { return PyType_Check(words.ptr()) != 0; }

std::unique_ptr<WordSource> open_as_numpy(py::handle words, const WordOptions& options) {
  const py::object array = py::module_::import("numpy").attr("asarray")(words);
  return open_numpy_words(array.cast<py::array>(), options);
}

std::unique_ptr<WordSource> open_by_protocol(py::handle words, const WordOptions& options) {
  const bool array = py::hasattr(words, "__array__");
  if (is_read_as_arrow(words)) {
    try {
      return open_arrow(words, options);
    } catch (const py::error_already_set& error) {
      // A pandas series of Python's strings needs pyarrow to show them as Arrow's.
      if (!array || !error.matches(PyExc_ImportError)) throw;
    }
  }
  return array ? open_as_numpy(words, options) : open_python_words(words, options);
}

// Raises TypeError for what would be read as other words than are meant.
void check_kind(py::handle words) {
  PyObject* const p = words.ptr();
  if (PyUnicode_Check(p)) {
    throw py::type_error(
        "expected an iterable of words, got a str, which would be read as characters; "
        "pass [word] for one word, or use count_file(path) for a file");
  }
  if (PyBytes_Check(p) || PyByteArray_Check(p) || PyMemoryView_Check(p)) {
    throw py::type_error("expected an iterable of str, got " + type_name(words) +
                         "; use count_text(text) for the lines of a text");
  }
  if (is_class(words)) {
    throw py::type_error("expected an iterable of words, got the class " +
                         std::string(py::str(words.attr("__name__"))));
  }
  if (PyDict_Check(p) ||
      py::isinstance(words, py::module_::import("collections.abc").attr("Mapping"))) {
    throw py::type_error("expected an iterable of words, got " + type_name(words) +
                         ", which maps words to their counts; pass list(mapping) for its words "
                         "alone, or count it with count(mapping)");
  }
  if (py::hasattr(words, "_core") && py::isinstance<Ngrams>(words.attr("_core"))) {
    throw py::type_error("expected an iterable of words, got " + type_name(words) +
                         ", which holds n-grams and no words");
  }
  if (py::hasattr(words, "__iter__") && words.attr("__iter__").is_none()) {  // says it is none
    throw py::type_error("expected an iterable of words, got " + type_name(words) +
                         ", which is not iterable");
  }
  if (py::hasattr(words, "read") && !offers_arrow(words) && !py::hasattr(words, "__array__")) {
    throw py::type_error("expected an iterable of words, got " + type_name(words) +
                         ", a file; use count_file(file) to count its lines");
  }
}

}  // namespace

WordOptions word_options(const std::optional<std::string>& column, const std::string& nulls,
                         const std::u32string& meant) {
  if (nulls == "raise") return {column, Nulls::raise, meant};
  if (nulls == "skip") return {column, Nulls::skip, meant};
  if (nulls == "never") return {column, Nulls::never, meant};
  throw py::value_error("nulls must be \"raise\" or \"skip\", got \"" + nulls + "\"");
}

Nulls nulls_of_scores(const std::string& nulls) {
  if (nulls == "raise") return Nulls::raise_or_nan;
  if (nulls == "skip" || nulls == "nan") return Nulls::skip;
  throw py::value_error("nulls must be \"raise\", \"skip\" or \"nan\", got \"" + nulls + "\"");
}

WordOptions model_options(const Alphabet& alphabet, const std::optional<std::string>& column) {
  if (alphabet.vocabulary()) return {column, Nulls::never, {}, cutter_of(alphabet)};
  const auto symbols = alphabet.symbols();
  return {column, Nulls::never, {symbols.begin(), symbols.end()}};
}

std::unique_ptr<WordSource> open_words(py::handle words, const WordOptions& options) {
  PyObject* const p = words.ptr();
  const bool listed = PyList_CheckExact(p) || PyTuple_CheckExact(p);
  if (!listed) check_kind(words);
  if (options.column && (listed || !offers_arrow(words))) {
    throw Error("column=" + quoted(std::string_view(*options.column)) + " is for tables, got " +
                type_name(words));
  }
  if (listed || (options.listed() && !is_read_as_arrow(words))) {
    return open_python_words(words, options);
  }
  if (py::isinstance<py::array>(words)) {
    // A masked array's items know of the mask; its memory does not.
    if (py::hasattr(words, "mask")) return open_python_words(words, options);
    return open_numpy_words(py::reinterpret_borrow<py::array>(words), options);
  }
  return open_by_protocol(words, options);
}

std::unique_ptr<ArrowReader> open_table(py::handle table, const WordOptions& options,
                                        const std::string& weights) {
  if (!PyList_CheckExact(table.ptr())) check_kind(table);
  if (!offers_arrow(table)) {
    throw Error("weights=" + quoted(std::string_view(weights)) + " is for tables, got " +
                type_name(table));
  }
  return open_arrow(table, options, weights);
}

NumpyLook look_at(const py::array& array, const py::dtype& dtype) {
  if (array.ndim() != 1 || !array.dtype().equal(dtype)) {
    throw Error("the array's shape or dtype changed while it was read");
  }
  return {static_cast<const std::uint8_t*>(array.data()), array.shape(0), array.strides(0)};
}

}  // namespace makemore
