// Numbers in as few bytes as they need: seven bits a byte, the lowest first, and the eighth says
// that more follow (LEB128). Each number has one such form.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "base/compiler.hpp"
#include "base/error.hpp"

namespace makemore {

inline constexpr std::size_t kLongestVarint = 19;  // bytes of 128 bits

// Writes a number to where there is room for it; returns the place behind it.
template <class Number>
std::uint8_t* put_varint(std::uint8_t* out, Number number) {
  while (number > Number{0x7F}) {
    *out++ = static_cast<std::uint8_t>(static_cast<std::uint8_t>(number) | 0x80);
    number = number >> 7;
  }
  *out++ = static_cast<std::uint8_t>(number);
  return out;
}

// Reads numbers from bytes that anybody may have made.
class VarintReader {
 public:
  explicit VarintReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }

  // The next number, of at most so many bits. Throws Error, with the byte, where there is none.
  template <class Number>
  Number next(unsigned bits) {
    if (bits >= 7 && at_ < bytes_.size() && bytes_[at_] < 0x80) return Number{bytes_[at_++]};
    return longer<Number>(bits);
  }

  // The next number if it takes less than eight bytes and eight are left, as mostly: without a
  // branch on its size, which nobody can predict. What is no number is left to next().
  bool next_short(std::uint64_t& number) {
    if (left() < sizeof number) return false;
    std::memcpy(&number, bytes_.data() + at_, sizeof number);
    const std::uint64_t ends = ~number & 0x80808080'80808080;
    const auto size = static_cast<unsigned>(std::countr_zero(ends)) / 8 + 1;  // 9 if it has no end
    if (size > 7) return false;
    number &= ends ^ (ends - 1);
    number = (number & 0x007F007F'007F007F) | (number & 0x7F007F00'7F007F00) >> 1;
    number = (number & 0x00003FFF'00003FFF) | (number & 0x3FFF0000'3FFF0000) >> 2;
    number = (number & 0x00000000'0FFFFFFF) | (number & 0x0FFFFFFF'00000000) >> 4;
    if (size > 1 && number >> (7 * (size - 1)) == 0) return false;
    at_ += size;
    return true;
  }

  // The next bytes as they are.
  std::span<const std::uint8_t> take(std::uint64_t size) {
    if (size > left()) fail(at_, "the bytes end early");
    const auto part = bytes_.subspan(at_, static_cast<std::size_t>(size));
    at_ += part.size();
    return part;
  }

  [[noreturn]] static void fail(std::size_t at, const char* problem) {
    throw Error("byte " + std::to_string(at) + ": " + problem);
  }

 private:
  template <class Number>
  Number longer(unsigned bits) {
    const std::size_t start = at_;
    Number number = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (at_ == bytes_.size()) fail(start, "the bytes end early");
      const std::uint8_t byte = bytes_[at_++];
      const std::uint8_t low = byte & 0x7F;
      if (shift >= bits || (bits - shift < 7 && low >> (bits - shift) != 0)) {
        fail(start, "a number is too large");
      }
      number |= Number{low} << shift;
      if (byte >= 0x80) continue;
      if (low == 0 && shift > 0) fail(start, "a number has more bytes than it needs");
      return number;
    }
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

}  // namespace makemore
