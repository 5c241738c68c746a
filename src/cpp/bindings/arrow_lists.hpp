// Words of Arrow that are lists of tokens.
#pragma once

#include <cstdint>
#include <optional>

#include "bindings/arrow_column.hpp"

namespace makemore {

// The words of one array whose words are lists of tokens.
class ArrowLists {
 public:
  ArrowLists() = default;
  ArrowLists(const ArrowArray& array, const ArrowColumn& column);

  std::int64_t rows() const { return rows_; }

  struct Span {
    std::int64_t begin;
    std::int64_t end;
  };
  // Which tokens are those of a row; nothing for a null. The index is for messages.
  std::optional<Span> at(std::int64_t row, std::int64_t index) const;
  // A token; nothing for a null.
  std::optional<ArrowWord> token(std::int64_t number, std::int64_t index) const {
    return tokens_.at(number, index);
  }

 private:
  Span span(std::int64_t row) const;
  std::int64_t number(const void* from, std::int64_t row) const;

  std::int64_t rows_ = 0;
  const std::uint8_t* table_validity_ = nullptr;
  std::int64_t table_first_ = 0;
  const std::uint8_t* validity_ = nullptr;
  const void* offsets_ = nullptr;
  const void* sizes_ = nullptr;
  std::int64_t first_ = 0;
  ListKind kind_ = ListKind::none;
  std::int64_t size_ = 0;
  ArrowChunk tokens_;
};

}  // namespace makemore
