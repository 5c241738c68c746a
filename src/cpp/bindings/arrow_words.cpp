// The adapter for whatever offers Arrow's PyCapsule interface: pyarrow, Polars, pandas, DuckDB.
#include <utility>

#include "bindings/arrow_abi.hpp"
#include "bindings/arrow_column.hpp"
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

template <class Offset>
bool goes_back(const Offset* offsets, std::int64_t n) {
  bool back = false;
  for (std::int64_t i = 0; i < n; ++i) back |= offsets[i + 1] < offsets[i];
  return back;
}

// Copies words that lie one behind the other and ends each. Most are short, and 16 bytes
// then go over at once where as many can be read, which is all but at the very end.
template <class Offset>
std::uint8_t* copy_ended(const std::uint8_t* values, const Offset* offsets, std::int64_t n,
                         std::uint8_t* out) {
  constexpr std::ptrdiff_t step = Packer::kSlack;
  const std::ptrdiff_t end = offsets[n];
  std::ptrdiff_t begin = offsets[0];
  for (std::int64_t i = 0; i < n; ++i) {
    const std::ptrdiff_t next = offsets[i + 1];
    const std::ptrdiff_t size = next - begin;
    if (size <= step && begin + step <= end) {
      std::memcpy(out, values + begin, step);
    } else {
      std::memcpy(out, values + begin, static_cast<std::size_t>(size));
    }
    out[size] = kWordEnd;
    out += size + 1;
    begin = next;
  }
  return out;
}

// Chunks come from a stream, or there is one.
class ArrowWords final : public WordSource {
 public:
  ArrowWords(Arrow<ArrowArrayStream> stream, const WordOptions& options)
      : WordSource(options.nulls), stream_(std::move(stream)) {
    Arrow<ArrowSchema> schema;
    call(stream_->get_schema, schema);
    if (!schema) throw Error("malformed Arrow data: no schema");
    column_ = find_column(*schema, options.column);
  }

  ArrowWords(Arrow<ArrowSchema> schema, Arrow<ArrowArray> array, const WordOptions& options)
      : WordSource(options.nulls), column_(find_column(*schema, options.column)) {
    take(std::move(array));
  }

 private:
  // Words looked at together: they stay in the cache from the checks to the copy.
  static constexpr std::int64_t kRun = 1 << 12;
  static constexpr std::uint32_t kMostInline = 12;      // bytes of a word in a view
  static constexpr std::int64_t kMostJoined = 1 << 18;  // words of a block
  static constexpr std::int64_t kWorthJoining = 256;    // and the fewest

  // Without the GIL: what makes the chunks may wait for threads that need it.
  template <class Struct>
  void call(int (*function)(ArrowArrayStream*, Struct*), Arrow<Struct>& out) {
    const int code = [&] {
      const py::gil_scoped_release unlocked;
      return function(stream_.get(), out.get());
    }();
    check_signals();
    if (code == 0) return;
    const char* const said = stream_->get_last_error(stream_.get());
    const std::string message = said == nullptr ? "" : std::string(": ") + said;
    const py::object error = py::reinterpret_borrow<py::object>(PyExc_OSError)(
        code, "the Arrow stream failed" + message);
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
    throw py::error_already_set();
  }

  void take(Arrow<ArrowArray> array) {
    chunk_ = ArrowChunk();
    array_ = std::move(array);
    chunk_ = ArrowChunk(*array_, column_);
    row_ = 0;
  }

  bool next_chunk() {
    if (!stream_) return false;
    Arrow<ArrowArray> array;
    call(stream_->get_next, array);
    if (!array) {
      chunk_ = ArrowChunk();
      row_ = 0;
      array_.reset();
      stream_.reset();
      return false;
    }
    take(std::move(array));
    return true;
  }

  // Runs of words without nulls stay where they are, as far as they can be counted there. What
  // is packed then is little, so that the next run is found soon.
  std::optional<Block> in_place() override {
    most_packed_ = kBlock / 16;
    if (std::exchange(gave_back_, false)) return std::nullopt;
    check_signals();
    while (row_ == chunk_.rows()) {
      if (!next_chunk()) return std::nullopt;
    }
    const ArrowStrings* const plain = chunk_.plain();
    if (plain == nullptr) return std::nullopt;
    switch (plain->kind()) {
      case StringKind::utf8: return joined<std::int32_t>(*plain);
      case StringKind::large_utf8: return joined<std::int64_t>(*plain);
      default: return std::nullopt;
    }
  }

  template <class Offset>
  std::optional<Block> joined(const ArrowStrings& strings) {
    const std::int64_t stop = strings.next_null(row_, std::min(chunk_.rows(), row_ + kMostJoined));
    const std::int64_t n = stop - row_;
    if (n < kWorthJoining) return std::nullopt;
    const Offset* const offsets = strings.offsets<Offset>() + row_;
    row_ = stop;
    index_ += n;
    return Joined<Offset>{strings.values(), {offsets, static_cast<std::size_t>(n) + 1}};
  }

  void give_back(std::int64_t words) override {
    row_ -= words;
    index_ -= words;
    gave_back_ = words > 0;
  }

  void fill(std::size_t block) override {
    block = std::min(block, most_packed_);
    while (!full(block)) {
      check_signals();
      if (row_ == chunk_.rows()) {
        if (!next_chunk()) return;
        continue;
      }
      const std::int64_t stop = std::min(chunk_.rows(), row_ + kRun);
      const ArrowStrings* const plain = chunk_.plain();
      if (plain != nullptr && plain->kind() == StringKind::utf8) {
        pack_plain<std::int32_t>(*plain, stop, block);
      } else if (plain != nullptr && plain->kind() == StringKind::large_utf8) {
        pack_plain<std::int64_t>(*plain, stop, block);
      } else if (plain != nullptr && plain->kind() == StringKind::view) {
        pack_views(*plain, stop);
        pack_each(std::min(stop, row_ + 1), block);  // what ended it
      } else {
        pack_each(stop, block);
      }
    }
  }

  // Views without nulls, most of them of short words, which stand in the view itself: as long as
  // they do and are ASCII. Two loads of eight bytes take all of it, and what follows a word.
  void pack_views(const ArrowStrings& strings, std::int64_t stop) {
    stop = strings.next_null(row_, stop);
    std::uint8_t* out = packer_.room(static_cast<std::size_t>(stop - row_) * (kMostInline + 1));
    for (; row_ < stop; ++row_, ++index_) {
      const std::uint8_t* const view = strings.view(row_);
      std::uint32_t size = 0;
      std::uint64_t head = 0;
      std::uint32_t tail = 0;
      std::memcpy(&size, view, 4);
      std::memcpy(&head, view + 4, 8);
      std::memcpy(&tail, view + 12, 4);
      // The bytes behind an inline word are zero, or else the slower way is taken for nothing.
      if (size > kMostInline || ((head | tail) & Packer::kHighBits) != 0) break;
      std::memcpy(out, &head, 8);
      std::memcpy(out + 8, &tail, 4);
      out += size;
      *out++ = kWordEnd;
    }
    packer_.take(out);
  }

  void pack_each(std::int64_t stop, std::size_t block) {
    while (row_ < stop && !full(block)) {
      const std::optional<ArrowWord> word = chunk_.at(row_, index_);
      if (word) {
        packer_.append(word->data, word->size, word->readable, index_);
        ++index_;
      } else {
        null();
      }
      ++row_;
    }
  }

  // The rows up to `stop` or a null that fit the block, at least one.
  template <class Offset>
  void pack_plain(const ArrowStrings& strings, std::int64_t stop, std::size_t block) {
    stop = strings.next_null(row_, stop);
    if (stop == row_) {
      null();
      ++row_;
      return;
    }
    const Offset* const offsets = strings.offsets<Offset>() + row_;
    const std::size_t left = block - packer_.size();
    std::int64_t n = stop - row_;
    if (offsets[0] < 0) fail_word(index_, "malformed Arrow data: the offsets go back");
    if (static_cast<std::size_t>(offsets[n] - offsets[0]) > left) {
      const Offset* const behind =
          std::upper_bound(offsets + 1, offsets + n, static_cast<Offset>(left),
                           [&](Offset most, Offset offset) { return offset - offsets[0] > most; });
      n = std::max<std::int64_t>(1, behind - (offsets + 1));
    }
    if (goes_back(offsets, n)) fail_back(offsets, n);

    const auto size = static_cast<std::size_t>(offsets[n] - offsets[0]);
    if (is_ascii(strings.values() + offsets[0], size)) {
      std::uint8_t* const out = packer_.room(size + static_cast<std::size_t>(n));
      packer_.take(copy_ended(strings.values(), offsets, n, out));
      index_ += n;
    } else {
      for (std::int64_t i = 0; i < n; ++i) {
        packer_.append(strings.values() + offsets[i],
                       static_cast<std::size_t>(offsets[i + 1] - offsets[i]),
                       static_cast<std::size_t>(offsets[n] - offsets[i]), index_);
        ++index_;
      }
    }
    row_ += n;
  }

  template <class Offset>
  [[noreturn]] void fail_back(const Offset* offsets, std::int64_t n) const {
    const Offset* const at =
        std::adjacent_find(offsets, offsets + n + 1, [](Offset a, Offset b) { return b < a; });
    fail_word(index_ + (at - offsets), "malformed Arrow data: the offsets go back");
  }

  Arrow<ArrowArrayStream> stream_;
  ArrowColumn column_;
  Arrow<ArrowArray> array_;
  ArrowChunk chunk_;      // looks into array_
  std::int64_t row_ = 0;  // the next of the chunk
  std::size_t most_packed_ = SIZE_MAX;
  bool gave_back_ = false;  // the next words must be packed
};

}  // namespace

std::unique_ptr<WordSource> open_arrow_stream(py::handle words, const WordOptions& options) {
  const py::object capsule = words.attr("__arrow_c_stream__")();
  return std::make_unique<ArrowWords>(
      taken<ArrowArrayStream>(capsule, "arrow_array_stream"), options);
}

std::unique_ptr<WordSource> open_arrow_array(py::handle words, const WordOptions& options) {
  const py::object capsules = words.attr("__arrow_c_array__")();
  if (!py::isinstance<py::tuple>(capsules) || py::len(capsules) != 2) {
    throw py::type_error("expected two capsules from __arrow_c_array__");
  }
  const auto pair = py::reinterpret_borrow<py::tuple>(capsules);
  auto schema = taken<ArrowSchema>(pair[0], "arrow_schema");
  return std::make_unique<ArrowWords>(std::move(schema),
                                      taken<ArrowArray>(pair[1], "arrow_array"), options);
}

}  // namespace makemore
