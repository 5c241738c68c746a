// What compilers have beside the standard, and what stands in where they do not.
//
// The stand-ins are plain C++ and always compiled, so that tests compare them with the
// compiler's own; MAKEMORE_PORTABLE makes the whole core use them.
#pragma once

#include <bit>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>

#if !defined(MAKEMORE_PORTABLE) && defined(__GNUC__)
#define MAKEMORE_GNU_BUILTINS
#endif

// Vector instructions that every processor of the architecture has.
#if !defined(MAKEMORE_PORTABLE)
#if defined(__SSE2__) || defined(_M_X64)
#define MAKEMORE_SSE2
#elif defined(__aarch64__) || defined(_M_ARM64)
#define MAKEMORE_NEON
#endif
#endif

namespace makemore {

// Tables are read as bytes in the order in which numbers are written to them, so words would
// differ silently on a big-endian machine.
static_assert(std::endian::native == std::endian::little,
              "makemore_fast is for little-endian machines; big-endian ones are not supported");

namespace portable {

// An unsigned number of 128 bits, as far as keys need one.
class UInt128 {
 public:
  UInt128() = default;
  constexpr UInt128(std::integral auto low) : high_(0), low_(static_cast<std::uint64_t>(low)) {}
  constexpr UInt128(std::uint64_t high, std::uint64_t low) : high_(high), low_(low) {}

  template <std::unsigned_integral T>
  constexpr explicit operator T() const {
    return static_cast<T>(low_);
  }

  friend constexpr UInt128 operator~(UInt128 a) { return {~a.high_, ~a.low_}; }
  friend constexpr UInt128 operator|(UInt128 a, UInt128 b) {
    return {a.high_ | b.high_, a.low_ | b.low_};
  }
  friend constexpr UInt128 operator&(UInt128 a, UInt128 b) {
    return {a.high_ & b.high_, a.low_ & b.low_};
  }
  friend constexpr UInt128 operator^(UInt128 a, UInt128 b) {
    return {a.high_ ^ b.high_, a.low_ ^ b.low_};
  }
  friend constexpr UInt128 operator+(UInt128 a, UInt128 b) {
    const std::uint64_t low = a.low_ + b.low_;
    return {a.high_ + b.high_ + (low < a.low_), low};
  }
  friend constexpr UInt128 operator-(UInt128 a, UInt128 b) {
    return {a.high_ - b.high_ - (a.low_ < b.low_), a.low_ - b.low_};
  }
  friend constexpr UInt128 operator<<(UInt128 a, unsigned n) {  // n below 128
    if (n == 0) return a;
    if (n >= 64) return {a.low_ << (n - 64), 0};
    return {a.high_ << n | a.low_ >> (64 - n), a.low_ << n};
  }
  friend constexpr UInt128 operator>>(UInt128 a, unsigned n) {
    if (n == 0) return a;
    if (n >= 64) return {0, a.high_ >> (n - 64)};
    return {a.high_ >> n, a.low_ >> n | a.high_ << (64 - n)};
  }
  constexpr UInt128& operator|=(UInt128 other) { return *this = *this | other; }
  constexpr auto operator<=>(const UInt128&) const = default;  // the high half first

 private:
  std::uint64_t high_, low_;
};

// Whether a sum or a product of numbers not below zero leaves 64 bits; if not, it is in `out`.
constexpr bool add_overflows(std::int64_t a, std::int64_t b, std::int64_t& out) {
  if (a > std::numeric_limits<std::int64_t>::max() - b) return true;
  out = a + b;
  return false;
}
constexpr bool multiply_overflows(std::int64_t a, std::int64_t b, std::int64_t& out) {
  if (a != 0 && b > std::numeric_limits<std::int64_t>::max() / a) return true;
  out = a * b;
  return false;
}

// The high half of a product.
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t low = 0xFFFFFFFF;
  const std::uint64_t left = (a >> 32) * (b & low) + ((a & low) * (b & low) >> 32);
  const std::uint64_t right = (a & low) * (b >> 32) + (left & low);
  return (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32);
}

}  // namespace portable

#if !defined(MAKEMORE_PORTABLE) && defined(__SIZEOF_INT128__)
__extension__ using UInt128 = unsigned __int128;
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>(UInt128{a} * b >> 64);
}
#else
using UInt128 = portable::UInt128;
using portable::multiply_high;
#endif

#ifdef MAKEMORE_GNU_BUILTINS
inline bool add_overflows(std::int64_t a, std::int64_t b, std::int64_t& out) {
  return __builtin_add_overflow(a, b, &out);
}
inline bool multiply_overflows(std::int64_t a, std::int64_t b, std::int64_t& out) {
  return __builtin_mul_overflow(a, b, &out);
}

// Asks for memory ahead of its use.
inline void prefetch(const void* place) { __builtin_prefetch(place); }
inline void prefetch_to_write(const void* place) { __builtin_prefetch(place, 1); }

#define MAKEMORE_RESTRICT __restrict
#else
using portable::add_overflows;
using portable::multiply_overflows;

inline void prefetch(const void*) {}
inline void prefetch_to_write(const void*) {}

#ifdef _MSC_VER
#define MAKEMORE_RESTRICT __restrict
#else
#define MAKEMORE_RESTRICT
#endif
#endif

}  // namespace makemore
