// Sorting, looking up and merging sparse cells.
#include "counts/bigrams.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/sort_by_key.hpp"

namespace makemore {
namespace {

std::uint64_t key(const Cell& cell) {
  return static_cast<std::uint64_t>(cell.first) << 32 | cell.second;
}

bool before(const Cell& a, const Cell& b) { return key(a) < key(b); }

// The ids of an alphabet's symbols in another that holds them all; the order stays.
std::vector<std::uint32_t> ids_in(const Alphabet& larger, const Alphabet& alphabet) {
  std::vector<std::uint32_t> ids;
  ids.reserve(alphabet.size());
  for (const char32_t symbol : alphabet.symbols()) ids.push_back(larger.id(symbol));
  return ids;
}

}  // namespace

std::int64_t checked_sum(std::int64_t a, std::int64_t b) {
  if (a > std::numeric_limits<std::int64_t>::max() - b) {
    throw Error("a count went beyond 64 bits");
  }
  return a + b;
}

Bigrams::Bigrams(Alphabet alphabet, std::vector<Cell> cells, const Poll& poll)
    : alphabet_(std::move(alphabet)) {
  sort_by_key(cells, 64, key, poll);
  cells_.reserve(cells.size());
  Pace pace(poll);
  for (const Cell& cell : cells) {
    pace.step();
    if (cell.first >= alphabet_.size() || cell.second >= alphabet_.size()) {
      throw Error("a bigram's id lies outside the alphabet");
    }
    if (cell.count < 0) throw Error("a count is negative");
    if (cell.count == 0) continue;
    total_ = checked_sum(total_, cell.count);
    if (cell.first == 0) words_ += cell.count;
    if (!cells_.empty() && key(cells_.back()) == key(cell)) {
      cells_.back().count += cell.count;
    } else {
      cells_.push_back(cell);
    }
  }
}

std::int64_t Bigrams::at(std::uint32_t first, std::uint32_t second) const {
  const Cell wanted{first, second, 0};
  const auto found = std::lower_bound(cells_.begin(), cells_.end(), wanted, before);
  return found != cells_.end() && key(*found) == key(wanted) ? found->count : 0;
}

Bigrams added(const Bigrams& a, const Bigrams& b, const Poll& poll) {
  Alphabet alphabet = united(a.alphabet(), b.alphabet());
  const std::vector<std::uint32_t> left = ids_in(alphabet, a.alphabet());
  const std::vector<std::uint32_t> right = ids_in(alphabet, b.alphabet());
  const auto renumbered = [](const Cell& cell, const std::vector<std::uint32_t>& ids) {
    return Cell{ids[cell.first], ids[cell.second], cell.count};
  };
  std::vector<Cell> merged;
  merged.reserve(a.cells().size() + b.cells().size());
  Pace pace(poll);
  auto one = a.cells().begin();
  auto other = b.cells().begin();
  while (one != a.cells().end() || other != b.cells().end()) {
    pace.step();
    if (other == b.cells().end() ||
        (one != a.cells().end() && key(renumbered(*one, left)) < key(renumbered(*other, right)))) {
      merged.push_back(renumbered(*one++, left));
    } else {
      merged.push_back(renumbered(*other++, right));
    }
  }
  return Bigrams(std::move(alphabet), std::move(merged), poll);
}

}  // namespace makemore
