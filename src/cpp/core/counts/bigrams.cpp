// A sort by the first symbol; by the second, counts are sorted already.
#include "counts/bigrams.hpp"

#include <numeric>
#include <string>
#include <vector>

#include "base/compiler.hpp"
#include "base/error.hpp"

namespace makemore {

Buffer<Bigram> bigram_rows(const Ngrams& counts, const Poll& poll) {
  constexpr std::size_t misses = 8;  // a step that waits for memory counts for as many
  constexpr std::size_t ahead = 16;  // bigrams whose memory is asked for
  const KeyLayout layout = counts.layout();
  if (layout.order != 2) {
    throw Error("counts of order " + std::to_string(layout.order) + " are no bigrams");
  }
  const auto bigram = [&](const Ngrams::Item& item) {
    const auto key = static_cast<std::uint64_t>(item.key);  // of two ids, that is all
    return Bigram{layout.symbol(key, 1), layout.symbol(key, 0), item.count};
  };
  const Ngrams::Items& items = counts.items();
  std::vector<std::size_t> places(counts.alphabet().size() + 1);
  Pace pace(poll);
  for (const Ngrams::Item& item : items) {
    ++places[bigram(item).first + 1];
    pace.step();
  }
  std::partial_sum(places.begin(), places.end(), places.begin());
  Buffer<Bigram> rows(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i + ahead < items.size()) {
      prefetch_to_write(rows.data() + places[bigram(items[i + ahead]).first]);
    }
    const Bigram one = bigram(items[i]);
    rows[places[one.first]++] = one;
    pace.step(misses);
  }
  return rows;
}

}  // namespace makemore
