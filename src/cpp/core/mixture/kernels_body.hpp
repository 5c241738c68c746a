// The one algorithm behind every variant of the kernels; each variant's file gives the vectors.
//
// `F` is a vector of 16 floats with the operations used below. Included once by each variant;
// everything has internal linkage, since code made for one instruction set must never be what the
// linker picks for another.
#pragma once

#include <bit>
#include <cstring>

#include "mixture/kernels.hpp"

namespace makemore {
namespace {

// The numbers of one block of a row: two vectors.
template <class F>
struct Block {
  F low;
  F high;
};

// Reads a block's numbers from the words behind its bits, with the input's other number in place,
// and moves behind them.
template <class F>
inline Block<F> read_block(const std::uint32_t*& words, std::uint32_t block, std::uint32_t bits,
                           const RowInput& input) {
  const std::uint32_t low_bits = bits & 0xFFFF;
  const std::uint32_t high_bits = bits >> 16;
  const auto in_low = static_cast<std::uint32_t>(std::popcount(low_bits));
  Block<F> x{F::expand(low_bits, words), F::expand(high_bits, words + in_low)};
  words += in_low + static_cast<std::uint32_t>(std::popcount(high_bits));
  const std::uint32_t other =
      input.other_symbol - static_cast<std::uint32_t>(kBlockSymbols) * block;
  x.low = x.low.replaced(other, input.other);
  x.high = x.high.replaced(other - 16, input.other);
  return x;
}

template <class F>
void add_rows(const RowInput* inputs, const float* a, const float* const* weights, std::size_t n,
              float* z, std::size_t stride) {
  if (stride == kBlockSymbols) {  // one block: z stays in registers
    F low = F::load(z);
    F high = F::load(z + 16);
    for (std::size_t i = 0; i < n; ++i) {
      if (inputs[i].blocks == 0) continue;
      const std::uint32_t* words = inputs[i].words + 2;
      const Block<F> x = read_block<F>(words, 0, inputs[i].words[1], inputs[i]);
      const F of_all = F::all(a[i]);
      low = low + (of_all + F::load(weights[i])) * x.low;
      high = high + (of_all + F::load(weights[i] + 16)) * x.high;
    }
    low.store(z);
    high.store(z + 16);
    return;
  }
  F first_low = F::load(z);  // most rows have the first block, whose z stays in registers
  F first_high = F::load(z + 16);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t* words = inputs[i].words;
    const F of_all = F::all(a[i]);
    std::uint32_t b = 0;
    if (inputs[i].blocks > 0 && words[0] == 0) {
      const std::uint32_t bits = words[1];
      words += 2;
      const Block<F> x = read_block<F>(words, 0, bits, inputs[i]);
      first_low = first_low + (of_all + F::load(weights[i])) * x.low;
      first_high = first_high + (of_all + F::load(weights[i] + 16)) * x.high;
      b = 1;
    }
    for (; b < inputs[i].blocks; ++b) {
      const std::uint32_t block = words[0];
      const std::uint32_t bits = words[1];
      words += 2;
      const Block<F> x = read_block<F>(words, block, bits, inputs[i]);
      float* const to = z + kBlockSymbols * block;
      const float* const w = weights[i] + kBlockSymbols * block;
      (F::load(to) + (of_all + F::load(w)) * x.low).store(to);
      (F::load(to + 16) + (of_all + F::load(w + 16)) * x.high).store(to + 16);
    }
  }
  first_low.store(z);
  first_high.store(z + 16);
}

template <class F>
inline F learned(F x, const float* r, float* w, std::size_t stride, F rate) {
  const F g = F::load(r) * x;
  const F s = F::load(w + 2 * stride);
  (F::load(w + stride) + g * g).store(w + stride);
  (F::load(w) + rate * g * s).store(w);
  return g;
}

template <class F>
void learn_rows(const RowInput* inputs, float* const* weights, std::size_t n, const float* r,
                float rate, float* slopes, std::size_t stride) {
  const F of_all = F::all(rate);
  if (stride == kBlockSymbols) {
    for (std::size_t i = 0; i < n; ++i) {
      slopes[i] = 0;
      if (inputs[i].blocks == 0) continue;
      const std::uint32_t* words = inputs[i].words + 2;
      const Block<F> x = read_block<F>(words, 0, inputs[i].words[1], inputs[i]);
      const F low = learned(x.low, r, weights[i], kBlockSymbols, of_all);
      const F high = learned(x.high, r + 16, weights[i] + 16, kBlockSymbols, of_all);
      slopes[i] = (low + high).sum();
    }
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t* words = inputs[i].words;
    F sum = F::all(0);
    for (std::uint32_t b = 0; b < inputs[i].blocks; ++b) {
      const std::uint32_t block = words[0];
      const std::uint32_t bits = words[1];
      words += 2;
      const Block<F> x = read_block<F>(words, block, bits, inputs[i]);
      const std::size_t at = kBlockSymbols * block;
      const F low = learned(x.low, r + at, weights[i] + at, stride, of_all);
      const F high = learned(x.high, r + at + 16, weights[i] + at + 16, stride, of_all);
      sum = sum + (low + high);
    }
    slopes[i] = sum.sum();
  }
}

// fast_exp of fast_math.hpp, a vector at a time.
template <class F>
inline F exponential(F x) {
  x = F::greater(x, F::all(-87.0F));
  const F rounder = F::all(12582912.0F);
  const F k = (x * F::all(1.44269504F) + rounder) - rounder;
  const F r = (x - k * F::all(0.693145752F)) - k * F::all(1.42860677e-6F);
  const F one = F::all(1);
  F series = F::all(1.0F / 120) + r * F::all(1.0F / 720);
  series = F::all(1.0F / 24) + r * series;
  series = F::all(1.0F / 6) + r * series;
  series = F::all(1.0F / 2) + r * series;
  series = one + r * series;
  series = one + r * series;
  return series * F::power_of_two(k);
}

// fast_log of fast_math.hpp, a vector at a time.
template <class F>
inline F logarithm(F x) {
  F k = x;
  const F m = F::fraction(x, k);
  const F s = (m - F::all(1)) / (m + F::all(1));
  const F q = s * s;
  F series = F::all(1.0F / 7) + q * F::all(1.0F / 9);
  series = F::all(1.0F / 5) + q * series;
  series = F::all(1.0F / 3) + q * series;
  series = F::all(1) + q * series;
  return k * F::all(0.69314718F) + (F::all(2) * s) * series;
}

template <class F>
void raise(const float* kept, const float* above, float share, float scale, float* x, float* q,
           std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    const F own = F::load(kept + i);
    const F from_above = F::all(share) * F::load(above + i);
    logarithm(F::all(1) + own / from_above).store(x + i);
    ((own + from_above) * F::all(scale)).store(q + i);
  }
}

// What is largest of a row. What fills it up is made so small beside it that it counts for nothing.
template <class F>
inline float largest(float* z, std::size_t symbols, std::size_t stride) {
  for (std::size_t c = symbols; c < stride; ++c) z[c] = z[0];
  F most = F::load(z);
  for (std::size_t c = kLanes; c < stride; c += kLanes) most = F::greater(most, F::load(z + c));
  const float of_all = most.largest();
  for (std::size_t c = symbols; c < stride; ++c) z[c] = of_all + kImpossible;
  return of_all;
}

template <class F>
float exponentials(float* z, std::size_t symbols) {
  const std::size_t stride = symbol_stride(symbols);
  const F most = F::all(largest<F>(z, symbols, stride));
  F sum = F::all(0);
  for (std::size_t c = 0; c < stride; c += kLanes) {
    const F e = exponential(F::load(z + c) - most);
    e.store(z + c);
    sum = sum + e;
  }
  return sum.sum();
}

template <class F>
void log_shares(float* z, std::size_t symbols) {
  const std::size_t stride = symbol_stride(symbols);
  const F most = F::all(largest<F>(z, symbols, stride));
  F sum = F::all(0);
  for (std::size_t c = 0; c < stride; c += kLanes) {
    sum = sum + exponential(F::load(z + c) - most);
  }
  const F log_of_sum = most + logarithm(F::all(sum.sum()));
  for (std::size_t c = 0; c < stride; c += kLanes) (F::load(z + c) - log_of_sum).store(z + c);
}

template <class F>
void learn(float* w, float* h, const float* slopes, float rate, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    const F g = F::load(slopes + i);
    const F sum = F::load(h + i) + g * g;
    sum.store(h + i);
    (F::load(w + i) + F::all(rate) * g / sum.root()).store(w + i);
  }
}

template <class F>
void learn_scaled(float* w, float* h, float* s, const float* slopes, float rate, bool fresh,
                  std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    const F g = F::load(slopes + i);
    const F sum = F::load(h + i) + g * g;
    sum.store(h + i);
    if (fresh) (F::all(1) / sum.root()).store(s + i);
    (F::load(w + i) + F::all(rate) * g * F::load(s + i)).store(w + i);
  }
}

template <class F>
void refresh(float* s, const float* h, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) (F::all(1) / F::load(h + i).root()).store(s + i);
}

template <class F>
void sum_rows(const float* const* rows, std::size_t number, float* sum, std::size_t n) {
  for (std::size_t k = 0; k < n; k += kLanes) {
    F of_all = F::load(rows[0] + k);
    for (std::size_t i = 1; i < number; ++i) of_all = of_all + F::load(rows[i] + k);
    of_all.store(sum + k);
  }
}

template <class F>
constexpr MixtureKernels kernels_of() {
  return {raise<F>,        add_rows<F>, log_shares<F>, learn_rows<F>,  learn<F>,
          learn_scaled<F>, refresh<F>,  sum_rows<F>,   exponentials<F>};
}

}  // namespace
}  // namespace makemore
