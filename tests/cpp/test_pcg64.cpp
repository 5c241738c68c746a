// The seeds of streams, against what NumPy 2 prints: PCG64(number).random_raw(2).
#include "sampling/pcg64.hpp"

#include "support.hpp"

using namespace makemore;

TEST_CASE("the outputs are those of NumPy's PCG64 of the same number") {
  struct Known {
    std::uint64_t number, first, second;
  };
  for (const auto& [number, first, second] : {
           Known{0, 11749869230777074271u, 4976686463289251617u},
           Known{42, 14276969152011380360u, 8095878257575067585u},
           Known{std::uint64_t{1} << 32, 16412783775159424549u, 10277383025879800780u},
           Known{~std::uint64_t{0}, 12544278110101001871u, 15593249672699323225u},
       }) {
    Pcg64 generator(number);
    CHECK(generator() == first);
    CHECK(generator() == second);
    CHECK(stream_seed(number) == (first ^ second << 32));
  }
}
