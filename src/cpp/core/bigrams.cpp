// Sorting, looking up and merging sparse cells.
#include "core/bigrams.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace makemore {
namespace {

std::uint64_t key(const Cell& cell) {
  return static_cast<std::uint64_t>(cell.first) << 32 | cell.second;
}

bool before(const Cell& a, const Cell& b) { return key(a) < key(b); }

// The cells of `counts` with the ids that `alphabet` gives; ids grow together, so order stays.
std::vector<Cell> renumbered(const Bigrams& counts, const Alphabet& alphabet) {
  std::vector<Cell> cells = counts.cells();
  if (counts.alphabet() == alphabet) return cells;
  std::vector<std::uint32_t> ids;
  for (const char32_t symbol : counts.alphabet().symbols()) ids.push_back(alphabet.id(symbol));
  for (Cell& cell : cells) {
    cell.first = ids[cell.first];
    cell.second = ids[cell.second];
  }
  return cells;
}

}  // namespace

std::int64_t checked_sum(std::int64_t a, std::int64_t b) {
  if (a > std::numeric_limits<std::int64_t>::max() - b) {
    throw Error("a count went beyond 64 bits");
  }
  return a + b;
}

Bigrams::Bigrams(Alphabet alphabet, std::vector<Cell> cells) : alphabet_(std::move(alphabet)) {
  if (!std::is_sorted(cells.begin(), cells.end(), before)) {
    std::sort(cells.begin(), cells.end(), before);
  }
  cells_.reserve(cells.size());
  for (const Cell& cell : cells) {
    if (cell.first >= alphabet_.size() || cell.second >= alphabet_.size()) {
      throw Error("a bigram's id lies outside the alphabet");
    }
    if (cell.count < 0) throw Error("a count is negative");
    if (cell.count == 0) continue;
    total_ = checked_sum(total_, cell.count);
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

std::int64_t Bigrams::words() const {
  std::int64_t words = 0;
  for (const Cell& cell : cells_) {
    if (cell.first != 0) break;
    words += cell.count;
  }
  return words;
}

Bigrams added(const Bigrams& a, const Bigrams& b) {
  Alphabet alphabet = united(a.alphabet(), b.alphabet());
  const std::vector<Cell> left = renumbered(a, alphabet);
  const std::vector<Cell> right = renumbered(b, alphabet);
  std::vector<Cell> merged(left.size() + right.size());
  std::merge(left.begin(), left.end(), right.begin(), right.end(), merged.begin(), before);
  return Bigrams(std::move(alphabet), std::move(merged));
}

}  // namespace makemore
