// Cells from outside are counts or an error: counts exactly if some words have them, which are
// found here and counted again.
#include <algorithm>
#include <map>
#include <vector>

#include "backoff/ngram_model.hpp"
#include "counting/ngram_counter.hpp"
#include "counts/restored_counts.hpp"
#include "fuzz.hpp"
#include "use_model.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

constexpr std::u32string_view kSymbols = U".abcdefg";

struct Row {
  std::vector<std::uint32_t> ids;
  std::int64_t count;
};

Ngrams restored(std::size_t symbols, std::size_t order, const std::vector<Row>& rows) {
  RestoredCounts counts(
      ordered_alphabet(std::vector<char32_t>(
          kSymbols.begin(), kSymbols.begin() + static_cast<std::ptrdiff_t>(symbols))),
      order);
  for (const Row& row : rows) counts.add(row.ids, std::vector{row.count}, {});
  return std::move(counts).finish({});
}

// The n-grams, in the order of their ids.
std::vector<Row> rows_of(const Ngrams& counts) {
  std::vector<Row> rows;
  const KeyLayout layout = counts.layout();
  for (const Ngrams::Item& item : counts.items()) {
    Row row{{}, item.count};
    for (unsigned back = layout.order; back-- > 0;)
      row.ids.push_back(layout.symbol(item.key, back));
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.ids < b.ids; });
  return rows;
}

// Words with these counts, as packed bytes: a circuit through all n-grams from the start, by
// Hierholzer's algorithm.
std::vector<std::uint8_t> words_with(const Ngrams& counts) {
  using Context = std::vector<std::uint32_t>;
  struct Arc {
    std::uint32_t symbol;
    std::int64_t left;
  };
  std::map<Context, std::vector<Arc>> arcs;
  for (const Row& row : rows_of(counts)) {
    arcs[Context(row.ids.begin(), row.ids.end() - 1)].push_back({row.ids.back(), row.count});
  }
  const Context start(counts.order() - 1, 0);
  struct Step {
    Context context;
    std::uint32_t symbol;  // that led to it
  };
  std::vector<Step> path{{start, 0}};
  std::vector<std::uint32_t> circuit;  // backwards
  while (!path.empty()) {
    const Context here = path.back().context;
    std::vector<Arc>& out = arcs[here];
    while (!out.empty() && out.back().left == 0) out.pop_back();
    if (out.empty()) {
      circuit.push_back(path.back().symbol);
      path.pop_back();
      continue;
    }
    --out.back().left;
    const std::uint32_t symbol = out.back().symbol;
    Context next = start;
    if (symbol != 0 && !here.empty()) {  // of order 1 there is one context
      next.assign(here.begin() + 1, here.end());
      next.push_back(symbol);
    }
    path.push_back({std::move(next), symbol});
  }
  circuit.pop_back();  // the start
  std::vector<std::uint8_t> packed;
  for (auto symbol = circuit.rbegin(); symbol != circuit.rend(); ++symbol) {
    packed.push_back(*symbol == 0 ? kWordEnd : static_cast<std::uint8_t>(kSymbols[*symbol]));
  }
  return packed;
}

Ngrams counted(const std::vector<std::uint8_t>& packed, const Alphabet& alphabet, unsigned order) {
  CountOptions options;
  options.alphabet = alphabet;
  NgramCounter counter(options, order);
  counter.add(packed);
  return counter.counts();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t order = 1 + input.number() % 6;
  const std::uint32_t symbols = 1 + input.number() % static_cast<std::uint32_t>(kSymbols.size());
  const std::uint8_t how = input.number();
  const Bytes rest = input.rest();
  const bool as_words = how % 4 == 0;

  std::vector<Row> rows;
  if (as_words) {  // counts of words, some of them changed a little
    std::vector<std::uint8_t> packed;
    for (const std::uint8_t byte : rest) {
      const std::size_t id = byte % symbols;
      packed.push_back(id == 0 ? kWordEnd : static_cast<std::uint8_t>(kSymbols[id]));
    }
    packed.push_back(kWordEnd);
    const Alphabet alphabet = ordered_alphabet(std::vector<char32_t>(
        kSymbols.begin(), kSymbols.begin() + static_cast<std::ptrdiff_t>(symbols)));
    const Ngrams counts = counted(packed, alphabet, static_cast<unsigned>(order));
    rows = rows_of(counts);
    if (how < 128) {
      const auto same = unless_error([&] { return restored(symbols, order, rows); });
      PROMISE(same == counts);
    } else {
      Row& changed = rows[how % rows.size()];
      changed.count += static_cast<std::int8_t>(rest.empty() ? 1 : rest[0]);
      if (rest.size() > 1) changed.ids[rest[1] % order] = rest[1] % (symbols + 1);
    }
  } else {
    for (std::size_t at = 0; at + order < rest.size(); at += order + 1) {
      Row row{{}, static_cast<std::int8_t>(rest[at])};
      for (std::size_t i = 1; i <= order; ++i) {
        row.ids.push_back(rest[at + i] == 0xFF ? 0xFFFFFFFF : rest[at + i] % (symbols + 1));
      }
      rows.push_back(std::move(row));
    }
  }
  if (how % 4 == 1) {
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.ids < b.ids; });
  }

  const auto counts = unless_error([&] { return restored(symbols, order, rows); });
  if (!counts) return 0;
  PROMISE(counted(words_with(*counts), counts->alphabet(), counts->order()) == *counts);
  if (counts->total() == 0) return 0;
  const bool unknown = how % 2 == 0 && counts->alphabet().boundary() != kUnknownSymbol;
  const Alphabet alphabet = unknown ? with_unknown(counts->alphabet()) : counts->alphabet();
  const auto used = unless_error([&] { return in_alphabet(*counts, alphabet); });
  if (!used) return 0;  // of an order that is too high for one symbol more
  const NgramTrie trie(*used);
  use_model(NgramModel(alphabet, kneser_ney(trie, {})), how);
  use_model(NgramModel(alphabet, witten_bell(trie)), how + std::size_t{1});
  use_model(NgramModel(alphabet, add_k(trie, how % 3)), how + std::size_t{2});
  return 0;
}
