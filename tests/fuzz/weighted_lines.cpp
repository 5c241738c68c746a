// A text of words and weights, whatever the options, cut anywhere and by any threads, is counted
// as the slow twin counts it: bigrams and n-grams, or the error of the first bad line.
#include "counting/weighted_text_count.hpp"
#include "twin.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

Ngrams counted(const CountOptions& options, unsigned order, const std::vector<Bytes>& blocks,
               bool skip_blank) {
  WeightedLineCounter counter(NgramCounter(options, order), skip_blank);
  for (const Bytes block : blocks) counter.add(block);
  counter.end_text();
  return counter.counts();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const unsigned mode = input.number();
  Rules rules = draw_rules(input);
  const bool skip_blank = mode / 2 % 2 == 0;
  const unsigned threads = mode / 4 % 8;  // up to 4, and often none
  Input cuts = input;
  (void)input.number(), (void)input.number();
  const std::vector<std::uint8_t> text = mode / 32 % 2 == 0
                                             ? std::vector(input.rest().begin(), input.rest().end())
                                             : grown(input.rest(), draw_most(mode));
  const std::vector<Bytes> blocks = draw_blocks(cuts, text, mode);
  const std::size_t piece = std::max<std::size_t>(4 + mode % 64, text.size() / 64);

  CountOptions options;
  options.boundary = rules.boundary;
  options.alphabet = rules.given();
  const Words words = words_of_weighted_lines(text, skip_blank);
  for (const unsigned order : {rules.order, 2U}) {
    rules.order = order;
    const Expected grams = expected(words, rules);
    compare(grams, order, [&] { return counted(options, order, blocks, skip_blank); });
    if (threads < 1 || threads > 4) continue;
    compare(grams, order, [&] {
      return count_weighted(options, order, skip_blank, text.size(), copying_reader_of(text),
                            threads, {}, piece);
    });
  }
  return 0;
}
