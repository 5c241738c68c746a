// The adapter for NumPy arrays of StringDType, which can only be read through NumPy's C API.
#include "bindings/words.hpp"

namespace makemore {
namespace {

// The functions that are needed, at their places in NumPy's table of functions, which are part
// of its ABI since NumPy 2.0 (numpy/__multiarray_api.h); so NumPy's headers are not needed to
// build. The table tells its version; one of another version may be shorter or in another order.
struct NpyStrings {
  struct Allocator;
  struct Packed;
  struct View {
    std::size_t size;
    const char* data;
  };
  Allocator* (*acquire)(const PyObject* dtype);
  int (*load)(Allocator*, const Packed*, View*);  // 0, 1 for a null, -1 for an error
  void (*release)(Allocator*);

  NpyStrings() {
    const auto api =
        py::module_::import("numpy._core._multiarray_umath").attr("_ARRAY_API").cast<py::capsule>();
    void** const table = api.get_pointer<void*>();
    // Both stand where they stood in NumPy 1 too.
    const unsigned abi = reinterpret_cast<unsigned (*)()>(table[0])() >> 24;
    const unsigned feature = reinterpret_cast<unsigned (*)()>(table[211])();
    constexpr unsigned known_abi = 2;
    constexpr unsigned with_strings = 0x12;  // NumPy 2.0
    if (abi != known_abi || feature < with_strings) {
      throw py::import_error(
          "StringDType can be read from NumPy's C API of version 2 (feature level 18 or more), got "
          "version " +
          std::to_string(abi) + " (level " + std::to_string(feature) +
          "); pass array.astype(object)");
    }
    load = reinterpret_cast<decltype(load)>(table[313]);
    acquire = reinterpret_cast<decltype(acquire)>(table[316]);
    release = reinterpret_cast<decltype(release)>(table[318]);
  }
};

class StringDTypeWords final : public WordSource {
 public:
  StringDTypeWords(const py::array& words, const WordOptions& options)
      : WordSource(options), words_(words), dtype_(words.dtype()) {}

 private:
  // NumPy's lock on the strings; no Python code may run meanwhile.
  struct Lock {
    explicit Lock(const NpyStrings& functions, py::handle dtype)
        : npy(functions), strings(npy.acquire(dtype.ptr())) {}
    ~Lock() { npy.release(strings); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    const NpyStrings& npy;
    NpyStrings::Allocator* strings;
  };

  void fill(std::size_t block) override {
    while (!full(block)) {
      check_signals();  // after which the array may be another
      const NumpyLook now = look_at(words_, dtype_);
      if (index_ >= now.size) return;
      const std::int64_t stop = std::min<std::int64_t>(now.size, index_ + kCheckAfter);
      const Lock lock(npy_, dtype_);
      while (!full(block) && index_ < stop) {
        const std::uint8_t* const item = now.data + index_ * now.stride;
        NpyStrings::View view{0, nullptr};
        const int answer =
            npy_.load(lock.strings, reinterpret_cast<const NpyStrings::Packed*>(item), &view);
        if (answer < 0) throw py::error_already_set();
        if (answer == 1) {
          null();
        } else {
          packer_.append(reinterpret_cast<const std::uint8_t*>(view.data), view.size, index_);
          ++index_;
        }
      }
    }
  }

  const NpyStrings npy_;
  const py::array words_;
  const py::dtype dtype_;
};

}  // namespace

std::unique_ptr<WordSource> open_string_dtype_words(const py::array& words,
                                                    const WordOptions& options) {
  return std::make_unique<StringDTypeWords>(words, options);
}

}  // namespace makemore
