// Finds the most frequent prefixes: groups of words, the largest split first.
#include "mixture/prefix_rows.hpp"

#include <algorithm>
#include <numeric>
#include <queue>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace makemore {
namespace {

constexpr std::size_t kMostFloats = std::size_t{1} << 19;  // of all rows: they stay in the cache
constexpr std::size_t kMostWords = std::size_t{1} << 17;   // that are looked at

std::size_t most_rows(std::size_t stride) { return std::max<std::size_t>(1, kMostFloats / stride); }

// Words that begin alike.
struct Group {
  std::size_t begin;
  std::size_t end;
  std::size_t length;  // of what they share
  PrefixRows::Prefix shorter;

  // The larger first; of equals the one that stands first, so that the order is always the same.
  bool operator<(const Group& other) const {
    const std::size_t size = end - begin;
    const std::size_t others = other.end - other.begin;
    return size != others ? size < others : begin > other.begin;
  }
};

}  // namespace

PrefixRows::PrefixRows(const WordList& words, std::size_t stride, const Poll& poll) {
  Pace pace(poll);
  const std::size_t most = most_rows(stride);
  table_ = HashTable<Slot>(2 * most + 1);
  const std::uint64_t every = words.total_words() / kMostWords + 1;
  std::vector<std::size_t> order(words.total_words() / every);
  std::size_t held = 0;
  std::uint64_t ends = words.size() == 0 ? 0 : words.times(0);  // the number behind its last time
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (; ends <= i * every; pace.step()) ends += words.times(++held);
    order[i] = held;
  }
  std::priority_queue<Group> groups;
  groups.push({0, order.size(), 0, kEmpty});
  while (!groups.empty() && size() < most) {
    const Group group = groups.top();
    groups.pop();
    pace.step(128 * (group.end - group.begin));
    const std::size_t length = group.length;
    const Prefix prefix =
        append(group.shorter, length == 0 ? 0 : words.word(order[group.begin])[length - 1]);
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(group.begin);
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(group.end);
    // Words that end here go first and belong to no longer prefix.
    const auto next = [&](std::size_t word) {
      const std::span<const std::uint32_t> ids = words.word(word);
      return length < ids.size() ? ids[length] : 0;
    };
    std::sort(begin, end, [&](std::size_t a, std::size_t b) {
      const std::uint32_t next_a = next(a);
      const std::uint32_t next_b = next(b);
      return next_a != next_b ? next_a < next_b : a < b;
    });
    for (auto at = begin; at != end;) {
      const std::uint32_t symbol = next(*at);
      const auto from = at;
      at = std::find_if(at, end, [&](std::size_t word) { return next(word) != symbol; });
      if (symbol == 0 || at - from < 2) continue;
      groups.push({static_cast<std::size_t>(from - order.begin()),
                   static_cast<std::size_t>(at - order.begin()), length + 1, prefix});
    }
  }
}

PrefixRows::PrefixRows(std::vector<Prefix> shorter, std::vector<std::uint32_t> symbols,
                       std::size_t stride, std::size_t alphabet) {
  if (shorter.size() != symbols.size() || shorter.empty() || shorter.size() > most_rows(stride)) {
    throw Error("prefixes: expected 1 to " + std::to_string(most_rows(stride)) + " prefixes, got " +
                std::to_string(symbols.size()));
  }
  table_ = HashTable<Slot>(2 * most_rows(stride) + 1);
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    const bool right = i == 0 ? shorter[i] == kEmpty && symbols[i] == 0
                              : shorter[i] < i && symbols[i] > 0 && symbols[i] < alphabet;
    if (!right) {
      throw Error("prefixes: prefix " + std::to_string(i) + " is prefix " +
                  std::to_string(shorter[i]) + " and symbol " + std::to_string(symbols[i]) +
                  ", which cannot be");
    }
    append(shorter[i], symbols[i]);
  }
}

void PrefixRows::make_rows(std::size_t stride) {
  stride_ = stride;
  rows_.resize(size() * stride_);
}

PrefixRows::Prefix PrefixRows::append(Prefix shorter, std::uint32_t symbol) {
  const auto prefix = static_cast<Prefix>(size());
  shorter_.push_back(shorter);
  symbols_.push_back(symbol);
  if (prefix != kEmpty) table_[table_.find_free(hash(shorter, symbol))] = {prefix};
  return prefix;
}

std::vector<std::uint32_t> PrefixRows::word(Prefix prefix) const {
  std::vector<std::uint32_t> symbols;
  for (; prefix != kEmpty; prefix = shorter_[prefix]) symbols.push_back(symbols_[prefix]);
  std::reverse(symbols.begin(), symbols.end());
  return symbols;
}

}  // namespace makemore
