// Lays the weights out, and in one row.
#include "mixture/mixture_weights.hpp"

#include <algorithm>

namespace makemore {

MixtureWeights::MixtureWeights(std::size_t levels, std::size_t symbols, float start)
    : levels_(levels), symbols_(symbols) {
  base.assign(stride(), 0.0F);
  std::fill_n(base.begin(), levels, start);
  for (std::size_t i = 0; i < kContexts; ++i)
    by_context[i].assign(context_rows(i) * stride(), 0.0F);
  by_kind.assign(levels * kKinds, 0.0F);
  by_symbol.assign(symbol_rows() * symbol_stride(symbols), 0.0F);
}

MixtureWeights::Rows MixtureWeights::rows(std::span<const std::uint32_t> word,
                                          std::size_t t) const {
  static const SymbolClasses none;
  Rows rows{};
  for (std::size_t i = 0; i < kContexts; ++i) {
    const std::uint32_t value = kFeatures[i].value(word, t, none);
    if (value != Feature::kNeverSeen) rows[i] = row_of(value);
  }
  return rows;
}

void MixtureWeights::of_levels(const Rows& rows, const MixtureKernels& kernels, float* a) const {
  const float* parts[1 + kContexts] = {base.data()};
  for (std::size_t i = 0; i < kContexts; ++i) {
    parts[1 + i] = by_context[i].data() + rows[i] * stride();
  }
  kernels.sum_rows(parts, 1 + kContexts, a, stride());
}

// Calls use(first, number) for every row of weights, in their order.
template <class Self, class Use>
void MixtureWeights::each_row(Self& self, Use&& use) {
  const std::size_t stride = self.stride();
  use(self.base.data(), self.levels_);
  for (std::size_t i = 0; i < kContexts; ++i) {
    for (std::size_t row = 0; row < self.context_rows(i); ++row) {
      use(self.by_context[i].data() + row * stride, self.levels_);
    }
  }
  use(self.by_kind.data(), self.by_kind.size());
  for (std::size_t row = 0; row < self.symbol_rows(); ++row) {
    use(self.by_symbol.data() + row * symbol_stride(self.symbols_), self.symbols_);
  }
  use(self.of_end.data(), self.of_end.size());
}

std::uint64_t MixtureWeights::number(std::size_t levels, std::size_t symbols) {
  std::uint64_t by_level = 1 + kKinds;
  for (std::size_t i = 0; i < kContexts; ++i) by_level += context_rows(i, symbols);
  const std::uint64_t rows = symbols <= kMostSymbols ? levels : 1;
  return levels * by_level + rows * symbols + 1 + kPositions;
}

std::vector<float> MixtureWeights::values() const {
  std::vector<float> values;
  values.reserve(number(levels_, symbols_));
  each_row(*this,
           [&](const float* row, std::size_t n) { values.insert(values.end(), row, row + n); });
  return values;
}

void MixtureWeights::set_values(std::span<const float> values) {
  const float* from = values.data();
  each_row(*this, [&](float* row, std::size_t n) {
    std::copy_n(from, n, row);
    from += n;
  });
}

}  // namespace makemore
