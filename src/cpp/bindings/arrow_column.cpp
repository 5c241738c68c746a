// Reading Arrow's memory layouts (https://arrow.apache.org/docs/format/Columnar.html).
#include "bindings/arrow_column.hpp"

#include <cstring>
#include <string_view>

#include "bindings/packer.hpp"
#include "bindings/python.hpp"

namespace makemore {
namespace {

void require(bool sound, const char* problem) {
  if (!sound) throw Error(std::string("malformed Arrow data: ") + problem);
}

bool bit(const std::uint8_t* bits, std::int64_t at) { return bits[at >> 3] >> (at & 7) & 1; }

const std::uint8_t* validity_of(const ArrowArray& array) {
  return array.null_count == 0 || array.n_buffers == 0
             ? nullptr
             : static_cast<const std::uint8_t*>(array.buffers[0]);
}

void require_rows(const ArrowArray& array, std::int64_t rows) {
  require(array.length >= 0 && array.offset >= 0 && rows <= array.length, "too few rows");
}

template <class Number>
Number load(const void* from, std::int64_t at) {
  Number number{};
  std::memcpy(&number, static_cast<const std::uint8_t*>(from) + at * std::int64_t{sizeof(Number)},
              sizeof number);
  return number;
}

std::string column_names(const ArrowSchema& schema) {
  std::string names;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const char* const name = schema.children[i]->name;
    names += std::string(i == 0 ? "'" : ", '") + (name == nullptr ? "" : name) + "'";
  }
  return names.empty() ? "no columns" : "the columns " + names;
}

std::int64_t find_child(const ArrowSchema& schema, const std::optional<std::string>& column) {
  if (!column) {
    if (schema.n_children == 1) return 0;
    throw Error("the table has " + column_names(schema) + "; choose one with column=");
  }
  std::optional<std::int64_t> found;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const char* const name = schema.children[i]->name;
    if (*column != (name == nullptr ? "" : name)) continue;
    if (found) throw Error("the table has more than one column '" + *column + "'");
    found = i;
  }
  if (!found) throw Error("no column '" + *column + "': the table has " + column_names(schema));
  return *found;
}

}  // namespace

ArrowColumn find_column(const ArrowSchema& schema, const std::optional<std::string>& column) {
  ArrowColumn found;
  const ArrowSchema* type = &schema;
  require(type->format != nullptr, "no format");
  if (std::string_view(type->format) == "+s") {
    found.child = find_child(schema, column);
    type = schema.children[*found.child];
  } else if (column) {
    throw Error("column=\"" + *column + "\" is for tables, got an array of Arrow format '" +
                schema.format + "'");
  }
  if (type->dictionary != nullptr) {
    const std::string_view index = type->format;
    require(index.size() == 1 && std::string_view("cCsSiIlL").find(index) != index.npos,
            "a dictionary's indices are no integers");
    found.index = index[0];
    type = type->dictionary;
  }
  const std::string_view format = type->format;
  if (type->dictionary != nullptr) {
    throw py::type_error("expected strings, got an Arrow dictionary of dictionaries");
  } else if (format == "u") {
    found.kind = StringKind::utf8;
  } else if (format == "U") {
    found.kind = StringKind::large_utf8;
  } else if (format == "vu") {
    found.kind = StringKind::view;
  } else if (format == "n") {
    found.kind = StringKind::nulls;
  } else {
    throw py::type_error("expected strings (Arrow format 'u', 'U' or 'vu'), got Arrow format '" +
                         std::string(format) + "'");
  }
  return found;
}

ArrowStrings::ArrowStrings(const ArrowArray& array, StringKind kind, std::int64_t first,
                           std::int64_t rows)
    : kind_(kind), first_(array.offset + first), rows_(rows) {
  require_rows(array, first + rows);
  if (kind == StringKind::nulls || rows == 0) return;
  require(array.n_buffers >= 3 || (array.n_buffers == 2 && kind == StringKind::view),
          "too few buffers");
  require(array.buffers[1] != nullptr, "no offsets");
  validity_ = validity_of(array);
  places_ = array.buffers[1];
  if (kind == StringKind::view) {
    blocks_ = array.buffers + 2;
    n_blocks_ = array.n_buffers - 3;  // the last buffer holds the sizes of those before it
  } else {
    static constexpr std::uint8_t nothing = 0;
    values_ = static_cast<const std::uint8_t*>(array.buffers[2]);
    if (values_ == nullptr) values_ = &nothing;
  }
}

bool ArrowStrings::is_null(std::int64_t row) const {
  return kind_ == StringKind::nulls || (validity_ != nullptr && !bit(validity_, first_ + row));
}

std::int64_t ArrowStrings::next_null(std::int64_t row, std::int64_t stop) const {
  if (kind_ == StringKind::nulls) return row;
  if (validity_ == nullptr) return stop;
  while (row < stop) {
    const std::int64_t at = first_ + row;
    const bool eight_valid = (at & 7) == 0 && validity_[at >> 3] == 0xFF;
    if (!eight_valid && !bit(validity_, at)) return row;
    row += eight_valid ? 8 : 1;
  }
  return stop;
}

ArrowWord ArrowStrings::at(std::int64_t row, std::int64_t index) const {
  switch (kind_) {
    case StringKind::utf8: return between<std::int32_t>(row, index);
    case StringKind::large_utf8: return between<std::int64_t>(row, index);
    case StringKind::view: return viewed(row, index);
    default: return {};
  }
}

template <class Offset>
ArrowWord ArrowStrings::between(std::int64_t row, std::int64_t index) const {
  const Offset begin = offsets<Offset>()[row];
  const Offset end = offsets<Offset>()[row + 1];
  const Offset last = offsets<Offset>()[rows_];
  if (begin < 0 || end < begin || end > last) {
    fail_word(index, "malformed Arrow data: the offsets go back");
  }
  return {values_ + begin, static_cast<std::size_t>(end - begin),
          static_cast<std::size_t>(last - begin)};
}

ArrowWord ArrowStrings::viewed(std::int64_t row, std::int64_t index) const {
  constexpr std::int64_t most_inline = 12;
  const std::uint8_t* const view = this->view(row);
  const std::int64_t size = load<std::int32_t>(view, 0);
  if (size < 0) fail_word(index, "malformed Arrow data: a view of negative size");
  if (size <= most_inline) {
    return {view + 4, static_cast<std::size_t>(size),
            static_cast<std::size_t>(16 * (rows_ - row) - 4)};
  }
  const std::int64_t block = load<std::int32_t>(view, 2);
  const std::int64_t begin = load<std::int32_t>(view, 3);
  const bool known = block >= 0 && block < n_blocks_;
  const std::int64_t end = known ? load<std::int64_t>(blocks_[n_blocks_], block) : 0;
  if (begin < 0 || begin + size > end) {
    fail_word(index, "malformed Arrow data: a view points outside its buffers");
  }
  return {static_cast<const std::uint8_t*>(blocks_[block]) + begin,
          static_cast<std::size_t>(size), static_cast<std::size_t>(end - begin)};
}

ArrowChunk::ArrowChunk(const ArrowArray& array, const ArrowColumn& column) : rows_(array.length) {
  require_rows(array, rows_);
  const ArrowArray* words = &array;
  std::int64_t first = 0;  // of the words, before their own offset
  if (column.child) {
    require(*column.child < array.n_children, "too few columns");
    table_validity_ = validity_of(array);
    table_first_ = first = array.offset;
    words = array.children[*column.child];
  }
  if (column.index == 0) {
    strings_ = ArrowStrings(*words, column.kind, first, rows_);
    return;
  }
  require_rows(*words, first + rows_);
  require(words->n_buffers >= 2 && words->dictionary != nullptr, "no dictionary");
  require(rows_ == 0 || words->buffers[1] != nullptr, "no indices");
  index_validity_ = validity_of(*words);
  indices_ = words->buffers[1];
  index_first_ = words->offset + first;
  index_type_ = column.index;
  strings_ = ArrowStrings(*words->dictionary, column.kind, 0, words->dictionary->length);
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
    case 'c': return load<std::int8_t>(indices_, row);
    case 'C': return load<std::uint8_t>(indices_, row);
    case 's': return load<std::int16_t>(indices_, row);
    case 'S': return load<std::uint16_t>(indices_, row);
    case 'i': return load<std::int32_t>(indices_, row);
    case 'I': return load<std::uint32_t>(indices_, row);
    default: return load<std::int64_t>(indices_, row);  // a uint64 too large becomes negative
  }
}

}  // namespace makemore
