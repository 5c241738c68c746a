// Goes through the n-grams context by context.
#include "counts/information.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "base/error.hpp"

namespace makemore {
namespace {

// Calls use(n-grams of one context, how often the context was counted), in the order of ids.
template <class Use>
void each_context(const Ngrams& counts, const Poll& poll, Use&& use) {
  const unsigned bits = counts.layout().bits;
  const Ngrams::Items items = forward_items(counts, poll);
  Pace pace(poll);
  for (std::size_t begin = 0; begin < items.size();) {
    const WideKey context = items[begin].key >> bits;
    std::size_t end = begin;
    std::int64_t sum = 0;
    for (; end < items.size() && items[end].key >> bits == context; ++end) {
      sum += items[end].count;
      pace.step(8);
    }
    use(std::span(items).subspan(begin, end - begin), sum);
    begin = end;
  }
}

}  // namespace

double conditional_entropy(const Ngrams& counts, const Poll& poll) {
  if (counts.total() == 0) throw Error("there are no words to measure the entropy of");
  double sum = 0;
  each_context(counts, poll, [&](std::span<const Ngrams::Item> items, std::int64_t context) {
    const auto all = static_cast<double>(context);
    for (const Ngrams::Item& item : items) {
      const auto count = static_cast<double>(item.count);
      sum += count * std::log(all / count);
    }
  });
  return sum / static_cast<double>(counts.total());
}

Buffer<double> mutual_information(const Ngrams& counts, const Poll& poll) {
  const KeyLayout layout = counts.layout();
  const std::uint64_t mask = (std::uint64_t{1} << layout.bits) - 1;
  std::vector<double> last(counts.alphabet().size());
  Pace pace(poll);
  for (const Ngrams::Item& item : counts.items()) {
    last[layout.symbol(item.key, 0)] += static_cast<double>(item.count);
    pace.step(2);
  }
  const auto total = static_cast<double>(counts.total());
  Buffer<double> values;
  values.reserve(counts.items().size());
  each_context(counts, poll, [&](std::span<const Ngrams::Item> items, std::int64_t context) {
    const auto all = static_cast<double>(context);
    for (const Ngrams::Item& item : items) {
      const auto symbol = static_cast<std::size_t>(static_cast<std::uint64_t>(item.key) & mask);
      values.push_back(std::log(static_cast<double>(item.count) / all * (total / last[symbol])));
    }
  });
  return values;
}

}  // namespace makemore
