// A text of lines, whatever the options, cut anywhere and by any threads, is counted as the slow
// twin counts it: bigrams and n-grams, or the error of the first bad line.
#include "counting/bigram_counter.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/ngram_text_count.hpp"
#include "counting/text_count.hpp"
#include "twin.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

template <class Counter>
Counter counted(Counter counter, const std::vector<Bytes>& blocks) {
  for (const Bytes block : blocks) counter.add(block);
  counter.end_text();
  return counter;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const unsigned mode = input.number();
  Rules rules = draw_rules(input);
  CountOptions options;
  options.layout = Layout::lines;
  options.skip_blank = mode / 2 % 2 == 0;
  options.boundary = rules.boundary;
  options.alphabet = rules.given();
  const unsigned threads = mode / 4 % 8;  // up to 4, and often none
  Input cuts = input;
  (void)input.number(), (void)input.number();
  const std::vector<std::uint8_t> text = mode / 32 % 2 == 0
                                             ? std::vector(input.rest().begin(), input.rest().end())
                                             : grown(input.rest(), draw_most(mode));
  const std::vector<Bytes> blocks = draw_blocks(cuts, text, mode);
  const std::size_t piece = std::max<std::size_t>(4 + mode % 64, text.size() / 64);

  const Words words = words_of_lines(text, options.skip_blank);
  const Expected ngrams = expected(words, rules);
  compare(ngrams, rules.order,
          [&] { return counted(NgramCounter(options, rules.order), blocks).counts(); });
  if (threads >= 1 && threads <= 4) {
    compare(ngrams, rules.order, [&] {
      return count_ngrams(options, rules.order, text.size(), copying_reader_of(text), threads, {},
                          piece);
    });
  }

  rules.order = 2;
  const Expected bigrams = expected(words, rules);
  compare(bigrams, 2, [&] { return counted(BigramCounter(options), blocks).counts(); });
  if (threads >= 1 && threads <= 4) {
    compare(bigrams, 2, [&] {
      return count_text(options, text.size(), copying_reader_of(text), threads, {}, piece);
    });
  }
  return 0;
}
