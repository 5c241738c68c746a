// The generator, against the known answers published with Random123 (kat_vectors).
#include "sampling/philox.hpp"

#include <set>

#include "support.hpp"

using namespace makemore;

TEST_CASE("philox gives the published known answers") {
  CHECK(philox4x32({0, 0, 0, 0}, 0) == PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffffffffffff) ==
        PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  // The key's first word is the low half.
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822) ==
        PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("every bit of counter and key changes every word of the output") {
  const PhiloxBlock base = philox4x32({0, 0, 0, 0}, 0);
  std::set<PhiloxBlock> seen{base};
  for (unsigned bit = 0; bit < 192; ++bit) {
    PhiloxBlock counter{};
    std::uint64_t key = 0;
    if (bit < 128) {
      counter[bit / 32] = std::uint32_t{1} << bit % 32;
    } else {
      key = std::uint64_t{1} << (bit - 128);
    }
    const PhiloxBlock other = philox4x32(counter, key);
    for (std::size_t i = 0; i < 4; ++i) CHECK(other[i] != base[i]);
    seen.insert(other);
  }
  CHECK(seen.size() == 193);
}
