// Rows of numbers over the alphabet, four at a time.
//
// A row is filled up to a whole number of four: with zeros, or with what is impossible if it
// holds logarithms that are to be added up. Sums are taken in four lanes that are added at
// the end: so their last digits are the same whatever vectors the machine has.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/compiler.hpp"

namespace makemore {

inline constexpr std::size_t kRowLanes = 4;
inline constexpr float kImpossible = -1000;  // e to the power of it is nothing

// Floats that a row over the alphabet takes.
inline std::size_t row_stride(std::size_t symbols) {
  return (symbols + kRowLanes - 1) / kRowLanes * kRowLanes;
}

// Makes a row of logarithms zero.
inline void clear_row(float* row, std::size_t symbols) {
  std::fill_n(row, symbols, 0.0F);
  std::fill(row + symbols, row + row_stride(symbols), kImpossible);
}

// to += a * from; the two are different rows. Said by whole fours, which is how it is done.
inline void add_scaled(float* MAKEMORE_RESTRICT to, float a, const float* MAKEMORE_RESTRICT from,
                       std::size_t stride) {
  for (std::size_t c = 0; c < stride / kRowLanes * kRowLanes; ++c) to[c] += a * from[c];
}

inline float sum(const float* row, std::size_t stride) {
  float lanes[kRowLanes] = {};
  for (std::size_t c = 0; c < stride; c += kRowLanes) {
    for (std::size_t k = 0; k < kRowLanes; ++k) lanes[k] += row[c + k];
  }
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

inline float dot(const float* a, const float* b, std::size_t stride) {
  float lanes[kRowLanes] = {};
  for (std::size_t c = 0; c < stride; c += kRowLanes) {
    for (std::size_t k = 0; k < kRowLanes; ++k) lanes[k] += a[c + k] * b[c + k];
  }
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

inline float largest(const float* row, std::size_t stride) {
  float lanes[kRowLanes];
  std::copy_n(row, kRowLanes, lanes);
  for (std::size_t c = kRowLanes; c < stride; c += kRowLanes) {
    for (std::size_t k = 0; k < kRowLanes; ++k) {
      lanes[k] = lanes[k] < row[c + k] ? row[c + k] : lanes[k];
    }
  }
  return *std::max_element(lanes, lanes + kRowLanes);
}

}  // namespace makemore
