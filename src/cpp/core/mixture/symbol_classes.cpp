// Counts which symbols stand beside each other, and takes the vowels out one by one.
#include "mixture/symbol_classes.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

#include "base/hash_table.hpp"

namespace makemore {
namespace {

// A table of all pairs is kept for so many symbols; a hash table for more.
constexpr std::size_t kMostInTable = 512;

// Two symbols that stand side by side, in this order.
struct Pair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::int64_t times = 0;

  bool used() const { return times > 0; }
  std::uint64_t hash() const { return hash_of(hash_of(first) ^ second); }
};

// Calls use(a, b, times) for every two different symbols that stand beside each other.
template <class Use>
void each_pair(const WordList& words, Pace& pace, Use&& use) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::span<const std::uint32_t> word = words.word(i);
    const auto times = static_cast<std::int64_t>(words.times(i));
    for (std::size_t t = 1; t < word.size(); ++t) {
      if (word[t - 1] != word[t]) use(word[t - 1], word[t], times);
    }
    pace.step(4 + 2 * word.size());
  }
}

std::vector<Pair> count_pairs(const WordList& words, const Poll& poll, Pace& pace) {
  const std::size_t symbols = words.alphabet().size();
  std::vector<Pair> pairs;
  if (symbols <= kMostInTable) {
    std::vector<std::int64_t> times(symbols * symbols);
    each_pair(words, pace, [&](std::uint32_t a, std::uint32_t b, std::int64_t more) {
      times[std::size_t{a} * symbols + b] += more;
    });
    for (std::uint32_t a = 0; a < symbols; ++a) {
      for (std::uint32_t b = 0; b < symbols; ++b) {
        if (times[a * symbols + b] > 0) pairs.push_back({a, b, times[a * symbols + b]});
      }
    }
    return pairs;
  }
  HashTable<Pair> table;
  each_pair(words, pace, [&](std::uint32_t a, std::uint32_t b, std::int64_t times) {
    const Pair wanted{a, b, 0};
    const std::size_t at = table.find(table.home(wanted.hash()), [&](const Pair& pair) {
      return pair.first == a && pair.second == b;
    });
    if (table[at].used()) {
      table[at].times += times;
    } else {
      table[at] = {a, b, times};
      table.taken(poll);
    }
  });
  for (const Pair& pair : table.slots()) {
    if (pair.used()) pairs.push_back(pair);
    pace.step();
  }
  return pairs;
}

}  // namespace

SymbolClasses::SymbolClasses(const WordList& words, const Poll& poll) {
  Pace pace(poll);
  const std::size_t symbols = words.alphabet().size();
  of_.assign(symbols, kConsonant);
  of_[0] = kBoundary;
  const std::vector<Pair> pairs = count_pairs(words, poll, pace);
  // Where each symbol's neighbours stand in one row.
  std::vector<std::int64_t> sums(symbols);
  std::vector<std::size_t> ends(symbols + 1);
  for (const Pair& pair : pairs) {
    for (const std::uint32_t symbol : {pair.first, pair.second}) {
      sums[symbol] += pair.times;
      ++ends[symbol];
    }
    pace.step();
  }
  std::size_t up_to = 0;
  for (std::size_t& end : ends) up_to += std::exchange(end, up_to);
  struct Neighbour {
    std::uint32_t symbol;
    std::int64_t times;
  };
  std::vector<Neighbour> neighbours(2 * pairs.size());
  for (const Pair& pair : pairs) {
    neighbours[ends[pair.first]++] = {pair.second, pair.times};
    neighbours[ends[pair.second]++] = {pair.first, pair.times};
    pace.step();
  }

  // Sums only fall: what is on top with a sum of before goes back with its sum of now.
  using Sum = std::tuple<std::int64_t, std::int64_t>;  // and the symbol, negative: the first wins
  std::priority_queue<Sum> queue;
  for (std::size_t i = 1; i < symbols; ++i) queue.push({sums[i], -static_cast<std::int64_t>(i)});
  while (!queue.empty()) {
    const auto [sum, negative] = queue.top();
    const auto symbol = static_cast<std::size_t>(-negative);
    queue.pop();
    pace.step(64);
    if (sum <= 0) break;
    if (sum != sums[symbol]) {
      queue.push({sums[symbol], negative});
      continue;
    }
    of_[symbol] = kVowel;
    for (std::size_t i = symbol == 0 ? 0 : ends[symbol - 1]; i < ends[symbol]; ++i) {
      sums[neighbours[i].symbol] -= 2 * neighbours[i].times;
      pace.step();
    }
  }
}

}  // namespace makemore
