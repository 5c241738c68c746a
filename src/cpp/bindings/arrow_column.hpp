// Which column of an Arrow input holds the words, and its strings as they lie in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bindings/arrow_abi.hpp"

namespace makemore {

// What Arrow calls the type: format strings "n", "u", "U", "vu".
enum class StringKind : std::uint8_t { nulls, utf8, large_utf8, view };

// Where the words stand in each array of an input; found once, from the schema.
struct ArrowColumn {
  std::optional<std::int64_t> child;  // of a table
  StringKind kind = StringKind::utf8;
  char index = 0;                     // the dictionary's index type, or 0 if there is none
};

// Raises TypeError, with Arrow's format string, for what is no string, ValueError for a
// table whose column is not told or not there.
ArrowColumn find_column(const ArrowSchema& schema, const std::optional<std::string>& column);

// A word as it lies in memory, and how many bytes can be read there.
struct ArrowWord {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  std::size_t readable = 0;
};

// The strings of one array, by row. Trusts that buffers are as large as their array says, as
// one must, but not what stands in them.
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
  const std::uint8_t* values() const { return values_; }

  // The 16 bytes of a view: its size, and the word itself or where it stands.
  const std::uint8_t* view(std::int64_t row) const {
    return static_cast<const std::uint8_t*>(places_) + 16 * (first_ + row);
  }

  // The offsets of utf8 (int32) and large_utf8 (int64); rows() + 1 of them.
  template <class Offset>
  const Offset* offsets() const {
    return static_cast<const Offset*>(places_) + first_;
  }

 private:
  template <class Offset>
  ArrowWord between(std::int64_t row, std::int64_t index) const;
  ArrowWord viewed(std::int64_t row, std::int64_t index) const;

  StringKind kind_ = StringKind::nulls;
  std::int64_t first_ = 0;
  std::int64_t rows_ = 0;
  const std::uint8_t* validity_ = nullptr;
  const void* places_ = nullptr;  // offsets or views
  const std::uint8_t* values_ = nullptr;
  const void* const* blocks_ = nullptr;  // views only: the buffers that they point into
  std::int64_t n_blocks_ = 0;
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
