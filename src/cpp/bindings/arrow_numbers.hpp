// A column of whole numbers, in the types of Arrow that can hold them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bindings/arrow_abi.hpp"

namespace makemore {

struct ArrowNumbersColumn {
  std::int64_t child = 0;     // of a table
  std::int64_t children = 0;  // that the table has
  char type = 'l';            // Arrow's format: of an integer or a float, 'd' for a decimal
  std::int64_t size = 8;      // bytes
};

// Throws Error if the schema is no table's or has no such column, WrongType if that holds no
// numbers that may be whole.
ArrowNumbersColumn find_numbers(const ArrowSchema& schema, const std::string& column);

// The weights of one array of a table.
class ArrowNumbers {
 public:
  ArrowNumbers() = default;
  ArrowNumbers(const ArrowArray& table, const ArrowNumbersColumn& column);

  // Throws WrongType for a null and for what is not whole, Error for what 64 bits do not hold.
  std::int64_t at(std::int64_t row, std::int64_t index) const;

 private:
  const std::uint8_t* validity_ = nullptr;
  const std::uint8_t* values_ = nullptr;
  std::int64_t first_ = 0;
  ArrowNumbersColumn column_;
};

// The same for a number that is there: WrongType or Error about the weight of an index.
std::int64_t whole_weight(double number, std::int64_t index);
[[noreturn]] void fail_large_weight(std::int64_t index);

}  // namespace makemore
