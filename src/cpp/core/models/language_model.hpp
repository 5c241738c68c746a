// What every model answers: how likely words are, what may come next, and new words. New words
// never hold the unknown symbol.
//
// A model is a kind of conditional probabilities; it says how likely each symbol of a word
// is, and everything that goes for all kinds (decoding words, sums, errors) is done here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/poll.hpp"
#include "models/cursor.hpp"
#include "models/evaluation.hpp"
#include "sampling/sampling.hpp"
#include "sampling/truncation.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

// The log-probabilities (nats) of the symbols of words, each word's end included: those of
// word i are values[offsets[i] .. offsets[i + 1]).
struct SymbolScores {
  std::vector<double> values;
  std::vector<std::int64_t> offsets{0};
};

// The id of a symbol inside a word that is scored: that of the unknown symbol for what the alphabet
// does not hold, kUnknown if it has no such symbol. Only the ends of a word are boundaries, so a
// boundary inside it is an unknown symbol too.
inline std::uint32_t inner_id(const Alphabet& alphabet, char32_t symbol) {
  const std::uint32_t id = alphabet.id_or_unknown(symbol);
  return id == 0 ? alphabet.unknown() : id;
}

class LanguageModel {
 public:
  explicit LanguageModel(Alphabet alphabet) : alphabet_(std::move(alphabet)) {}
  virtual ~LanguageModel() = default;

  const Alphabet& alphabet() const { return alphabet_; }
  std::size_t size() const { return alphabet_.size(); }

  // Appends the log-probability (nats) of each word, its end included; -inf if it is
  // impossible or holds an unknown symbol (inner_id below) that the model has no share for.
  virtual void score(Text packed, std::vector<double>& scores, const Poll& poll) const;

  // The same, symbol by symbol. What follows an unknown symbol is scored as after a symbol of
  // the alphabet that was never seen.
  void score_symbols(Text packed, SymbolScores& scores, const Poll& poll) const;

  // Adds words to an evaluation. Each counts as often as the next of `times` says, once if these
  // are none; one that counts 0 times is left out, and yet has a number.
  void evaluate(Text packed, std::span<const std::int64_t> times, Evaluation& evaluation,
                const Poll& poll) const;

  // The probabilities of what comes after a prefix (ids as inner_id gives them): one for each
  // symbol of the alphabet, summing to one, or all zero where nothing was ever seen.
  virtual std::vector<double> next(std::span<const std::uint32_t> prefix) const = 0;

  virtual std::shared_ptr<const WordSampler> sampler(const Truncation& truncation,
                                                     const Poll& poll = {}) const = 0;

  // At the start of a word; the model must outlive it.
  virtual std::unique_ptr<Cursor> cursor() const = 0;

  // Writes the log-probability of each symbol of whole words; every word ends in id 0, an
  // unknown symbol has the id kUnknown.
  virtual void log_probabilities(std::span<const std::uint32_t> ids, double* out) const = 0;

  // About how many symbols log_probabilities should have between two polls.
  virtual std::size_t batch() const { return std::size_t{1} << 14; }

 protected:
  LanguageModel(const LanguageModel&) = default;
  LanguageModel(LanguageModel&&) = default;

  // Calls use(ids) with whole words, batch() symbols or a few more at a time, and polls between.
  void in_batches(Text packed, const Poll& poll,
                  const std::function<void(std::span<const std::uint32_t>)>& use) const;

 private:
  // The same with use(ids, log-probabilities).
  template <class Use>
  void with_logs(Text packed, const Poll& poll, Use&& use) const;

  Alphabet alphabet_;
};

}  // namespace makemore
