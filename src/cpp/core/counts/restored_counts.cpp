// Checks cells one by one.
#include "counts/restored_counts.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "counts/word_check.hpp"

namespace makemore {
namespace {

[[noreturn]] void fail_cell(std::size_t number, const std::string& problem) {
  throw Error("cell", static_cast<std::int64_t>(number), ": " + problem);
}

}  // namespace

Alphabet ordered_alphabet(std::span<const char32_t> symbols) {
  if (symbols.empty()) throw Error("there is no symbol, not even the boundary");
  Alphabet alphabet(symbols[0], {symbols.begin() + 1, symbols.end()});
  if (!std::equal(symbols.begin(), symbols.end(), alphabet.symbols().begin(),
                  alphabet.symbols().end())) {
    throw Error(
        "the symbols behind the boundary must stand in the order of their code points, "
        "each once");
  }
  return alphabet;
}

RestoredCounts::RestoredCounts(Alphabet alphabet, std::size_t order)
    : alphabet_(std::move(alphabet)) {
  constexpr std::size_t most = 128;  // bits of a key
  if (order > most) throw Error("order " + std::to_string(order) + " is too high");
  layout_ = key_layout(static_cast<unsigned>(order), alphabet_.size());
}

void RestoredCounts::add(std::span<const std::uint32_t> ids, std::span<const std::int64_t> counts,
                         const Poll& poll) {
  const std::size_t n = layout_.order;
  if (ids.size() / n != counts.size() || ids.size() % n != 0) {
    throw Error("there must be " + std::to_string(n) + " ids for each count");
  }
  Pace pace(poll);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    pace.step(n);
    const std::size_t number = cells_.size();
    const std::span<const std::uint32_t> row = ids.subspan(i * n, n);
    WideKey key = 0;
    for (std::size_t j = n; j-- > 0;) {
      if (row[j] >= alphabet_.size()) {
        fail_cell(number, "the id " + std::to_string(row[j]) + " lies outside the alphabet of " +
                              std::to_string(alphabet_.size()) + " symbols");
      }
      if (row[j] == 0 && j > 0 && j < n - 1 && row[j - 1] != 0) {
        fail_cell(number, "no word has a boundary between two of its symbols");
      }
      key = key << layout_.bits | row[j];
    }
    if (counts[i] <= 0) {
      fail_cell(number, "a count must be above zero, got " + std::to_string(counts[i]));
    }
    if (!before_.empty() &&
        !std::lexicographical_compare(before_.begin(), before_.end(), row.begin(), row.end())) {
      fail_cell(number, "cells must stand in the order of their ids, each once");
    }
    before_.assign(row.begin(), row.end());
    if (counts[i] > std::numeric_limits<std::int64_t>::max() - total_) {
      fail_cell(number, "the counts sum to more than 64 bits hold");
    }
    total_ += counts[i];
    cells_.push_back({key, counts[i]});
  }
}

Ngrams RestoredCounts::finish(const Poll& poll) && {
  Ngrams counts(std::move(alphabet_), layout_.order, std::move(cells_), poll);
  check_words(counts, poll);
  return counts;
}

}  // namespace makemore
