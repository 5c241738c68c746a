// Which column of an Arrow input holds the words, and its strings as they lie in memory.
//
// What is trusted is what Arrow's C interface gives no way to check: that a pointer that is not
// null points to something, and that a buffer is as large as the array that has it says (its
// rows times their size; the last offset, as it is when the array is taken; the sizes of the
// buffers that views point into). Everything else is data: it is copied, checked and used, in
// this order, so that it does not matter what others do to it meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "bindings/arrow_abi.hpp"

namespace makemore {

// What Arrow calls the type: format strings "n", "u", "U", "vu".
enum class StringKind : std::uint8_t { nulls, utf8, large_utf8, view };

// Lists by their offsets (formats "+l" and "+L"), of one size ("+w:3"), and by offsets and sizes
// ("+vl" and "+vL").
enum class ListKind : std::uint8_t { none, small, large, fixed, small_views, large_views };

// Where the words stand in each array of an input; found once, from the schema.
struct ArrowColumn {
  std::optional<std::int64_t> child;  // of a table
  std::int64_t children = 0;          // that the table has
  StringKind kind = StringKind::utf8;
  char index = 0;                  // the dictionary's index type, or 0 if there is none
  ListKind list = ListKind::none;  // if each word is a list of such strings
  std::int64_t list_size = 0;      // of each, if it is fixed
};

// Throws Error unless the data is sound.
void require_sound(bool sound, const char* problem);

// The column of a table by its name. If there is none, the only one but for `other` and pandas'
// index. Throws Error for a table whose column is not told or not there.
std::int64_t find_child(const ArrowSchema& schema, const std::optional<std::string>& column,
                        const std::optional<std::int64_t>& other = std::nullopt);

// Throws WrongType, with Arrow's format string, for what is no string; Error as find_child().
// `weights` is the column that cannot be the one.
ArrowColumn find_column(const ArrowSchema& schema, const std::optional<std::string>& column,
                        const std::optional<std::int64_t>& weights = std::nullopt);

// The child of an array that should have so many, with rows enough.
const ArrowArray& child_of(const ArrowArray& array, std::int64_t child, std::int64_t children);

// The bits that say which rows are no nulls; null if no row is.
const std::uint8_t* validity_of(const ArrowArray& array);

// Throws Error unless the array has so many rows, and so many buffers that are there.
void require_rows(const ArrowArray& array, std::int64_t rows);
void require_buffers(const ArrowArray& array, std::int64_t buffers);

// Throws Error about offsets that do not go up from 0 to the last.
[[noreturn]] void fail_offsets(std::int64_t index, std::int64_t begin, std::int64_t end,
                               std::int64_t last);

// A number of an array, whose place need not be fit for its type.
template <class Number>
Number load_at(const void* from, std::int64_t at) {
  Number number{};
  std::memcpy(&number, static_cast<const std::uint8_t*>(from) + at * std::int64_t{sizeof(Number)},
              sizeof number);
  return number;
}

inline bool bit(const std::uint8_t* bits, std::int64_t at) { return bits[at >> 3] >> (at & 7) & 1; }

// A word as it lies in memory, and how many bytes can be read there.
struct ArrowWord {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  std::size_t readable = 0;
};

// The strings of one array, by row.
class ArrowStrings {
 public:
  ArrowStrings() = default;
  ArrowStrings(const ArrowArray& array, StringKind kind, std::int64_t first, std::int64_t rows);

  std::int64_t rows() const { return rows_; }
  bool is_null(std::int64_t row) const;
  // The first null from `row` on, or `stop`.
  std::int64_t next_null(std::int64_t row, std::int64_t stop) const;
  ArrowWord at(std::int64_t row, std::int64_t index) const;  // the index is for messages

  StringKind kind() const { return kind_; }
  bool has_offsets() const { return kind_ == StringKind::utf8 || kind_ == StringKind::large_utf8; }
  const std::uint8_t* values() const { return values_; }
  std::int64_t size() const { return last_; }  // of the values, in bytes

  // Copies the n + 1 offsets of the words from `row` on, and throws Error unless they go up and
  // stay inside the values. `index` is the first word's.
  void copy_offsets(std::int64_t row, std::int64_t n, std::int64_t index, std::int64_t* out) const;

  // The 16 bytes of a view: its size, and the word itself or where it stands.
  const std::uint8_t* view(std::int64_t row) const { return places_ + 16 * (first_ + row); }

  // Where the offset of a row lies, which need not be a place fit for its type.
  template <class Offset>
  const Offset* offsets(std::int64_t row) const {
    return static_cast<const Offset*>(
        static_cast<const void*>(places_ + std::int64_t{sizeof(Offset)} * (first_ + row)));
  }

 private:
  std::int64_t offset(std::int64_t row) const;
  ArrowWord viewed(std::int64_t row, std::int64_t index) const;

  StringKind kind_ = StringKind::nulls;
  std::int64_t first_ = 0;
  std::int64_t rows_ = 0;
  const std::uint8_t* validity_ = nullptr;
  const std::uint8_t* places_ = nullptr;  // offsets or views
  const std::uint8_t* values_ = nullptr;
  std::int64_t last_ = 0;                // offset
  const void* const* blocks_ = nullptr;  // views only: the buffers that they point into
  std::vector<std::int64_t> block_sizes_;
};

// The words of one array: its strings, or a dictionary's by an index, and its nulls.
class ArrowChunk {
 public:
  ArrowChunk() = default;
  ArrowChunk(const ArrowArray& array, const ArrowColumn& column);

  std::int64_t rows() const { return rows_; }
  // The strings if they are the words, without a dictionary or nulls of the table; else null.
  const ArrowStrings* plain() const;
  // The word of a row; nothing for a null.
  std::optional<ArrowWord> at(std::int64_t row, std::int64_t index) const;

 private:
  std::int64_t dictionary_row(std::int64_t row) const;

  std::int64_t rows_ = 0;
  const std::uint8_t* table_validity_ = nullptr;
  std::int64_t table_first_ = 0;
  const std::uint8_t* index_validity_ = nullptr;
  const void* indices_ = nullptr;
  std::int64_t index_first_ = 0;
  char index_type_ = 0;
  ArrowStrings strings_;  // the words, or the dictionary's
};

}  // namespace makemore
