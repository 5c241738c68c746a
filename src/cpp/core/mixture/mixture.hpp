// A log-linear mixture of back-off chains: the model that `fit` makes.
//
// It never gives a known symbol the probability zero, and nothing to an unknown one; what comes
// after an unknown symbol is told by each chain as after a value that it has never seen.
// Logarithms are kept as floats: a symbol's log-probability is good to about 1e-6, and the
// probabilities of a position sum to one all the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "mixture/chain.hpp"
#include "mixture/chain_table.hpp"
#include "mixture/mixture_weights.hpp"
#include "mixture/prefix_rows.hpp"
#include "models/language_model.hpp"
#include "text/word_list.hpp"

namespace makemore {

class MixtureModel final : public LanguageModel {
 public:
  // Features of several chains, each once: what is looked up once for a position.
  struct Columns {
    explicit Columns(std::span<const Chain> chains);
    std::vector<Feature> features;
    std::vector<std::vector<std::size_t>> of_chain;  // where the features of a chain stand
  };

  // `tables` are those of the chains, made with Columns(chains).
  MixtureModel(std::shared_ptr<const WordList> words, std::vector<Chain> chains,
               std::vector<ChainTable> tables, MixtureWeights weights, const Poll& poll = {});

  const std::vector<Chain>& chains() const { return chains_; }
  const MixtureWeights& weights() const { return weights_; }
  std::shared_ptr<const WordList> words() const { return words_; }  // that it learned from

  // One position on its way to a prediction. The steps may be taken for several positions
  // by turns: while memory is waited for in one, the others go on.
  struct Position {
    std::size_t t;
    PrefixRows::Prefix prefix;
    std::vector<std::uint32_t> values;
    std::vector<ChainTable::Path> paths;  // by chain
  };
  Position new_position() const;
  // `prefix` is what prefixes() has for the first t symbols of the word.
  void start(Position& position, std::span<const std::uint32_t> word, std::size_t t,
             PrefixRows::Prefix prefix) const;
  void follow(Position& position) const;
  // ln P(c) for every symbol c in a row (rows.hpp): written to `room`, which has two rows, or
  // kept by the model.
  const float* finish(const Position& position, float* room) const;

  const PrefixRows& prefixes() const { return prefixes_; }

  std::vector<double> next(std::span<const std::uint32_t> prefix) const override;
  std::shared_ptr<const WordSampler> sampler(const Truncation& truncation,
                                             const Poll& poll = {}) const override;

 protected:
  void log_probabilities(std::span<const std::uint32_t> ids, double* out) const override;

 private:
  std::shared_ptr<const WordList> words_;
  std::vector<Chain> chains_;
  Columns columns_;
  std::vector<ChainTable> tables_;
  MixtureWeights weights_;
  PrefixRows prefixes_;
};

}  // namespace makemore
