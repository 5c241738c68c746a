// Smooths and reshapes rows by their listed columns.
#include "bigram/sparse_rows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace makemore {

double SparseRow::at(std::uint32_t column) const {
  const auto found = std::lower_bound(columns.begin(), columns.end(), column);
  if (found != columns.end() && *found == column) {
    return values[static_cast<std::size_t>(found - columns.begin())];
  }
  return column < rest_end ? rest : 0;
}

SparseRows::SparseRows(const AddK& smoothed, const Poll& poll) {
  const std::size_t v = smoothed.symbols();
  columns_.reserve(smoothed.bigrams().size());
  values_.reserve(smoothed.bigrams().size());
  starts_.resize(v + 1);
  Pace pace(poll);
  for (const Bigram& bigram : smoothed.bigrams()) {
    columns_.push_back(bigram.second);
    values_.push_back(smoothed.seen(bigram));
    ++starts_[bigram.first + 1];
    pace.step(8);
  }
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  rest_.resize(v);
  for (std::size_t a = 0; a < v; ++a) rest_[a] = smoothed.unseen(a);
  rest_end_.assign(v, static_cast<std::uint32_t>(v));
}

SparseRow SparseRows::row(std::size_t row) const {
  const std::size_t begin = starts_[row];
  const std::size_t size = starts_[row + 1] - begin;
  return {std::span(columns_).subspan(begin, size), std::span(values_).subspan(begin, size),
          rest_[row], rest_end_[row]};
}

void SparseRows::truncate(const Truncation& truncation, const Poll& poll) {
  check_truncation(truncation);
  if (truncation.plain(size())) return;
  Pace pace(poll);
  for (std::size_t row = 0; row < size(); ++row) {
    truncate_row(truncation, row);
    pace.step(64 + 64 * (starts_[row + 1] - starts_[row]));
  }
}

void SparseRows::truncate_row(const Truncation& truncation, std::size_t row) {
  const auto columns = std::span(columns_).subspan(starts_[row], starts_[row + 1] - starts_[row]);
  const auto values = std::span(values_).subspan(starts_[row], columns.size());
  double& rest = rest_[row];
  std::uint32_t& rest_end = rest_end_[row];
  const double most =
      std::max(rest, values.empty() ? 0 : *std::max_element(values.begin(), values.end()));
  if (most == 0) return;
  const std::size_t keep = truncation.temperature == 0 ? 1 : truncation.top_k;
  if (keep != 0 && keep < size()) {
    std::vector<std::size_t> order;  // of what is more likely than the rest
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] > rest) order.push_back(i);
    }
    if (keep <= order.size()) {
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
      std::vector<double> kept(values.size());
      for (std::size_t i = 0; i < keep; ++i) kept[order[i]] = values[order[i]];
      std::copy(kept.begin(), kept.end(), values.begin());
      rest = 0;
    } else {
      // And of those like the rest, as many as there is room for, from the lowest id on.
      std::size_t end = keep - order.size();
      for (const std::size_t i : order) end += columns[i] < end;
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] == rest && columns[i] >= end) values[i] = 0;
      }
      rest_end = static_cast<std::uint32_t>(end);
    }
  }
  if (truncation.temperature != 0 && truncation.temperature != 1) {
    const auto warmed = [&](double p) {
      return p > 0 ? std::pow(p / most, 1 / truncation.temperature) : p;
    };
    std::transform(values.begin(), values.end(), values.begin(), warmed);
    rest = warmed(rest);
  }
  double sum = 0;
  std::uint32_t next = 0;  // what stands before is in the sum
  const auto add_rest = [&](std::uint32_t end) {
    if (next < end) sum = added_times(sum, rest, end - next);
  };
  for (std::size_t i = 0; i < columns.size(); ++i) {
    add_rest(std::min(columns[i], rest_end));
    sum += values[i];
    next = columns[i] + 1;
  }
  add_rest(rest_end);
  for (double& value : values) value /= sum;
  rest /= sum;
}

// While a sum stays between two powers of two it is a multiple of one unit, and each addition
// rounds alike: adds the same multiple, from the second addition on (a tie goes to the even
// multiple, after which the next one does the same).
double added_times(double sum, double number, std::uint64_t n) {
  while (n > 0) {
    const double one = sum + number;
    if (one == sum) return sum;
    const double two = one + number;
    const double three = two + number;
    const int exponent = std::ilogb(one);
    if (n < 4 || std::ilogb(three) != exponent) {
      sum = one;
      --n;
      continue;
    }
    const double step = three - two;
    n -= 3;
    sum = three;
    if (step == 0) return sum;
    const double room = std::floor((std::ldexp(1.0, exponent + 1) - three) / step) - 1;
    if (room > 0) {
      const auto steps = static_cast<std::uint64_t>(std::min(room, static_cast<double>(n)));
      sum += static_cast<double>(steps) * step;
      n -= steps;
    }
  }
  return sum;
}

}  // namespace makemore
