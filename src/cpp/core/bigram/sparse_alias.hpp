// The alias tables of alias.hpp for rows of which most columns are alike, never written out.
//
// The same tables, entry by entry: the same draw gives the same symbol. Vose's construction
// goes through the poor columns (below their capacity) and the rich ones from the last to the
// first, and fills each poor one from the rich one whose turn it is. So who fills whom follows
// from sums over the columns behind a place: of what the poor lack (D) and of what the rich
// have to spare (S). The poor column c is filled by the last rich one at which S reaches D
// behind c; a rich column r becomes poor once D exceeds S at r, and is filled by the next.
// Sums are kept at the columns that are special in a row; what lies between is multiplied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "bigram/sparse_rows.hpp"

namespace makemore {

class SparseAliasTables {
 public:
  explicit SparseAliasTables(const SparseRows& rows, const Poll& poll = {});

  // As AliasTables::draw; takes time by the logarithm of what is special in the row.
  std::uint32_t draw(std::uint32_t row, std::uint32_t bits) const;

  // Whether the row has anything to draw.
  bool empty(std::size_t row) const { return rows_[row].empty; }

  // What some draw of a row gives: `special` columns (appended), and of all others those
  // below the column that is returned.
  std::uint32_t possible(std::size_t row, std::vector<std::uint32_t>& special) const;

 private:
  // Of the columns from a place on: what the poor lack, what the rich have to spare, and how
  // many are rich.
  struct Sums {
    std::uint64_t lacking = 0;
    std::uint64_t spare = 0;
    std::uint64_t rich = 0;
  };
  struct Cell {
    std::uint32_t column;
    std::uint32_t lacking;  // of the special columns from this on: below 2^32 as all together
    std::uint32_t spare;
    std::uint32_t rich;
  };
  // Columns that are not special come in three zones of one weight each: [0, up) has one more
  // than [up, end), and from `end` on they weigh nothing.
  struct Row {
    std::size_t begin;  // its cells
    std::uint32_t size;
    std::uint32_t up;
    std::uint32_t end;
    std::uint32_t up_at;  // how many cells stand before `up` and before `end`
    std::uint32_t end_at;
    bool empty;
    std::uint64_t weight;  // of [up, end)
  };
  struct Zone {
    std::uint64_t begin;
    std::uint64_t end;
    std::uint64_t weight;
  };

  void add_row(const SparseRow& row);
  const Cell* cells(const Row& row) const { return cells_.data() + row.begin; }
  Zone zone(const Row& row, unsigned index) const;
  std::uint64_t weight_of(const Row& row, std::uint32_t at) const;
  std::uint64_t lacking(std::uint64_t weight) const {
    return weight < capacity_ ? capacity_ - weight : 0;
  }
  std::uint64_t spare(std::uint64_t weight) const {
    return weight > capacity_ ? weight - capacity_ : 0;
  }
  std::uint32_t cells_before(const Row& row, std::uint64_t column) const;
  Sums sums_from(const Row& row, std::uint64_t column, std::uint32_t at) const;
  std::uint32_t last_where(const Row& row, std::uint64_t Sums::* sum, std::uint64_t wanted) const;

  unsigned bits_;
  std::uint32_t mask_;
  std::uint64_t capacity_;  // draws of a column
  std::vector<Row> rows_;
  std::vector<Cell> cells_;
};

// The weights of integer_weights (alias.hpp) for a row, without writing it out: those of the
// special columns, and for the others one number, with one more below the column `up`.
struct SparseWeights {
  std::vector<std::uint64_t> special;
  std::uint64_t rest;
  std::uint32_t up;
};
SparseWeights sparse_weights(const SparseRow& row);

}  // namespace makemore
