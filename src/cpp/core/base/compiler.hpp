// What compilers have beside the standard, and what stands in where they do not.
//
// Nothing else in the core names a compiler, but for the vector kernels, whose intrinsics are those
// of the processor's maker. The stand-ins are plain C++ and always compiled, so that tests compare
// them with the compiler's own; MAKEMORE_PORTABLE makes the whole core use them.
#pragma once

#include <bit>
#include <cfloat>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>

// GCC and clang; clang in the place of MSVC does not call itself GNU.
#if !defined(MAKEMORE_PORTABLE) && (defined(__GNUC__) || defined(__clang__))
#define MAKEMORE_GNU_BUILTINS
#endif

// Vector instructions that every processor of the architecture has.
#if !defined(MAKEMORE_PORTABLE)
#if defined(__SSE2__) || defined(_M_X64)
#define MAKEMORE_SSE2
#elif defined(__aarch64__)
#define MAKEMORE_NEON
#endif
#endif

// What the processor says of itself (MAKEMORE_X86_KERNELS: see core/CMakeLists.txt).
#if defined(MAKEMORE_X86_KERNELS)
#if defined(_MSC_VER)
#include <intrin.h>
#else
#include <cpuid.h>
#endif
#elif defined(MAKEMORE_SSE2) && !defined(MAKEMORE_GNU_BUILTINS)
#include <emmintrin.h>
#endif

namespace makemore {

// Tables are read as bytes in the order in which numbers are written to them, so words would
// differ silently on a big-endian machine.
static_assert(std::endian::native == std::endian::little,
              "makemore_fast is for little-endian machines; big-endian ones are not supported");

// Sizes of files and tables are 64-bit numbers that become sizes in memory.
static_assert(sizeof(void*) == 8, "makemore_fast is for 64-bit machines");

// Seeds promise the same numbers everywhere, so each operation must round to its own type.
static_assert(FLT_EVAL_METHOD == 0, "makemore_fast needs arithmetic that rounds each result");

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

#ifdef MAKEMORE_SSE2
inline void prefetch(const void* place) {
  _mm_prefetch(static_cast<const char*>(place), _MM_HINT_T0);
}
inline void prefetch_to_write(const void* place) { prefetch(place); }
#else
inline void prefetch(const void*) {}
inline void prefetch_to_write(const void*) {}
#endif

#ifdef _MSC_VER
#define MAKEMORE_RESTRICT __restrict
#else
#define MAKEMORE_RESTRICT
#endif
#endif

#ifdef MAKEMORE_X86_KERNELS
// The registers of the instruction CPUID.
struct CpuidAnswer {
  std::uint32_t a, b, c, d;
};
inline CpuidAnswer cpuid(std::uint32_t leaf, std::uint32_t part) {
#if defined(_MSC_VER)
  int registers[4];
  __cpuidex(registers, static_cast<int>(leaf), static_cast<int>(part));
  return std::bit_cast<CpuidAnswer>(registers);
#else
  CpuidAnswer answer{};
  __cpuid_count(leaf, part, answer.a, answer.b, answer.c, answer.d);
  return answer;
#endif
}

// Which registers the system saves (XCR0); only where CPUID says that it can be asked (OSXSAVE).
inline std::uint32_t saved_registers() {
#if defined(_MSC_VER)
  return static_cast<std::uint32_t>(_xgetbv(0));
#else
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
#endif
}
#endif

}  // namespace makemore
