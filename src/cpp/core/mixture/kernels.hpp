// The arithmetic on rows of floats that predicting and learning are made of.
//
// Rows are filled up to whole numbers of 32 floats (symbols) or 16 (levels). Every variant does the
// same operations on the same numbers in the same order, sums in 16 lanes that are added up at the
// end, none fused: so the results are the same bits on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mixture/level_rows.hpp"

namespace makemore {

inline constexpr std::size_t kLanes = 16;
inline constexpr float kImpossible = -1000;  // below what is largest: e^it is nothing

inline std::size_t symbol_stride(std::size_t symbols) {
  return (symbols + kBlockSymbols - 1) / kBlockSymbols * kBlockSymbols;
}
inline std::size_t level_stride(std::size_t levels) {
  return (levels + kLanes - 1) / kLanes * kLanes;
}

struct MixtureKernels {
  // For each of n symbols that a node has seen, with what it keeps of their counts and what its
  // parent predicts: x = ln(1 + kept / (share above)), q = scale (kept + share above). Reads and
  // writes whole vectors.
  void (*raise)(const float* kept, const float* above, float share, float scale, float* x, float* q,
                std::size_t n);

  // z(c) += (a[i] + weights[i](c)) x_i(c) for all inputs i.
  void (*add_rows)(const RowInput* inputs, const float* a, const float* const* weights,
                   std::size_t n, float* z, std::size_t stride);

  // ln of what e^z is of the sum over all symbols, in place.
  void (*log_shares)(float* z, std::size_t symbols);

  // For the gradient r of z: slopes[i] = sum over c of r(c) x_i(c); and with g = r(c) x_i(c),
  // h(c) += g^2 and w(c) += rate g s(c), where the rows w, h and s stand one behind another.
  void (*learn_rows)(const RowInput* inputs, float* const* weights, std::size_t n, const float* r,
                     float rate, float* slopes, std::size_t stride);

  // The same for numbers by level that each have a slope: h += g^2, w += rate g / sqrt(h), or
  // w += rate g s with s = 1 / sqrt(h) as it was when it was last refreshed.
  void (*learn)(float* w, float* h, const float* slopes, float rate, std::size_t n);
  void (*learn_scaled)(float* w, float* h, float* s, const float* slopes, float rate, bool refresh,
                       std::size_t n);

  // s = 1 / sqrt(h).
  void (*refresh)(float* s, const float* h, std::size_t n);

  // sum[k] = the sum of rows[i][k] over i, in their order.
  void (*sum_rows)(const float* const* rows, std::size_t number, float* sum, std::size_t n);

  // e^(z - what is largest), in place; returns their sum.
  float (*exponentials)(float* z, std::size_t symbols);
};

// The variant of the active instruction set (cpu.hpp).
const MixtureKernels& mixture_kernels();

}  // namespace makemore
