// The adapter for whatever offers Arrow's PyCapsule interface: pyarrow, Polars, pandas, DuckDB.
#include <utility>

#include "bindings/arrow_abi.hpp"
#include "bindings/arrow_reader.hpp"
#include "bindings/words.hpp"

namespace makemore {
namespace {

// The struct in a capsule; ValueError if the capsule holds another thing or was used before.
template <class Struct>
Arrow<Struct> taken(py::handle capsule, const char* name) {
  auto* const held = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (held == nullptr) throw py::error_already_set();
  if (held->release == nullptr) throw Error(std::string("the ") + name + " was used before");
  return Arrow<Struct>(*held);
}

// Without the GIL: what makes the chunks may wait for threads that need it.
template <class Struct>
Arrow<Struct> call(ArrowArrayStream& stream, int (*function)(ArrowArrayStream*, Struct*)) {
  require_sound(function != nullptr, "a stream that lacks a function");
  Arrow<Struct> out;
  const int code = [&] {
    const WithoutGil unlocked;
    return function(&stream, out.get());
  }();
  if (code != 0) out.get()->release = nullptr;  // nothing was made, whatever stands there
  check_signals();
  if (code == 0) return out;
  const char* const said =
      stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
  const std::string message = said == nullptr ? "" : std::string(": ") + said;
  const py::object error =
      py::reinterpret_borrow<py::object>(PyExc_OSError)(code, "the Arrow stream failed" + message);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
  throw py::error_already_set();
}

const ArrowSchema& required(const Arrow<ArrowSchema>& schema) {
  require_sound(static_cast<bool>(schema), "no schema");
  return *schema;
}

// A single array.
class ArrowArrayWords : public ArrowReader {
 public:
  ArrowArrayWords(const Arrow<ArrowSchema>& schema, Arrow<ArrowArray> array,
                  const WordOptions& options, const TableWeights& weights)
      : ArrowReader(required(schema), options, weights) {
    take(std::move(array));
  }

 private:
  void poll() override { check_signals(); }
};

// The chunks of a stream.
class ArrowStreamWords final : public ArrowReader {
 public:
  ArrowStreamWords(Arrow<ArrowArrayStream> stream, const WordOptions& options,
                   const TableWeights& weights)
      : ArrowReader(required(call(*stream.get(), stream->get_schema)), options, weights),
        stream_(std::move(stream)) {}

 private:
  Arrow<ArrowArray> next_array() override { return call(*stream_.get(), stream_->get_next); }
  void poll() override { check_signals(); }

  Arrow<ArrowArrayStream> stream_;
};

py::tuple capsules_of(py::handle array) {
  const py::object capsules = array.attr("__arrow_c_array__")();
  if (!py::isinstance<py::tuple>(capsules) || py::len(capsules) != 2) {
    throw py::type_error("expected two capsules from __arrow_c_array__");
  }
  return py::reinterpret_borrow<py::tuple>(capsules);
}

// Raises ValueError unless the buffers of something of pyarrow's are as large as it says. They
// need not be: a file may say anything. Arrow's C interface does not tell how large they are.
void check_buffers(py::handle words) {
  try {
    words.attr("validate")();
  } catch (const py::error_already_set& error) {
    if (!error.matches(PyExc_ValueError)) throw;
    throw Error("malformed Arrow data: " + std::string(py::str(error.value())));
  }
}

// The batches of a reader of pyarrow's, each checked.
class ArrowBatches final : public ArrowReader {
 public:
  ArrowBatches(py::handle reader, const WordOptions& options, const TableWeights& weights)
      : ArrowReader(
            *taken<ArrowSchema>(reader.attr("schema").attr("__arrow_c_schema__")(), "arrow_schema"),
            options, weights),
        batches_(py::iter(reader)) {}

 private:
  Arrow<ArrowArray> next_array() override {
    const auto batch = py::reinterpret_steal<py::object>(PyIter_Next(batches_.ptr()));
    if (!batch) {
      if (PyErr_Occurred() != nullptr) throw py::error_already_set();
      return {};
    }
    check_buffers(batch);
    return taken<ArrowArray>(capsules_of(batch)[1], "arrow_array");
  }
  void poll() override { check_signals(); }

  py::object batches_;
};

// pyarrow if it was imported (who has not has nothing of it), or None.
py::object imported_pyarrow() {
  const py::dict modules = py::module_::import("sys").attr("modules");
  return modules.contains("pyarrow") ? py::object(modules["pyarrow"]) : py::none();
}

bool is_a(py::handle object, py::handle module, std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    if (py::isinstance(object, py::getattr(module, name, py::tuple()))) return true;
  }
  return false;
}

// What pyarrow makes of a frame or series of pandas', which the C interface would hand over
// too; but it knows how large its buffers are. Nothing for everything else.
py::object from_pandas(py::handle words, py::handle pyarrow) {
  const py::dict modules = py::module_::import("sys").attr("modules");
  if (!modules.contains("pandas")) return {};
  const py::object pandas = modules["pandas"];
  if (is_a(words, pandas, {"DataFrame"})) {
    return pyarrow.attr("Table").attr("from_pandas")(words);
  }
  if (!is_a(words, pandas, {"Series", "Index"})) return {};
  const py::object array = words.attr("array");
  return py::hasattr(array, "__arrow_array__") ? array.attr("__arrow_array__")() : py::object();
}

}  // namespace

std::unique_ptr<ArrowReader> open_arrow(py::handle words, const WordOptions& options,
                                        const TableWeights& weights) {
  const py::object pyarrow = imported_pyarrow();
  if (!pyarrow.is_none()) {
    if (is_a(words, pyarrow, {"RecordBatchReader"})) {
      return std::make_unique<ArrowBatches>(words, options, weights);
    }
    if (is_a(words, pyarrow, {"Array", "ChunkedArray", "RecordBatch", "Table"})) {
      check_buffers(words);
    } else if (const py::object known = from_pandas(words, pyarrow)) {
      return open_arrow(known, options, weights);
    }
  }
  if (py::hasattr(words, "__arrow_c_stream__")) {
    return std::make_unique<ArrowStreamWords>(
        taken<ArrowArrayStream>(words.attr("__arrow_c_stream__")(), "arrow_array_stream"), options,
        weights);
  }
  const py::tuple pair = capsules_of(words);
  const auto schema = taken<ArrowSchema>(pair[0], "arrow_schema");
  return std::make_unique<ArrowArrayWords>(schema, taken<ArrowArray>(pair[1], "arrow_array"),
                                           options, weights);
}

}  // namespace makemore
