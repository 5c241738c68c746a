// Words, chains and weights from outside are a mixture that can be asked for everything, or an
// error.
#include <cstring>
#include <memory>
#include <vector>

#include "fuzz.hpp"
#include "mixture/fit.hpp"
#include "use_model.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

constexpr std::string_view kChains[] = {"h1", "h1 h2 h3", "p15 h1 f0", "f0 f1", "p1"};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint8_t chosen = input.number();
  const std::uint8_t how = input.number();
  std::vector<Chain> chains;
  for (std::size_t i = 0; i < std::size(kChains); ++i) {
    if (chosen >> i & 1) chains.emplace_back(kChains[i]);
  }
  // The weights: some bytes, again and again, as floats.
  std::vector<float> weights(starting_weights(chains).values().size() + how / 250);
  std::vector<float> some(1 + how % 8);
  for (float& number : some) {
    std::uint32_t bits = 0;
    for (int i = 0; i < 4; ++i) bits = bits << 8 | input.number();
    std::memcpy(&number, &bits, 4);
  }
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = some[i % some.size()];
  const Bytes rest = input.rest();
  std::vector<std::uint8_t> packed;
  for (const std::uint8_t byte : rest.first(std::min<std::size_t>(rest.size(), 200))) {
    packed.push_back(byte == 0 ? kWordEnd : byte % 0x80);
  }
  if (!packed.empty()) packed.push_back(kWordEnd);

  const auto model = unless_error([&] {
    const auto words = std::make_shared<WordList>(U'.');
    words->add({packed});
    return refit(words, chains, weights, 1, {});
  });
  if (model) use_model(*model, how);
  return 0;
}
