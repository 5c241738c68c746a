// A chain's text is a chain or an error; the text of a chain makes the same chain.
#include <string_view>

#include "fuzz.hpp"
#include "mixture/chain.hpp"

using namespace makemore;
using namespace makemore::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto chain = unless_error([&] { return Chain(text); });
  if (!chain) return 0;
  PROMISE(!chain->features().empty());
  PROMISE(Chain(chain->text()) == *chain);
  return 0;
}
