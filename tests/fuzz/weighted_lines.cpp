// A text of words and weights, cut anywhere, is counted like the whole.
#include "core/bigrams.hpp"
#include "core/weighted_text_count.hpp"
#include "fuzz.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

Bigrams counted(const std::vector<Bytes>& blocks, bool skip_blank) {
  WeightedLineCounter counter(WeightedCounter({}), skip_blank);
  for (const Bytes block : blocks) counter.add(block);
  counter.end_text();
  return counter.counter().bigrams();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const bool skip_blank = input.number() % 2 == 0;
  const std::uint8_t one = input.number();
  const std::uint8_t two = input.number();
  const Bytes text = input.rest();
  const auto whole = unless_error([&] { return counted({text}, skip_blank); });
  const auto in_blocks = unless_error([&] { return counted(parts(text, one, two), skip_blank); });
  PROMISE(whole == in_blocks);
  return 0;
}
