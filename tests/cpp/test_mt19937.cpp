// The generator behind torch's streams, against the one of the C++ standard.
#include "torch/mt19937.hpp"

#include <random>
#include <vector>

#include "support.hpp"

using namespace makemore;

TEST_CASE("the 10,000th output of the default seed is the one that the C++ standard gives") {
  Mt19937 generator(5489);
  std::vector<std::uint32_t> spare;
  CHECK(generator.take(10'000, spare)[9'999] == 4'123'659'995);  // [rand.predef]
}

TEST_CASE("a thousand outputs of any seed are those of std::mt19937, taken in any parts") {
  for (const std::uint32_t seed : {0u, 1u, 42u, 5489u, 2147483647u, 4294967295u}) {
    std::mt19937 expected(seed);
    Mt19937 generator(seed);
    std::vector<std::uint32_t> spare;
    std::size_t taken = 0;
    for (std::size_t part = 1; taken < 1000; part = part * 3 % 701) {
      const std::uint32_t* const outputs = generator.take(part, spare);
      for (std::size_t i = 0; i < part; ++i) {
        REQUIRE(outputs[i] == static_cast<std::uint32_t>(expected()));
      }
      taken += part;
    }
  }
}
