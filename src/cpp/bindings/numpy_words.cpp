// The adapters for NumPy arrays of dtype U, S and object.
#include <bit>

#include "base/buffer.hpp"
#include "bindings/pack_str.hpp"
#include "bindings/words.hpp"

namespace makemore {
namespace {

// The size without the NULs at the end, eight at a time.
std::size_t unpadded(const std::uint8_t* bytes, std::size_t size) {
  [[maybe_unused]] const std::size_t all = size;
  const auto from = [&](std::size_t at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes + at, 8);
    return eight;
  };
  if constexpr (std::endian::native == std::endian::little) {
    const auto zeros = [](std::uint64_t eight) {
      return static_cast<std::size_t>(std::countl_zero(eight)) / 8;
    };
    while (size >= 8) {
      if (const std::uint64_t eight = from(size - 8)) return size - zeros(eight);
      size -= 8;
    }
    if (all >= 8 && size > 0) return 8 - zeros(from(0) & ((std::uint64_t{1} << 8 * size) - 1));
  }
  while (size > 0 && bytes[size - 1] == 0) --size;
  return size;
}

// The items of a 1-D array, wherever its strides put them. Foreign code that runs between two
// blocks, or in a handler of a signal, may change what the array is (resize() moves its memory,
// whoever holds it): it is looked at anew after each.
class NumpyWords : public WordSource {
 public:
  NumpyWords(const py::array& words, const WordOptions& options)
      : WordSource(options),
        words_(words),
        dtype_(words.dtype()),
        width_(static_cast<std::size_t>(dtype_.itemsize())) {}

 protected:
  // To be called before the first item of a block.
  void look() {
    check_signals();
    now_ = look_at(words_, dtype_);
  }

  // The next item, or null at the array's end; looks for Ctrl-C now and then.
  const std::uint8_t* next_item() {
    if (index_ % kCheckAfter == 0) look();
    return index_ < now_.size ? item() : nullptr;
  }
  const std::uint8_t* item() const { return now_.data + index_ * now_.stride; }

  // How many of the next items lie one behind the other, up to what stays in the first cache;
  // `width` is what an item takes there.
  std::int64_t run(std::size_t width) const {
    constexpr std::size_t most = 16 * 1024;
    const std::int64_t left = now_.size - index_;
    if (width == 0 || left <= 0 || now_.stride != static_cast<std::int64_t>(width_)) return 0;
    return std::min(left, static_cast<std::int64_t>(most / width));
  }

  // Room for so many bytes of a run. What is checked is the copy there, so it does not matter
  // what others do to the array meanwhile.
  std::uint8_t* run_room(std::size_t bytes) {
    if (run_.size() < bytes + Packer::kSlack) run_.resize(bytes + Packer::kSlack);
    return run_.data();
  }

  // Packs the run's n words: ASCII, of a fixed width, padded with NUL.
  void pack_run(std::size_t width, std::int64_t n) {
    const std::uint8_t* word = run_.data();
    std::uint8_t* out = packer_.room((width + 1) * static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i, word += width) {
      const std::size_t size = unpadded(word, width);
      if (size <= Packer::kSlack) {
        std::memcpy(out, word, Packer::kSlack);  // without a branch on the size
      } else {
        std::memcpy(out, word, size);
      }
      out += size;
      *out++ = kWordEnd;
    }
    packer_.take(out);
    index_ += n;
    look();
  }

  const py::array words_;
  const py::dtype dtype_;
  const std::size_t width_;  // bytes of an item

 private:
  NumpyLook now_{nullptr, 0, 0};
  Buffer<std::uint8_t> run_;
};

// Fixed-width UCS4; NUL pads it, so a word cannot end in NUL.
class UnicodeWords final : public NumpyWords {
 public:
  UnicodeWords(const py::array& words, const WordOptions& options)
      : NumpyWords(words, options),
        most_(width_ / 4),
        swapped_(dtype_.byteorder() == (std::endian::native == std::endian::little ? '>' : '<')) {}

 private:
  void fill(std::size_t block) override {
    look();
    swapped_ ? fill_as<true>(block) : fill_as<false>(block);
  }

  template <bool swapped>
  static char32_t symbol(const std::uint8_t* item, std::size_t at) {
    std::uint32_t s = 0;
    std::memcpy(&s, item + 4 * at, 4);
    if constexpr (swapped) {
      s = s >> 24 | (s >> 8 & 0xFF00u) | (s << 8 & 0xFF0000u) | s << 24;
    }
    return s;
  }

  template <bool swapped>
  void fill_as(std::size_t block) {
    while (!full(block)) {
      const std::int64_t n = run(most_);
      if (n == 0 || !narrowed<swapped>(n)) {
        if (!pack_items<swapped>(std::max<std::int64_t>(n, 1))) return;
        continue;
      }
      pack_run(most_, n);
    }
  }

  // Makes the next n items a run of bytes; false if they are not all ASCII. Symbols and words
  // are one to this loop, so that it runs over whole vectors.
  template <bool swapped>
  bool narrowed(std::int64_t n) {
    const std::size_t symbols = static_cast<std::size_t>(n) * most_;
    const std::uint8_t* const items = item();
    std::uint8_t* const out = run_room(symbols);
    std::uint32_t seen = 0;
    for (std::size_t i = 0; i < symbols; ++i) {
      const std::uint32_t s = symbol<swapped>(items, i);
      seen |= s;
      out[i] = static_cast<std::uint8_t>(s);
    }
    return seen < 0x80;
  }

  // Packs the next n items, whatever they are; false at the array's end.
  template <bool swapped>
  bool pack_items(std::int64_t n) {
    for (; n > 0; --n) {
      const std::uint8_t* const item = next_item();
      if (item == nullptr) return false;
      const std::size_t size = (unpadded(item, 4 * most_) + 3) / 4;
      std::uint8_t* out = packer_.room(4 * size);
      char32_t seen = 0;
      for (std::size_t i = 0; i < size; ++i) {
        const char32_t s = symbol<swapped>(item, i);
        seen |= s;
        if (s < 0x80) {
          *out++ = static_cast<std::uint8_t>(s);
        } else {
          out = encode_checked(s, out, index_, i);
        }
      }
      if (seen >= 0x80) packer_.not_ascii();
      packer_.end_word(out);
      ++index_;
    }
    return true;
  }

  std::size_t most_;  // symbols of an item
  bool swapped_;
};

// Fixed-width bytes, which must be UTF-8; padded with NUL too.
class BytesWords final : public NumpyWords {
 public:
  using NumpyWords::NumpyWords;

 private:
  void fill(std::size_t block) override {
    look();
    while (!full(block)) {
      const std::int64_t n = run(width_);
      const std::size_t size = static_cast<std::size_t>(n) * width_;
      if (n > 0 && is_ascii(copied(size), size)) {
        pack_run(width_, n);
        continue;
      }
      for (std::int64_t i = 0; i < std::max<std::int64_t>(n, 1); ++i) {
        const std::uint8_t* const item = next_item();
        if (item == nullptr) return;
        packer_.append(item, unpadded(item, width_), width_, index_);
        ++index_;
      }
    }
  }

  const std::uint8_t* copied(std::size_t size) {
    return static_cast<const std::uint8_t*>(std::memcpy(run_room(size), item(), size));
  }
};

// References to objects: str, and what pandas and NumPy put where there is none.
class ObjectWords final : public NumpyWords {
 public:
  ObjectWords(const py::array& words, const WordOptions& options) : NumpyWords(words, options) {
    // Only looked up, never imported: who has not imported pandas has no NA of it.
    const py::dict modules = py::module_::import("sys").attr("modules");
    if (modules.contains("pandas")) na_ = py::getattr(modules["pandas"], "NA", py::none());
  }

 private:
  void fill(std::size_t block) override {
    look();
    while (!full(block)) {
      const std::uint8_t* const item = next_item();
      if (item == nullptr) return;
      PyObject* word = nullptr;
      std::memcpy(&word, item, sizeof word);
      if (is_null(word)) {
        null();
      } else {
        pack_str(packer_, word, index_);
        ++index_;
      }
    }
  }

  bool is_null(PyObject* word) const {
    if (word == nullptr || word == Py_None || word == na_.ptr()) return true;
    return PyFloat_Check(word) && PyFloat_AS_DOUBLE(word) != PyFloat_AS_DOUBLE(word);
  }

  py::object na_;
};

}  // namespace

std::unique_ptr<WordSource> open_numpy_words(const py::array& words, const WordOptions& options) {
  if (words.ndim() != 1) {
    throw py::value_error("expected a 1-D array of words, got " + std::to_string(words.ndim()) +
                          " dimensions");
  }
  switch (words.dtype().char_()) {
    case 'U': return std::make_unique<UnicodeWords>(words, options);
    case 'S': return std::make_unique<BytesWords>(words, options);
    case 'O': return std::make_unique<ObjectWords>(words, options);
    case 'T': return open_string_dtype_words(words, options);
    default: break;
  }
  if (words.size() == 0)
    return open_python_words(py::tuple(), options);  // np.array([]) is of floats
  throw py::type_error("expected an array of words, got dtype " +
                       std::string(py::str(words.dtype())));
}

}  // namespace makemore
