// Rows of probabilities of which most are alike: those of a large alphabet, smoothed.
//
// A row lists the columns that are special (the bigrams that were seen); every other column
// has the row's `rest`, or nothing from the column `rest_end` on. Takes memory by what was
// seen. What is done to such rows gives the same numbers, to the last bit, as doing it to
// rows written out (language_model.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "bigram/add_k.hpp"
#include "models/language_model.hpp"

namespace makemore {

struct SparseRow {
  std::span<const std::uint32_t> columns;  // ascending
  std::span<const double> values;          // none below rest, but for 0
  double rest;
  std::uint32_t rest_end;

  double at(std::uint32_t column) const;
};

class SparseRows {
 public:
  // The smoothed probabilities.
  explicit SparseRows(const AddK& smoothed, const Poll& poll = {});

  std::size_t size() const { return rest_.size(); }
  std::size_t cells() const { return columns_.size(); }  // of all rows
  SparseRow row(std::size_t row) const;

  // Truncates every row.
  void truncate(const Truncation& truncation, const Poll& poll = {});

  // Applies a function to every probability; the rest where it is nothing stays so.
  template <class Function>
  void transform(Function&& function, const Poll& poll = {}) {
    Pace pace(poll);
    for (double& value : values_) {
      value = function(value);
      pace.step(16);
    }
    for (double& value : rest_) value = function(value);
  }

 private:
  void truncate_row(const Truncation& truncation, std::size_t row);

  std::vector<std::size_t> starts_;  // row a: columns_[starts_[a]] to columns_[starts_[a + 1]]
  std::vector<std::uint32_t> columns_;
  std::vector<double> values_;
  std::vector<double> rest_;
  std::vector<std::uint32_t> rest_end_;
};

// What `sum` becomes by adding a number (not below zero) n times, with the rounding of each
// addition, but in few steps.
double added_times(double sum, double number, std::uint64_t n);

}  // namespace makemore
