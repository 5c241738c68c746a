// A log-linear mixture of the levels of back-off chains: the model that `fit` makes.
//
// It never gives a known symbol the probability zero, and nothing to an unknown one; what comes
// after an unknown symbol is told by each chain as after a value that it has never seen.
// Logarithms are kept as floats: a symbol's log-probability is good to about 1e-6, and the
// probabilities of a position sum to one all the same.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "mixture/chain.hpp"
#include "mixture/chain_table.hpp"
#include "mixture/kernels.hpp"
#include "mixture/levels.hpp"
#include "mixture/mixture_weights.hpp"
#include "mixture/prefix_rows.hpp"
#include "mixture/symbol_classes.hpp"
#include "mixture/symbol_order.hpp"
#include "models/language_model.hpp"

namespace makemore {

// What a mixture is made of, but for its tables, which take the features' columns.
struct MixtureParts {
  Alphabet alphabet;
  std::size_t words;  // that it learned from
  SymbolClasses classes;
  std::vector<Chain> chains;
  MixtureWeights weights;
  PrefixRows prefixes;
  SymbolOrder order;  // of the rows in the tables
};

class MixtureModel final : public LanguageModel {
 public:
  // Features of several chains, each once: what is looked up once for a position.
  struct Columns {
    explicit Columns(std::span<const Chain> chains);
    std::vector<Feature> features;
    std::vector<std::vector<std::size_t>> of_chain;  // where the features of a chain stand
  };

  // `tables` are those of the chains, made with Columns(chains) and Levels(chains).
  MixtureModel(MixtureParts parts, std::vector<ChainTable> tables);

  const std::vector<Chain>& chains() const { return chains_; }
  const MixtureWeights& weights() const { return weights_; }
  const SymbolClasses& classes() const { return classes_; }
  const std::vector<ChainTable>& tables() const { return tables_; }
  const SymbolOrder& order() const { return order_; }
  std::size_t words() const { return words_; }
  // How many of the last symbols say what comes next, once as many have been.
  std::size_t window() const;

  // One position on its way to a prediction. The steps may be taken for several positions
  // by turns: while memory is waited for in one, the others go on.
  struct Position {
    std::size_t t;
    PrefixRows::Prefix prefix;
    std::vector<std::uint32_t> values;
    std::vector<ChainTable::Path> paths;  // by chain
    MixtureWeights::Rows rows;
  };
  Position new_position() const;
  // `prefix` is what prefixes() has for the first t symbols of the word.
  void start(Position& position, std::span<const std::uint32_t> word, std::size_t t,
             PrefixRows::Prefix prefix) const;
  void follow(Position& position) const;

  // Where a position is finished.
  struct Room {
    const MixtureKernels* kernels;
    std::vector<float> z;          // by the place of a symbol
    std::vector<float> a;          // by level
    std::vector<RowInput> inputs;  // at most as many as levels
    std::vector<float> of_input;
    std::vector<const float*> weights;
  };
  Room new_room() const;
  // ln P(c) for every symbol c in a row, by order().place(c): written to the room, or kept by the
  // model.
  const float* finish(const Position& position, Room& room) const;

  // The prefixes whose rows are kept, which are filled when they are first asked for; or null
  // where they are not, so far.
  const PrefixRows& prefixes(const Poll& poll = {}) const;
  const PrefixRows* filled_prefixes() const { return kept_->filled ? &kept_->prefixes : nullptr; }
  const PrefixRows& prefixes_as_they_are() const { return kept_->prefixes; }

  std::vector<double> next(std::span<const std::uint32_t> prefix) const override;
  std::shared_ptr<const WordSampler> sampler(const Truncation& truncation,
                                             const Poll& poll = {}) const override;
  std::unique_ptr<Cursor> cursor() const override;
  void log_probabilities(std::span<const std::uint32_t> ids, double* out) const override;
  std::size_t batch() const override;  // fewer with more symbols, which each row has

 private:
  const float* weights_by_place(std::uint32_t level) const {
    const Buffer<float>& rows = order_.changes() ? by_place_ : weights_.by_symbol;
    return rows.data() + weights_.symbol_row(level) * symbol_stride(size());
  }

  struct Kept {
    explicit Kept(PrefixRows made) : prefixes(std::move(made)) {}
    std::mutex lock;
    std::atomic<bool> filled{false};
    PrefixRows prefixes;
  };

  std::size_t words_;
  SymbolClasses classes_;
  std::vector<Chain> chains_;
  Columns columns_;
  std::vector<ChainTable> tables_;
  MixtureWeights weights_;
  SymbolOrder order_;
  Buffer<float> by_place_;  // the weights by symbol in that order, if it is another
  std::unique_ptr<Kept> kept_;
};

}  // namespace makemore
