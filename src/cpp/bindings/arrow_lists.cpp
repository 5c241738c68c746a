// Lists by their places in an array of strings.
#include "bindings/arrow_lists.hpp"

namespace makemore {

ArrowLists::ArrowLists(const ArrowArray& array, const ArrowColumn& column)
    : rows_(array.length), kind_(column.list), size_(column.list_size) {
  require_rows(array, rows_);
  const ArrowArray* lists = &array;
  if (column.child) {
    if (array.n_buffers > 0) table_validity_ = validity_of(array);
    table_first_ = first_ = array.offset;
    lists = &child_of(array, *column.child, column.children);
  }
  require_rows(*lists, first_ + rows_);
  if (rows_ == 0) return;
  const bool views = kind_ == ListKind::small_views || kind_ == ListKind::large_views;
  require_buffers(*lists, kind_ == ListKind::fixed ? 1 : views ? 3 : 2);
  validity_ = validity_of(*lists);
  if (kind_ != ListKind::fixed) {
    offsets_ = lists->buffers[1];
    require_sound(offsets_ != nullptr, "no offsets");
  }
  if (views) {
    sizes_ = lists->buffers[2];
    require_sound(sizes_ != nullptr, "no sizes");
  }
  first_ += lists->offset;
  require_sound(lists->n_children == 1 && lists->children != nullptr &&
                    lists->children[0] != nullptr && lists->children[0]->release != nullptr,
                "lists without what is in them");
  ArrowColumn tokens = column;
  tokens.child.reset();
  tokens_ = ArrowChunk(*lists->children[0], tokens);
}

std::int64_t ArrowLists::number(const void* from, std::int64_t row) const {
  const bool large = kind_ == ListKind::large || kind_ == ListKind::large_views;
  return large ? load_at<std::int64_t>(from, row) : load_at<std::int32_t>(from, row);
}

// What cannot be has an end of -1.
ArrowLists::Span ArrowLists::span(std::int64_t row) const {
  const std::int64_t at = first_ + row;
  if (kind_ == ListKind::fixed) {
    if (size_ > 0 && at >= tokens_.rows() / size_) return {0, -1};
    return {at * size_, (at + 1) * size_};
  }
  const std::int64_t begin = number(offsets_, at);
  if (sizes_ == nullptr) return {begin, number(offsets_, at + 1)};
  const std::int64_t size = number(sizes_, at);
  const bool sound = size >= 0 && size <= tokens_.rows() && begin <= tokens_.rows();
  return {begin, sound ? begin + size : -1};
}

std::optional<ArrowLists::Span> ArrowLists::at(std::int64_t row, std::int64_t index) const {
  if (table_validity_ != nullptr && !bit(table_validity_, table_first_ + row)) return std::nullopt;
  if (validity_ != nullptr && !bit(validity_, first_ + row)) return std::nullopt;
  const Span found = span(row);
  if (found.begin < 0 || found.end < found.begin || found.end > tokens_.rows()) {
    fail_offsets(index, found.begin, found.end, tokens_.rows());
  }
  return found;
}

}  // namespace makemore
