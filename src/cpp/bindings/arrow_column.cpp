// Reading Arrow's memory layouts (https://arrow.apache.org/docs/format/Columnar.html).
#include "bindings/arrow_column.hpp"

#include <charconv>
#include <cstring>
#include <string_view>

#include "bindings/word_source.hpp"
#include "text/quoted.hpp"

namespace makemore {
namespace {

// More rows than any memory holds; below it, no sum or product here leaves 64 bits.
constexpr std::int64_t kMostRows = std::int64_t{1} << 56;

const char* name_of(const ArrowSchema& schema, std::int64_t child) {
  const char* const name = schema.children[child]->name;
  return name == nullptr ? "" : name;
}

std::string column_names(const ArrowSchema& schema) {
  std::string names;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    names += (i == 0 ? "" : ", ") + quoted(std::string_view(name_of(schema, i)));
  }
  return names.empty() ? "no columns" : "the columns " + names;
}

void require_children(const ArrowSchema& schema) {
  require_sound(schema.n_children >= 0, "a negative number of columns");
  require_sound(schema.n_children == 0 || schema.children != nullptr, "no columns");
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    require_sound(schema.children[i] != nullptr && schema.children[i]->release != nullptr &&
                      schema.children[i]->format != nullptr,
                  "a column without a type");
  }
}

ListKind list_kind(std::string_view format) {
  if (format == "+l") return ListKind::small;
  if (format == "+L") return ListKind::large;
  if (format == "+vl") return ListKind::small_views;
  if (format == "+vL") return ListKind::large_views;
  return format.starts_with("+w:") ? ListKind::fixed : ListKind::none;
}

// Of "+w:3".
std::int64_t size_of_lists(std::string_view format) {
  const std::string_view digits = format.substr(3);
  std::int32_t size = -1;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  require_sound(failure == std::errc() && end == digits.data() + digits.size() && size >= 0,
                "lists of a size that is no number");
  return size;
}

}  // namespace

void fail_offsets(std::int64_t index, std::int64_t begin, std::int64_t end, std::int64_t last) {
  fail_word(index, "malformed Arrow data: the offsets " + std::to_string(begin) + " and " +
                       std::to_string(end) + " do not go up from 0 to the last, " +
                       std::to_string(last));
}

void require_sound(bool sound, const char* problem) {
  if (!sound) throw Error(std::string("malformed Arrow data: ") + problem);
}

std::int64_t find_child(const ArrowSchema& schema, const std::optional<std::string>& column,
                        const std::optional<std::int64_t>& other) {
  require_children(schema);
  std::optional<std::int64_t> found;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const std::string_view name = name_of(schema, i);
    const bool wanted =
        column ? name == *column : other != i && !name.starts_with("__index_level_");
    if (!wanted) continue;
    if (found && !column) {
      throw Error("the table has " + column_names(schema) + "; choose one with column=");
    }
    if (found) {
      throw Error("the table has more than one column " + quoted(std::string_view(*column)));
    }
    found = i;
  }
  if (found) return *found;
  if (!column) throw Error("the table has " + column_names(schema) + "; choose one with column=");
  throw Error("no column " + quoted(std::string_view(*column)) + ": the table has " +
              column_names(schema));
}

ArrowColumn find_column(const ArrowSchema& schema, const std::optional<std::string>& column,
                        const std::optional<std::int64_t>& weights) {
  ArrowColumn found;
  const ArrowSchema* type = &schema;
  require_sound(type->format != nullptr, "no format");
  if (std::string_view(type->format) == "+s") {
    found.child = find_child(schema, column, weights);
    found.children = schema.n_children;
    type = schema.children[*found.child];
  } else if (column) {
    throw Error("column=" + quoted(std::string_view(*column)) +
                " is for tables, got an array of Arrow format " +
                quoted(std::string_view(schema.format)));
  }
  const std::string_view outer = type->format;
  found.list = list_kind(outer);
  if (found.list != ListKind::none) {
    require_children(*type);
    require_sound(type->n_children == 1, "a list that is not of one type");
    if (found.list == ListKind::fixed) found.list_size = size_of_lists(outer);
    type = type->children[0];
  }
  if (type->dictionary != nullptr) {
    const std::string_view index = type->format;
    require_sound(index.size() == 1 && std::string_view("cCsSiIlL").find(index) != index.npos,
                  "a dictionary's indices are no integers");
    require_sound(type->dictionary->release != nullptr && type->dictionary->format != nullptr,
                  "a dictionary without a type");
    found.index = index[0];
    type = type->dictionary;
  }
  const std::string_view format = type->format;
  if (type->dictionary != nullptr) {
    throw WrongType("expected strings, got an Arrow dictionary of dictionaries");
  } else if (format == "u") {
    found.kind = StringKind::utf8;
  } else if (format == "U") {
    found.kind = StringKind::large_utf8;
  } else if (format == "vu") {
    found.kind = StringKind::view;
  } else if (format == "n") {
    found.kind = StringKind::nulls;
  } else {
    throw WrongType(std::string("expected strings (Arrow format 'u', 'U' or 'vu')") +
                    (found.list != ListKind::none ? " in lists" : "") + ", got Arrow format " +
                    quoted(format));
  }
  return found;
}

const ArrowArray& child_of(const ArrowArray& array, std::int64_t child, std::int64_t children) {
  require_sound(array.n_children == children && array.children != nullptr,
                "another number of columns than its type");
  const ArrowArray* const found = array.children[child];
  require_sound(found != nullptr && found->release != nullptr, "a column that was released");
  require_rows(*found, array.offset + array.length);
  return *found;
}

void require_rows(const ArrowArray& array, std::int64_t rows) {
  require_sound(array.length >= 0 && array.length <= kMostRows && array.offset >= 0 &&
                    array.offset <= kMostRows,
                "a length or an offset that no array has");
  require_sound(rows <= array.length, "too few rows");
}

void require_buffers(const ArrowArray& array, std::int64_t buffers) {
  require_sound(array.n_buffers >= buffers && array.n_buffers <= kMostRows, "too few buffers");
  require_sound(array.n_buffers == 0 || array.buffers != nullptr, "no buffers");
}

const std::uint8_t* validity_of(const ArrowArray& array) {
  require_buffers(array, 1);
  require_sound(array.null_count >= -1 && array.null_count <= array.length,
                "a number of nulls that is not one of its rows");
  if (array.null_count == 0) return nullptr;
  require_sound(array.null_count == -1 || array.buffers[0] != nullptr,
                "nulls, but nothing that says which");
  return static_cast<const std::uint8_t*>(array.buffers[0]);
}

ArrowStrings::ArrowStrings(const ArrowArray& array, StringKind kind, std::int64_t first,
                           std::int64_t rows)
    : kind_(kind), first_(array.offset + first), rows_(rows) {
  require_rows(array, first + rows);
  if (kind == StringKind::nulls || rows == 0) return;
  require_buffers(array, kind == StringKind::view ? 2 : 3);
  validity_ = validity_of(array);
  places_ = static_cast<const std::uint8_t*>(array.buffers[1]);
  require_sound(places_ != nullptr, kind == StringKind::view ? "no views" : "no offsets");
  if (kind == StringKind::view) {
    const std::int64_t blocks = array.n_buffers - 3;  // the last buffer holds their sizes
    if (blocks <= 0) return;
    blocks_ = array.buffers + 2;
    require_sound(blocks_[blocks] != nullptr, "no sizes of its buffers");
    for (std::int64_t i = 0; i < blocks; ++i) {
      block_sizes_.push_back(load_at<std::int64_t>(blocks_[blocks], i));
    }
    return;
  }
  // Of all rows of the array, and not only of those that are wanted.
  last_ = offset(array.length - first);
  require_sound(last_ >= 0, "the last offset is negative");
  values_ = static_cast<const std::uint8_t*>(array.buffers[2]);
  require_sound(values_ != nullptr || last_ == 0, "no values");
  static constexpr std::uint8_t nothing = 0;
  if (values_ == nullptr) values_ = &nothing;
}

bool ArrowStrings::is_null(std::int64_t row) const {
  return kind_ == StringKind::nulls || (validity_ != nullptr && !bit(validity_, first_ + row));
}

std::int64_t ArrowStrings::next_null(std::int64_t row, std::int64_t stop) const {
  if (kind_ == StringKind::nulls) return row;
  if (validity_ == nullptr) return stop;
  while (row < stop) {
    const std::int64_t at = first_ + row;
    const bool eight_valid = (at & 7) == 0 && stop - row >= 8 && validity_[at >> 3] == 0xFF;
    if (!eight_valid && !bit(validity_, at)) return row;
    row += eight_valid ? 8 : 1;
  }
  return stop;
}

std::int64_t ArrowStrings::offset(std::int64_t row) const {
  return kind_ == StringKind::utf8 ? load_at<std::int32_t>(places_, first_ + row)
                                   : load_at<std::int64_t>(places_, first_ + row);
}

void ArrowStrings::copy_offsets(std::int64_t row, std::int64_t n, std::int64_t index,
                                std::int64_t* out) const {
  if (kind_ == StringKind::utf8) {
    const std::uint8_t* const from = places_ + 4 * (first_ + row);
    for (std::int64_t i = 0; i <= n; ++i) out[i] = load_at<std::int32_t>(from, i);
  } else {
    std::memcpy(out, places_ + 8 * (first_ + row), static_cast<std::size_t>(8 * (n + 1)));
  }
  // Steps are taken without a sign: the sign bit is that of a negative offset, or of a step
  // back between two others.
  auto signs = static_cast<std::uint64_t>(out[0]);
  for (std::int64_t i = 1; i <= n; ++i) {
    const auto offset = static_cast<std::uint64_t>(out[i]);
    signs |= offset | (offset - static_cast<std::uint64_t>(out[i - 1]));
  }
  if (signs >> 63 == 0 && out[n] <= last_) return;
  for (std::int64_t i = 0; i < n; ++i) {
    if (out[i] < 0 || out[i + 1] < out[i] || out[i + 1] > last_) {
      fail_offsets(index + i, out[i], out[i + 1], last_);
    }
  }
}

ArrowWord ArrowStrings::at(std::int64_t row, std::int64_t index) const {
  if (kind_ == StringKind::nulls) return {};
  if (kind_ == StringKind::view) return viewed(row, index);
  const std::int64_t begin = offset(row);
  const std::int64_t end = offset(row + 1);
  if (begin < 0 || end < begin || end > last_) fail_offsets(index, begin, end, last_);
  return {values_ + begin, static_cast<std::size_t>(end - begin),
          static_cast<std::size_t>(last_ - begin)};
}

ArrowWord ArrowStrings::viewed(std::int64_t row, std::int64_t index) const {
  constexpr std::int64_t most_inline = 12;
  const std::uint8_t* const view = this->view(row);
  const std::int64_t size = load_at<std::int32_t>(view, 0);
  if (size < 0) fail_word(index, "malformed Arrow data: a view of negative size");
  if (size <= most_inline) {
    return {view + 4, static_cast<std::size_t>(size),
            static_cast<std::size_t>(16 * (rows_ - row) - 4)};
  }
  const std::int64_t block = load_at<std::int32_t>(view, 2);
  const std::int64_t begin = load_at<std::int32_t>(view, 3);
  const bool known = block >= 0 && static_cast<std::size_t>(block) < block_sizes_.size() &&
                     blocks_[block] != nullptr;
  const std::int64_t end = known ? block_sizes_[static_cast<std::size_t>(block)] : 0;
  if (begin < 0 || begin + size > end) {
    fail_word(index, "malformed Arrow data: a view points outside its buffers");
  }
  return {static_cast<const std::uint8_t*>(blocks_[block]) + begin, static_cast<std::size_t>(size),
          static_cast<std::size_t>(end - begin)};
}

ArrowChunk::ArrowChunk(const ArrowArray& array, const ArrowColumn& column) : rows_(array.length) {
  require_rows(array, rows_);
  const ArrowArray* words = &array;
  std::int64_t first = 0;  // of the words, before their own offset
  if (column.child) {
    // Some who make tables say that those have no buffers.
    if (array.n_buffers > 0) table_validity_ = validity_of(array);
    table_first_ = first = array.offset;
    words = &child_of(array, *column.child, column.children);
  }
  if (column.index == 0) {
    strings_ = ArrowStrings(*words, column.kind, first, rows_);
    return;
  }
  require_rows(*words, first + rows_);
  require_buffers(*words, 2);
  require_sound(words->dictionary != nullptr && words->dictionary->release != nullptr,
                "no dictionary");
  require_sound(rows_ == 0 || words->buffers[1] != nullptr, "no indices");
  index_validity_ = validity_of(*words);
  indices_ = words->buffers[1];
  index_first_ = words->offset + first;
  index_type_ = column.index;
  // Without rows nothing is asked of the dictionary, as nothing is of strings.
  const ArrowArray& dictionary = *words->dictionary;
  strings_ = ArrowStrings(dictionary, column.kind, 0, rows_ == 0 ? 0 : dictionary.length);
}

const ArrowStrings* ArrowChunk::plain() const {
  return table_validity_ == nullptr && index_type_ == 0 ? &strings_ : nullptr;
}

std::optional<ArrowWord> ArrowChunk::at(std::int64_t row, std::int64_t index) const {
  if (table_validity_ != nullptr && !bit(table_validity_, table_first_ + row)) return std::nullopt;
  if (index_type_ != 0) {
    if (index_validity_ != nullptr && !bit(index_validity_, index_first_ + row)) {
      return std::nullopt;
    }
    row = dictionary_row(row);
    if (row < 0 || row >= strings_.rows()) {
      fail_word(index, "malformed Arrow data: an index outside its dictionary");
    }
  }
  if (strings_.is_null(row)) return std::nullopt;
  return strings_.at(row, index);
}

std::int64_t ArrowChunk::dictionary_row(std::int64_t row) const {
  row += index_first_;
  switch (index_type_) {
    case 'c': return load_at<std::int8_t>(indices_, row);
    case 'C': return load_at<std::uint8_t>(indices_, row);
    case 's': return load_at<std::int16_t>(indices_, row);
    case 'S': return load_at<std::uint16_t>(indices_, row);
    case 'i': return load_at<std::int32_t>(indices_, row);
    case 'I': return load_at<std::uint32_t>(indices_, row);
    default: return load_at<std::int64_t>(indices_, row);  // a uint64 too large becomes negative
  }
}

}  // namespace makemore
