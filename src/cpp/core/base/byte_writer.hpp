// Bytes that are written one after another: numbers as varints, and sections of known sizes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/buffer.hpp"
#include "base/varint.hpp"

namespace makemore {

class ByteWriter {
 public:
  template <class Number>
  void add(Number number) {
    std::array<std::uint8_t, kLongestVarint> digits;
    append({digits.data(), put_varint(digits.data(), number)});
  }
  void append(std::span<const std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  // What reads it finds its end.
  void section(std::uint8_t kind, const ByteWriter& content) {
    bytes_.push_back(kind);
    add(std::uint64_t{content.bytes_.size()});
    append(content.bytes_);
  }

  // Room for so many bytes more, of which the first are used: what use(place) returns is the place
  // behind them.
  template <class Use>
  void add_up_to(std::size_t most, Use&& use) {
    const std::size_t size = bytes_.size();
    if (bytes_.capacity() < size + most) bytes_.reserve(std::max(2 * size, size + most));
    bytes_.resize(size + most);
    const std::uint8_t* const end = use(bytes_.data() + size);
    bytes_.resize(static_cast<std::size_t>(end - bytes_.data()));
  }

  Buffer<std::uint8_t>& bytes() { return bytes_; }

 private:
  Buffer<std::uint8_t> bytes_;
};

}  // namespace makemore
