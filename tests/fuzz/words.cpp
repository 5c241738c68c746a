// Words in memory, packed or joined, weighted or not, whatever the options, are counted as the
// slow twin counts them: bigrams and n-grams, or the error of the first bad word.
#include "counting/bigram_counter.hpp"
#include "counting/ngram_counter.hpp"
#include "twin.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

using Weights = std::vector<std::int64_t>;

// Words from one on, as the adapters pack them.
struct Packed {
  std::vector<std::uint8_t> bytes;
  std::vector<std::int64_t> weights;
};

std::vector<Packed> packed(const Words& words, std::size_t cut) {
  std::vector<Packed> blocks(2);
  for (const Counted& one : words.words) {
    Packed& block = blocks[static_cast<std::size_t>(one.number) >= cut];
    for (const char32_t symbol : one.word) {
      std::uint8_t buffer[4];
      block.bytes.insert(block.bytes.end(), buffer, encode(symbol, buffer));
    }
    block.bytes.push_back(kWordEnd);
    block.weights.push_back(one.weight);
  }
  return blocks;
}

// Counts words from where they lie as far as that goes, and the others packed.
template <class Offset>
Ngrams joined(const CountOptions& options, const Words& words, std::size_t cut) {
  BigramCounter counter(options);
  for (const Packed& block : packed(words, cut)) {
    std::vector<std::uint8_t> values;
    std::vector<Offset> offsets{0};
    for (const std::uint8_t byte : block.bytes) {
      if (byte != kWordEnd) values.push_back(byte);
      if (byte == kWordEnd) offsets.push_back(static_cast<Offset>(values.size()));
    }
    Joined<Offset> together{};
    together.values = values.data();
    together.offsets = offsets;
    if constexpr (requires { together.size; }) together.size = values.size();
    const std::size_t done = counter.add(together);
    auto rest = block.bytes.begin();
    for (std::size_t i = 0; i < done; ++i) rest = std::find(rest, block.bytes.end(), kWordEnd) + 1;
    counter.add(std::vector(rest, block.bytes.end()));
  }
  return counter.counts();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const unsigned mode = input.number();
  Rules rules = draw_rules(input);
  const std::size_t cut = input.number();
  const unsigned weighing = input.number();

  // Words end at 0xFF in the input, or at 0: fuzzers and people find that easier to write.
  std::vector<std::uint8_t> text(input.rest().begin(), input.rest().end());
  if (mode % 2 != 0) text = grown(text, draw_most(mode));
  text.push_back(0);
  Words words;
  for (auto at = text.begin(); at != text.end();) {
    const auto end =
        std::find_if(at, text.end(), [](auto byte) { return byte == 0 || byte == 0xFF; });
    const auto word = decoded(Bytes(at, end));
    if (!word) return 0;  // no adapter packs it
    const auto number = static_cast<std::int64_t>(words.words.size());
    const std::int64_t weight = weighing % 4 == 0   ? number % 3
                                : weighing % 4 == 1 ? number - weighing / 4
                                : weighing % 4 == 2 ? INT64_MAX / (weighing / 4 + 1)
                                                    : 1;
    words.words.push_back({*word, weight, number});
    at = end + 1;
  }
  Words ones = words;
  for (Counted& one : ones.words) one.weight = 1;
  const std::vector<Packed> blocks = packed(words, cut);

  CountOptions options;
  options.boundary = rules.boundary;
  options.alphabet = rules.given();
  compare(expected(ones, rules), rules.order, [&] {
    NgramCounter counter(options, rules.order);
    for (const Packed& block : blocks) counter.add(block.bytes);
    return counter.counts();
  });
  compare(expected(words, rules), rules.order, [&] {
    NgramCounter counter(options, rules.order);
    for (const Packed& block : blocks) counter.add({block.bytes}, block.weights);
    return counter.counts();
  });

  rules.order = 2;
  const Expected bigrams = expected(ones, rules);
  compare(bigrams, 2, [&] {
    BigramCounter counter(options);
    for (const Packed& block : blocks) counter.add(block.bytes);
    return counter.counts();
  });
  compare(bigrams, 2, [&] { return joined<std::int32_t>(options, ones, cut); });
  compare(bigrams, 2, [&] { return joined<std::int64_t>(options, ones, cut); });
  compare(expected(words, rules), 2, [&] {
    NgramCounter counter(options, 2);
    for (const Packed& block : blocks) counter.add({block.bytes}, block.weights);
    return counter.counts();
  });
  return 0;
}
