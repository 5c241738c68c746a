// Lists by their offsets into an array of strings.
#include "bindings/arrow_lists.hpp"

namespace makemore {

ArrowLists::ArrowLists(const ArrowArray& array, const ArrowColumn& column)
    : rows_(array.length), large_(column.list == 'L') {
  require_rows(array, rows_);
  const ArrowArray* lists = &array;
  if (column.child) {
    if (array.n_buffers > 0) table_validity_ = validity_of(array);
    table_first_ = first_ = array.offset;
    lists = &child_of(array, *column.child, column.children);
  }
  require_rows(*lists, first_ + rows_);
  if (rows_ == 0) return;
  require_buffers(*lists, 2);
  validity_ = validity_of(*lists);
  offsets_ = lists->buffers[1];
  require_sound(offsets_ != nullptr, "no offsets");
  first_ += lists->offset;
  require_sound(lists->n_children == 1 && lists->children != nullptr &&
                    lists->children[0] != nullptr && lists->children[0]->release != nullptr,
                "lists without what is in them");
  ArrowColumn tokens = column;
  tokens.child.reset();
  tokens_ = ArrowChunk(*lists->children[0], tokens);
}

std::int64_t ArrowLists::offset(std::int64_t row) const {
  return large_ ? load_at<std::int64_t>(offsets_, first_ + row)
                : load_at<std::int32_t>(offsets_, first_ + row);
}

std::optional<ArrowLists::Span> ArrowLists::at(std::int64_t row, std::int64_t index) const {
  if (table_validity_ != nullptr && !bit(table_validity_, table_first_ + row)) return std::nullopt;
  if (validity_ != nullptr && !bit(validity_, first_ + row)) return std::nullopt;
  const Span span{offset(row), offset(row + 1)};
  if (span.begin < 0 || span.end < span.begin || span.end > tokens_.rows()) {
    fail_offsets(index, span.begin, span.end, tokens_.rows());
  }
  return span;
}

}  // namespace makemore
