// Reading whole numbers: integers, floats without a fraction, decimals of scale 0.
#include "bindings/arrow_numbers.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "bindings/arrow_column.hpp"
#include "bindings/word_source.hpp"
#include "text/quoted.hpp"

namespace makemore {
namespace {

template <class Number>
Number load(const std::uint8_t* from) {
  Number number{};
  std::memcpy(&number, from, sizeof number);
  return number;
}

// The bytes of a decimal of scale 0 ("d:38,0" or "d:76,0,256"); 0 for any other format.
std::int64_t decimal_size(std::string_view format) {
  if (!format.starts_with("d:")) return 0;
  int parts[3] = {0, -1, 128};  // precision, scale, bits
  const char* at = format.data() + 2;
  const char* const end = format.data() + format.size();
  for (int& part : parts) {
    const auto [behind, error] = std::from_chars(at, end, part);
    if (error != std::errc()) return 0;
    at = behind;
    if (at == end) break;
    if (*at++ != ',') return 0;
  }
  const bool known = parts[2] == 32 || parts[2] == 64 || parts[2] == 128 || parts[2] == 256;
  return at == end && parts[1] == 0 && known ? parts[2] / 8 : 0;
}

std::int64_t size_of(char type) {
  switch (type) {
    case 'c':
    case 'C': return 1;
    case 's':
    case 'S': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L':
    case 'g': return 8;
    default: return 0;
  }
}

}  // namespace

void fail_large_weight(std::int64_t index) {
  throw Error("weight " + std::to_string(index) + " does not fit 64 bits");
}

std::int64_t whole_weight(double number, std::int64_t index) {
  if (std::trunc(number) != number) {  // NaN too
    char text[32];
    std::snprintf(text, sizeof text, "%g", number);
    throw WrongType("weight " + std::to_string(index) + ": expected an integer, got " + text);
  }
  if (number < -0x1p63 || number >= 0x1p63) fail_large_weight(index);
  return static_cast<std::int64_t>(number);
}

ArrowNumbersColumn find_numbers(const ArrowSchema& schema, const std::string& column) {
  require_sound(schema.format != nullptr, "no format");
  if (std::string_view(schema.format) != "+s") {
    throw Error("weights=" + quoted(std::string_view(column)) +
                " is for tables, got an array of Arrow format " +
                quoted(std::string_view(schema.format)));
  }
  ArrowNumbersColumn found;
  found.child = find_child(schema, column);
  found.children = schema.n_children;
  const ArrowSchema& type = *schema.children[found.child];
  const std::string_view format = type.format;
  if (type.dictionary == nullptr && format.size() == 1 && size_of(format[0]) != 0) {
    found.type = format[0];
    found.size = size_of(format[0]);
  } else if (type.dictionary == nullptr && decimal_size(format) != 0) {
    found.type = 'd';
    found.size = decimal_size(format);
  } else {
    throw WrongType("weights must be integers, got a column of " +
                    (type.dictionary == nullptr ? "Arrow format " + quoted(format)
                                                : std::string("an Arrow dictionary")));
  }
  return found;
}

ArrowNumbers::ArrowNumbers(const ArrowArray& table, const ArrowNumbersColumn& column)
    : column_(column) {
  require_rows(table, table.length);
  const ArrowArray& numbers = child_of(table, column.child, column.children);
  if (table.length == 0) return;
  require_buffers(numbers, 2);
  require_sound(numbers.buffers[1] != nullptr, "no numbers");
  validity_ = validity_of(numbers);
  values_ = static_cast<const std::uint8_t*>(numbers.buffers[1]);
  first_ = numbers.offset + table.offset;
}

std::int64_t ArrowNumbers::at(std::int64_t row, std::int64_t index) const {
  row += first_;
  if (validity_ != nullptr && !bit(validity_, row)) {
    throw WrongType("weight " + std::to_string(index) + ": expected an integer, got a null");
  }
  const std::uint8_t* const from = values_ + column_.size * row;
  switch (column_.type) {
    case 'c': return load<std::int8_t>(from);
    case 'C': return load<std::uint8_t>(from);
    case 's': return load<std::int16_t>(from);
    case 'S': return load<std::uint16_t>(from);
    case 'i': return load<std::int32_t>(from);
    case 'I': return load<std::uint32_t>(from);
    case 'l': return load<std::int64_t>(from);
    case 'f': return whole_weight(static_cast<double>(load<float>(from)), index);
    case 'g': return whole_weight(load<double>(from), index);
    case 'L': {
      const auto number = load<std::uint64_t>(from);
      if (number >> 63 != 0) fail_large_weight(index);
      return static_cast<std::int64_t>(number);
    }
    default: break;
  }
  if (column_.size == 4) return load<std::int32_t>(from);
  // Of a longer decimal, the upper words only repeat the sign.
  const auto number = load<std::int64_t>(from);
  for (std::int64_t word = 8; word < column_.size; word += 8) {
    if (load<std::int64_t>(from + word) != (number < 0 ? -1 : 0)) fail_large_weight(index);
  }
  return number;
}

}  // namespace makemore
