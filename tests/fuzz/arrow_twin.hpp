// What words an Arrow array holds, the slow way: row by row, with every number checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arrow_arrays.hpp"

namespace makemore::fuzz {

using Row = std::optional<std::string>;  // nothing for a null

inline void require(bool holds) {
  if (!holds) throw Unsound();
}

inline void require_length(const Array& array, std::int64_t rows) {
  require(array.arrow.length >= rows && rows >= 0);
  require(array.arrow.length <= std::int64_t{1} << 56);
}

// Of a table whose buffers may be missing altogether, or of an array.
inline bool is_null(const Array& array, std::int64_t row) {
  const std::int64_t at = array.arrow.offset + row;
  return array.arrow.null_count != 0 && array.has(0) &&
         (array.buffer(0)[at / 8] >> at % 8 & 1) == 0;
}

inline void require_nulls(const Array& array) {
  require(array.arrow.null_count >= -1 && array.arrow.null_count <= array.arrow.length);
  require(array.arrow.null_count <= 0 || array.has(0));
}

template <class Offset>
std::string word_between(const Array& array, std::int64_t row) {
  const std::uint8_t* const offsets = array.buffer(1);
  const auto last =
      static_cast<std::int64_t>(at<Offset>(offsets, array.arrow.offset + array.arrow.length));
  const auto begin = static_cast<std::int64_t>(at<Offset>(offsets, array.arrow.offset + row));
  const auto end = static_cast<std::int64_t>(at<Offset>(offsets, array.arrow.offset + row + 1));
  require(0 <= begin && begin <= end && end <= last);
  return {reinterpret_cast<const char*>(array.buffer(2)) + begin,
          static_cast<std::size_t>(end - begin)};
}

inline std::string word_viewed(const Array& array, std::int64_t row) {
  const std::uint8_t* const view = array.buffer(1) + 16 * (array.arrow.offset + row);
  const auto size = at<std::int32_t>(view, 0);
  require(size >= 0);
  if (size <= 12) return {reinterpret_cast<const char*>(view) + 4, static_cast<std::size_t>(size)};
  const std::int64_t blocks = array.arrow.n_buffers - 3;
  const auto block = at<std::int32_t>(view, 2);
  const auto begin = static_cast<std::int64_t>(at<std::int32_t>(view, 3));
  require(0 <= block && block < blocks && begin >= 0);
  const auto sizes = array.buffer(static_cast<std::size_t>(blocks) + 2);
  require(begin + size <= at<std::int64_t>(sizes, block));
  return {reinterpret_cast<const char*>(array.buffer(static_cast<std::size_t>(block) + 2)) + begin,
          static_cast<std::size_t>(size)};
}

// Checks that are made of the whole of an array of which rows are wanted.
inline void require_strings(const Array& array, char kind) {
  if (kind == 'n' || array.arrow.length == 0) return;
  require_nulls(array);
  (void)array.buffer(1);
  if (kind == 'v') {
    if (array.arrow.n_buffers > 3)
      (void)array.buffer(static_cast<std::size_t>(array.arrow.n_buffers) - 1);
    return;
  }
  const std::int64_t end = array.arrow.offset + array.arrow.length;
  const std::int64_t last =
      kind == 'u' ? at<std::int32_t>(array.buffer(1), end) : at<std::int64_t>(array.buffer(1), end);
  require(last >= 0 && (last == 0 || array.has(2)));
}

inline Row string_at(const Array& array, char kind, std::int64_t row) {
  if (kind == 'n' || is_null(array, row)) return std::nullopt;
  if (kind == 'v') return word_viewed(array, row);
  // There may be no values where all words are empty.
  const bool none = !array.has(2);
  if (none) {
    const auto at_row = [&](std::int64_t r) {
      return kind == 'u' ? std::int64_t{at<std::int32_t>(array.buffer(1), array.arrow.offset + r)}
                         : at<std::int64_t>(array.buffer(1), array.arrow.offset + r);
    };
    require(at_row(row) == 0 && at_row(row + 1) == 0);
    return std::string();
  }
  return kind == 'u' ? word_between<std::int32_t>(array, row)
                     : word_between<std::int64_t>(array, row);
}

inline std::int64_t index_at(const Array& array, char type, std::int64_t row) {
  const std::uint8_t* const from = array.buffer(1);
  const std::int64_t i = array.arrow.offset + row;
  switch (type) {
    case 'c': return at<std::int8_t>(from, i);
    case 'C': return at<std::uint8_t>(from, i);
    case 's': return at<std::int16_t>(from, i);
    case 'S': return at<std::uint16_t>(from, i);
    case 'i': return at<std::int32_t>(from, i);
    case 'I': return at<std::uint32_t>(from, i);
    default: return at<std::int64_t>(from, i);
  }
}

inline std::int64_t number_at(const Array& array, const std::string& format, std::int64_t row) {
  require(!is_null(array, row));
  const std::int64_t i = array.arrow.offset + row;
  if (format == "l") return at<std::int64_t>(array.buffer(1), i);
  if (format == "g") {
    const auto number = at<double>(array.buffer(1), i);
    require(number == static_cast<double>(static_cast<int>(number < 1e6 ? number : 0)));
    return static_cast<std::int64_t>(number);
  }
  const auto low = at<std::int64_t>(array.buffer(1), 2 * i);
  require(at<std::int64_t>(array.buffer(1), 2 * i + 1) == (low < 0 ? -1 : 0));
  return low;
}

struct Expected {
  std::vector<Row> words;
  std::vector<std::int64_t> weights;  // of those that are no nulls
};

inline void expect(const Array& chunk, const Type& type, Expected& all) {
  require_length(chunk, 0);
  const std::int64_t rows = chunk.arrow.length;
  const Array* words = &chunk;
  std::int64_t first = 0;
  if (type.table) {
    if (chunk.arrow.n_buffers > 0) require_nulls(chunk);
    const std::size_t columns = type.weights.empty() ? 1 : 2;
    require(chunk.arrow.n_children == static_cast<std::int64_t>(columns));
    first = chunk.arrow.offset;
    for (const auto& child : chunk.children) {
      require(child->arrow.release != nullptr);
      require_length(*child, first + rows);
    }
    words = chunk.children[0].get();
  }
  if (rows > 0 && type.index != 0) {
    (void)words->buffer(1);
    require_strings(*words->dictionary, type.kind);
  } else if (rows > 0) {
    require_strings(*words, type.kind);
  }
  if (type.index != 0 || (rows > 0 && type.kind != 'n')) require_nulls(*words);
  if (rows > 0 && !type.weights.empty()) require_nulls(*chunk.children[1]);
  for (std::int64_t row = 0; row < rows; ++row) {
    Row word;
    if (type.table && chunk.arrow.n_buffers > 0 && is_null(chunk, row)) {
    } else if (type.index == 0) {
      word = string_at(*words, type.kind, first + row);
    } else if (!is_null(*words, first + row)) {
      const std::int64_t index = index_at(*words, type.index, first + row);
      require(0 <= index && index < words->dictionary->arrow.length);
      word = string_at(*words->dictionary, type.kind, index);
    }
    if (word && !type.weights.empty()) {
      all.weights.push_back(number_at(*chunk.children[1], type.weights, first + row));
    }
    all.words.push_back(word);
  }
}

}  // namespace makemore::fuzz
