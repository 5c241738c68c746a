// Apportions weights by largest remainders, and looks up alias tables that are never written out.
#include "bigram/sparse_alias.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "sampling/alias.hpp"

namespace makemore {
namespace {

constexpr std::uint64_t kDraws = std::uint64_t{1} << 32;

struct Share {
  std::uint64_t whole;
  double remainder;
};

Share share_of(double probability) {
  const double exact = draws_of(probability);
  const double whole = std::floor(exact);
  return {static_cast<std::uint64_t>(whole), exact - whole};
}

}  // namespace

SparseWeights sparse_weights(const SparseRow& row) {
  const std::size_t n = row.columns.size();
  const Share rest = share_of(row.rest);
  SparseWeights weights{std::vector<std::uint64_t>(n), rest.whole, 0};
  std::vector<double> remainders(n);
  std::vector<std::size_t> order;      // the special columns that may get one more
  std::uint64_t alike = row.rest_end;  // columns that have the rest
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Share share = share_of(row.values[i]);
    weights.special[i] = share.whole;
    remainders[i] = share.remainder;
    sum += share.whole;
    alike -= row.columns[i] < row.rest_end;
    if (share.remainder > 0) order.push_back(i);
  }
  sum += alike * rest.whole;
  if (sum == 0) return weights;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });

  std::uint64_t missing = sum < kDraws ? kDraws - sum : 0;
  auto next = order.begin();
  const auto give = [&](auto&& good) {
    for (; missing > 0 && next != order.end() && good(*next); ++next, --missing) {
      ++weights.special[*next];
    }
  };
  give([&](std::size_t i) { return remainders[i] > rest.remainder; });
  if (rest.remainder > 0 && missing > 0) {
    // Those like the rest have their turn by column, the special ones among them too: below
    // `end` stand as many as are missing.
    const auto like = [&](std::size_t i) { return remainders[i] == rest.remainder; };
    std::uint64_t end = missing;
    for (std::size_t i = 0; i < n; ++i) end += !like(i) && row.columns[i] < end;
    end = std::min<std::uint64_t>(end, row.rest_end);
    std::uint64_t alike_below = end;
    for (std::size_t i = 0; i < n; ++i) alike_below -= row.columns[i] < end;
    weights.up = static_cast<std::uint32_t>(end);
    missing -= alike_below;
    give(like);
  }
  give([](std::size_t) { return true; });
  return weights;
}

SparseAliasTables::SparseAliasTables(const SparseRows& rows, const Poll& poll)
    : bits_(static_cast<unsigned>(std::bit_width(rows.size() - 1))),
      mask_((std::uint32_t{1} << bits_) - 1),
      capacity_(kDraws >> bits_) {
  rows_.reserve(rows.size());
  cells_.reserve(rows.cells());
  Pace pace(poll);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    add_row(rows.row(row));
    pace.step(64 + 32 * rows.row(row).columns.size());
  }
}

void SparseAliasTables::add_row(const SparseRow& row) {
  const SparseWeights weights = sparse_weights(row);
  const auto n = static_cast<std::uint32_t>(row.columns.size());
  const auto before = [&](std::uint32_t column) {
    return static_cast<std::uint32_t>(
        std::lower_bound(row.columns.begin(), row.columns.end(), column) - row.columns.begin());
  };
  const bool empty = weights.rest == 0 && weights.up == 0 &&
                     std::all_of(weights.special.begin(), weights.special.end(),
                                 [](std::uint64_t weight) { return weight == 0; });
  rows_.push_back({cells_.size(), n, weights.up, row.rest_end, before(weights.up),
                   before(row.rest_end), empty, weights.rest});
  cells_.resize(cells_.size() + n);
  Cell* const cells = cells_.data() + rows_.back().begin;
  Sums sums;
  for (std::uint32_t i = n; i-- > 0;) {
    const std::uint64_t weight = weights.special[i];
    sums.lacking += lacking(weight);
    sums.spare += spare(weight);
    sums.rich += weight >= capacity_;
    cells[i] = {row.columns[i], static_cast<std::uint32_t>(sums.lacking),
                static_cast<std::uint32_t>(sums.spare), static_cast<std::uint32_t>(sums.rich)};
  }
}

SparseAliasTables::Zone SparseAliasTables::zone(const Row& row, unsigned index) const {
  switch (index) {
    case 0: return {0, row.up, row.weight + 1};
    case 1: return {row.up, row.end, row.weight};
    default: return {row.end, std::uint64_t{1} << bits_, 0};
  }
}

// The weight of a special column, from the sums with it and without it.
std::uint64_t SparseAliasTables::weight_of(const Row& row, std::uint32_t at) const {
  const Cell& cell = cells(row)[at];
  const Cell behind = at + 1 < row.size ? cells(row)[at + 1] : Cell{};
  return capacity_ + (cell.spare - behind.spare) - (cell.lacking - behind.lacking);
}

// How many special columns of a row stand before a column.
std::uint32_t SparseAliasTables::cells_before(const Row& row, std::uint64_t column) const {
  const Cell* const begin = cells(row);
  const Cell* const found =
      std::lower_bound(begin, begin + row.size, column,
                       [](const Cell& cell, std::uint64_t wanted) { return cell.column < wanted; });
  return static_cast<std::uint32_t>(found - begin);
}

// `at`: how many special columns stand before the column.
SparseAliasTables::Sums SparseAliasTables::sums_from(const Row& row, std::uint64_t column,
                                                     std::uint32_t at) const {
  Sums sums;
  if (at < row.size) {
    const Cell& cell = cells(row)[at];
    sums = {cell.lacking, cell.spare, cell.rich};
  }
  const std::uint32_t zone_at[] = {0, row.up_at, row.end_at, row.size};
  for (unsigned i = 0; i < 3; ++i) {
    const Zone now = zone(row, i);
    const std::uint64_t begin = std::max(column, now.begin);
    if (begin >= now.end) continue;
    const std::uint64_t columns =
        now.end - begin - (zone_at[i + 1] - std::max(at, zone_at[i]));  // not special
    sums.lacking += columns * lacking(now.weight);
    sums.spare += columns * spare(now.weight);
    sums.rich += columns * (now.weight >= capacity_);
  }
  return sums;
}

// The last column from which on one of the sums reaches what is wanted, which is above 0 and
// not above the sum of all.
std::uint32_t SparseAliasTables::last_where(const Row& row, std::uint64_t Sums::* sum,
                                            std::uint64_t wanted) const {
  // Special columns before `low` reach it, those from `high` on do not.
  std::uint32_t low = 0;
  std::uint32_t high = row.size;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (sums_from(row, cells(row)[middle].column, middle).*sum >= wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const std::uint64_t begin = low == 0 ? 0 : std::uint64_t{cells(row)[low - 1].column} + 1;
  std::uint64_t end = std::uint64_t{1} << bits_;
  std::uint64_t reached = 0;
  if (low < row.size) {
    end = cells(row)[low].column;
    reached = sums_from(row, end, low).*sum;
  }
  for (unsigned i = 3; i-- > 0;) {
    const Zone now = zone(row, i);
    const std::uint64_t first = std::max(begin, now.begin);
    const std::uint64_t last = std::min(end, now.end);
    if (first >= last) continue;
    const Sums one{lacking(now.weight), spare(now.weight), now.weight >= capacity_};
    const std::uint64_t all = (last - first) * (one.*sum);
    if (reached + all >= wanted) {
      const std::uint64_t columns = (wanted - reached + one.*sum - 1) / (one.*sum);
      return static_cast<std::uint32_t>(last - columns);
    }
    reached += all;
  }
  return low == 0 ? 0 : static_cast<std::uint32_t>(begin - 1);
}

std::uint32_t SparseAliasTables::draw(std::uint32_t row_number, std::uint32_t bits) const {
  const Row& row = rows_[row_number];
  const std::uint32_t column = bits & mask_;
  const std::uint64_t own = bits >> bits_;  // of the column's draws
  const std::uint32_t at = cells_before(row, column);
  const bool special = at < row.size && cells(row)[at].column == column;
  const std::uint64_t weight = special ? weight_of(row, at)
                                       : zone(row, column < row.up    ? 0
                                                   : column < row.end ? 1
                                                                      : 2)
                                             .weight;
  if (weight < capacity_) {
    if (own < weight) return column;
    const std::uint64_t behind = sums_from(row, column, at).lacking - (capacity_ - weight);
    return behind == 0 ? last_where(row, &Sums::rich, 1) : last_where(row, &Sums::spare, behind);
  }
  const Sums here = sums_from(row, column, at);
  if (sums_from(row, 0, 0).lacking <= here.spare) return column;  // stays rich to the end
  const std::uint32_t poor = last_where(row, &Sums::lacking, here.spare + 1);
  const std::uint64_t filled = sums_from(row, poor, cells_before(row, poor)).lacking;
  if (own < capacity_ + here.spare - filled) return column;
  return last_where(row, &Sums::rich, here.rich + 1);
}

std::uint32_t SparseAliasTables::possible(std::size_t row_number,
                                          std::vector<std::uint32_t>& special) const {
  const Row& row = rows_[row_number];
  for (std::uint32_t i = 0; i < row.size; ++i) {
    if (weight_of(row, i) > 0) special.push_back(cells(row)[i].column);
  }
  return row.weight > 0 ? row.end : row.up;
}

}  // namespace makemore
