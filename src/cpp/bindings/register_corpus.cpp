// Corpus: sampled words as UTF-8, for Python and for whatever takes Arrow's large strings.
#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include "bindings/arrow_abi.hpp"
#include "bindings/copied.hpp"
#include "bindings/corpus.hpp"
#include "bindings/register.hpp"

namespace makemore {
namespace {

constexpr const char* kLargeUtf8 = "U";  // 64-bit offsets
constexpr const char* kUtf8 = "u";       // 32-bit offsets

// What an exported array keeps alive until its taker releases it.
struct Exported {
  std::shared_ptr<const Corpus> corpus;
  Buffer<std::int32_t> narrow;         // the offsets, where 32 bits were requested
  std::array<const void*, 3> buffers;  // no nulls, offsets, bytes
};

ArrowSchema exported_schema(const char* format) {
  ArrowSchema schema{};
  schema.format = format;
  schema.name = "";
  schema.release = [](ArrowSchema* self) { self->release = nullptr; };  // all of it is static
  return schema;
}

ArrowArray exported_array(const CorpusSlice& slice, bool narrow) {
  auto exported = std::make_unique<Exported>();
  exported->corpus = slice.corpus;
  const auto offsets = std::span(slice.corpus->offsets).subspan(slice.first, slice.size() + 1);
  exported->buffers = {nullptr, offsets.data(), slice.corpus->bytes.data()};
  if (narrow) {
    exported->narrow.resize(offsets.size());
    std::transform(offsets.begin(), offsets.end(), exported->narrow.begin(),
                   [](std::int64_t offset) { return static_cast<std::int32_t>(offset); });
    exported->buffers[1] = exported->narrow.data();
  }
  ArrowArray array{};
  array.length = static_cast<std::int64_t>(slice.size());
  array.n_buffers = 3;
  array.buffers = exported->buffers.data();
  array.private_data = exported.release();
  array.release = [](ArrowArray* self) {
    delete static_cast<Exported*>(self->private_data);
    self->release = nullptr;
  };
  return array;
}

// A capsule that owns the struct. Who takes the struct's contents sets its release to null;
// else they are released with the capsule.
template <class Struct>
py::object to_capsule(Struct contents, const char* name) {
  auto owned = std::make_unique<Arrow<Struct>>(contents);
  PyObject* const capsule = PyCapsule_New(owned->get(), name, [](PyObject* self) {
    delete static_cast<Arrow<Struct>*>(PyCapsule_GetContext(self));
  });
  if (capsule == nullptr) throw py::error_already_set();
  PyCapsule_SetContext(capsule, owned.release());
  return py::reinterpret_steal<py::object>(capsule);
}

// The pair of capsules of Arrow's protocol: utf8 if that is requested and 32 bits hold the
// offsets, else large_utf8, which copies nothing.
py::tuple arrow_array(const CorpusSlice& self, const py::object& requested) {
  bool narrow = false;
  if (!requested.is_none()) {
    const auto* const schema =
        static_cast<const ArrowSchema*>(PyCapsule_GetPointer(requested.ptr(), "arrow_schema"));
    if (schema == nullptr) throw py::error_already_set();
    if (schema->release == nullptr || schema->format == nullptr) {
      throw py::value_error("requested_schema was released, or has no format");
    }
    narrow = std::string_view(schema->format) == kUtf8 &&
             self.corpus->offsets[self.last] <= std::numeric_limits<std::int32_t>::max();
  }
  return py::make_tuple(to_capsule(exported_schema(narrow ? kUtf8 : kLargeUtf8), "arrow_schema"),
                        to_capsule(exported_array(self, narrow), "arrow_array"));
}

// From what data() and offsets() give, which may have come from anywhere.
CorpusSlice restored_slice(const py::bytes& data, const py::object& offsets) {
  const std::string_view bytes = data;
  const std::vector<std::int64_t> ends = copied<std::int64_t>(offsets, 1, "the offsets");
  const WithoutGil unlocked;
  Corpus corpus;
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  corpus.bytes.assign(begin, begin + bytes.size());
  corpus.offsets.assign(ends.begin(), ends.end());
  check_corpus(corpus, signal_poll());
  return whole(std::move(corpus));
}

PyObject* new_str(Bytes word) {
  PyObject* const text = PyUnicode_DecodeUTF8(reinterpret_cast<const char*>(word.data()),
                                              static_cast<py::ssize_t>(word.size()), nullptr);
  if (text == nullptr) throw py::error_already_set();
  return text;
}

py::list to_list(const CorpusSlice& self) {
  constexpr std::size_t check_after = 1 << 16;
  py::list words = new_list(self.size());
  for (std::size_t i = 0; i < self.size(); ++i) {
    PyList_SET_ITEM(words.ptr(), static_cast<py::ssize_t>(i),
                    new_str(self.corpus->word(self.first + i)));
    if (i % check_after == 0) check_signals();
  }
  return words;
}

py::bytes lines(const CorpusSlice& self) {
  const std::size_t size = lines_size(*self.corpus, self.first, self.last);
  auto text = py::reinterpret_steal<py::bytes>(
      PyBytes_FromStringAndSize(nullptr, static_cast<py::ssize_t>(size)));
  if (!text) throw py::error_already_set();
  auto* const out = reinterpret_cast<std::uint8_t*>(PyBytes_AS_STRING(text.ptr()));
  const WithoutGil unlocked;
  write_lines(*self.corpus, self.first, self.last, out);
  return text;
}

bool equal_slices(const CorpusSlice& a, const CorpusSlice& b) {
  if (a.size() != b.size()) return false;
  const WithoutGil unlocked;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Bytes one = a.corpus->word(a.first + i);
    const Bytes other = b.corpus->word(b.first + i);
    if (!std::equal(one.begin(), one.end(), other.begin(), other.end())) return false;
  }
  return true;
}

// A read-only array that looks into the corpus and keeps it alive.
template <class T>
py::array_t<T> view(const CorpusSlice& self, const T* data, std::size_t size) {
  using Shared = std::shared_ptr<const Corpus>;
  auto shared = std::make_unique<Shared>(self.corpus);
  const py::capsule owner(shared.get(), [](void* p) { delete static_cast<Shared*>(p); });
  (void)shared.release();
  py::array_t<T> array(static_cast<py::ssize_t>(size), data, owner);
  set_read_only(array);
  return array;
}

}  // namespace

void register_corpus(py::module_& module) {
  py::class_<CorpusSlice>(module, "Corpus")
      .def(py::init(&restored_slice), py::arg("data"), py::arg("offsets"))
      .def("__len__", &CorpusSlice::size)
      .def(
          "word",
          [](const CorpusSlice& self, std::size_t i) {
            if (i >= self.size()) throw py::index_error("word index out of range");
            return py::reinterpret_steal<py::str>(new_str(self.corpus->word(self.first + i)));
          },
          py::arg("index"))
      .def(
          "sliced",
          [](const CorpusSlice& self, std::size_t first, std::size_t last) {
            last = std::min(last, self.size());
            return CorpusSlice{self.corpus, self.first + std::min(first, last), self.first + last};
          },
          py::arg("first"), py::arg("last"))
      .def("to_list", &to_list)
      .def("lines", &lines)
      .def("data",
           [](const CorpusSlice& self) {
             return view(self, self.corpus->bytes.data(), self.corpus->bytes.size());
           })
      .def("offsets",
           [](const CorpusSlice& self) {
             return view(self, self.corpus->offsets.data() + self.first, self.size() + 1);
           })
      .def_static("arrow_schema",
                  [] { return to_capsule(exported_schema(kLargeUtf8), "arrow_schema"); })
      .def("arrow_array", &arrow_array, py::arg("requested"))
      .def("__eq__", &equal_slices, py::arg("other"), py::is_operator());
}

}  // namespace makemore
