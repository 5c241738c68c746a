// The weights of a mixture of levels:
//
//   P(c) is proportional to exp(sum over levels l of (a_l + b_l[kind] + s_l[c]) x_l(c)
//                               + [c is the end] (e + e[min(t, 15)]))
//
// where a_l is the sum of one number for the level and of one for each of four features of the
// position (h1, h2, f0, p15); kind is that of the node of level l on the position's path
// (levels.hpp) and x_l what it says (chain_rows.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "mixture/chain.hpp"
#include "mixture/kernels.hpp"
#include "mixture/levels.hpp"

namespace makemore {

class MixtureWeights {
 public:
  static constexpr std::size_t kPositions = 16;  // of which the last stands for all beyond
  static constexpr std::size_t kContexts = 4;
  static constexpr std::array<Feature, kContexts> kFeatures{{{Feature::Kind::recent, 1},
                                                             {Feature::Kind::recent, 2},
                                                             {Feature::Kind::leading, 0},
                                                             {Feature::Kind::position, 15}}};
  // Beyond so many symbols, rows by symbol are shared: those of features by all that come later
  // in the alphabet, those of levels by all levels.
  static constexpr std::size_t kMostRows = 4096;
  static constexpr std::size_t kMostSymbols = 16384;

  MixtureWeights() = default;

  // To start from: a_l is `start` everywhere, all others are zero.
  MixtureWeights(std::size_t levels, std::size_t symbols, float start = 0);

  std::size_t levels() const { return levels_; }
  std::size_t symbols() const { return symbols_; }
  std::size_t stride() const { return level_stride(levels_); }

  // The rows of a position: one for each feature.
  using Rows = std::array<std::uint32_t, kContexts>;
  Rows rows(std::span<const std::uint32_t> word, std::size_t t) const;
  std::size_t context_rows(std::size_t feature) const { return context_rows(feature, symbols_); }
  // How many rows by symbol there are.
  std::size_t symbol_rows() const { return symbols_ <= kMostSymbols ? levels_ : 1; }
  std::size_t symbol_row(std::uint32_t level) const { return symbols_ <= kMostSymbols ? level : 0; }

  // In the order of the formula; rows over levels and symbols are filled up with zeros.
  Buffer<float> base;
  std::array<Buffer<float>, kContexts> by_context;
  std::vector<float> by_kind;  // level x kKinds
  Buffer<float> by_symbol;
  std::array<float, 1 + kPositions> of_end{};

  // a_l of all levels.
  void of_levels(const Rows& rows, const MixtureKernels& kernels, float* a) const;
  float end(std::size_t t) const { return of_end[0] + of_end[1 + place(t)]; }

  static std::size_t place(std::size_t t) { return t < kPositions ? t : kPositions - 1; }

  // All of them in one row, without what fills rows up: the levels' own, by feature and its value
  // and level, by level and kind, by level and symbol, the end's.
  static std::uint64_t number(std::size_t levels, std::size_t symbols);
  std::vector<float> values() const;
  void set_values(std::span<const float> values);  // as many as there are

 private:
  static std::uint32_t row_of(std::uint32_t value) {
    return value < kMostRows ? value : static_cast<std::uint32_t>(kMostRows);
  }
  static std::size_t context_rows(std::size_t feature, std::size_t symbols) {
    const auto last = feature == kContexts - 1 ? kPositions : symbols;  // value of the feature
    return row_of(static_cast<std::uint32_t>(last)) + std::size_t{1};
  }

  template <class Self, class Use>
  static void each_row(Self& self, Use&& use);

  std::size_t levels_ = 0;
  std::size_t symbols_ = 0;
};

}  // namespace makemore
