// How many ids fit a key.
#include "counts/key_layout.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "base/error.hpp"

namespace makemore {
namespace {

unsigned bits_of(std::size_t symbols) {
  return static_cast<unsigned>(std::bit_width(std::max<std::size_t>(symbols, 2) - 1));
}

}  // namespace

unsigned highest_order(std::size_t symbols) { return 128 / bits_of(symbols); }

KeyLayout key_layout(unsigned order, std::size_t symbols) {
  if (order < 1) throw Error("order must be at least 1, got " + std::to_string(order));
  if (order > highest_order(symbols)) {
    throw Error("order " + std::to_string(order) + " is too high for an alphabet of " +
                std::to_string(symbols) + " symbols; the most is " +
                std::to_string(highest_order(symbols)));
  }
  return {order, bits_of(symbols)};
}

}  // namespace makemore
