// The stand-ins for what compilers have beside the standard, against the compiler's own.
#include "base/compiler.hpp"

#include <limits>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

template <class Number>
std::uint64_t high_half(Number number) {
  return static_cast<std::uint64_t>(number >> 64);
}

// Whether both kinds of number are one.
bool same(UInt128 a, portable::UInt128 b) {
  return high_half(a) == high_half(b) &&
         static_cast<std::uint64_t>(a) == static_cast<std::uint64_t>(b);
}

}  // namespace

TEST_CASE("numbers of 128 bits are shifted, joined, subtracted and compared alike") {
  Random random(5);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t parts[] = {random(), random() >> below(random, 64), random(), random()};
    const UInt128 a = UInt128{parts[0]} << 64 | parts[1];
    const UInt128 b = i % 3 == 0 ? a : UInt128{parts[2]} << 64 | parts[3];
    const portable::UInt128 x(parts[0], parts[1]);
    const portable::UInt128 y = i % 3 == 0 ? x : portable::UInt128(parts[2], parts[3]);
    const auto n = static_cast<unsigned>(below(random, 128));
    CAPTURE(n);
    CHECK(same(a, x));
    CHECK(same(~a, ~x));
    CHECK(same(a | b, x | y));
    CHECK(same(a & b, x & y));
    CHECK(same(a ^ b, x ^ y));
    CHECK(same(a - b, x - y));
    CHECK(same(a << n, x << n));
    CHECK(same(a >> n, x >> n));
    CHECK((a < b) == (x < y));
    CHECK((a == b) == (x == y));
    CHECK(static_cast<std::uint32_t>(a) == static_cast<std::uint32_t>(x));
  }
}

TEST_CASE("a number of 128 bits is made of smaller ones and begins at zero") {
  CHECK(portable::UInt128{} == 0);
  CHECK((portable::UInt128{1} << 127 >> 127) == 1);
  CHECK(portable::UInt128{std::uint32_t{7}} == portable::UInt128(0, 7));
  CHECK(portable::UInt128{1} - portable::UInt128{2} == ~portable::UInt128{});
}

TEST_CASE("the high half of a product is that of a smaller number of times") {
  Random random(6);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t a = random() >> below(random, 64);
    const std::uint64_t b = i % 3 == 0 ? ~std::uint64_t{0} : random() >> below(random, 64);
    CHECK(multiply_high(a, b) == portable::multiply_high(a, b));
  }
  CHECK(portable::multiply_high(std::uint64_t{3} << 62, 4) == 3);
}

TEST_CASE("sums and products tell where 64 bits end") {
  const std::int64_t numbers[] = {
      0,         1,    2, 3, 1000, kMost / 3, kMost / 2, kMost / 2 + 1, std::int64_t{1} << 32,
      kMost - 1, kMost};
  for (const std::int64_t a : numbers) {
    for (const std::int64_t b : numbers) {
      CAPTURE(a);
      CAPTURE(b);
      std::int64_t sum = -1, portable_sum = -1, product = -1, portable_product = -1;
      const bool over = add_overflows(a, b, sum);
      CHECK(portable::add_overflows(a, b, portable_sum) == over);
      if (!over) CHECK(sum == portable_sum);
      const bool beyond = multiply_overflows(a, b, product);
      CHECK(portable::multiply_overflows(a, b, portable_product) == beyond);
      if (!beyond) CHECK(product == portable_product);
    }
  }
  std::int64_t out = 0;
  CHECK(add_overflows(kMost, 1, out));
  CHECK(!add_overflows(kMost - 1, 1, out));
  CHECK(multiply_overflows(kMost / 2, 3, out));
}
