// An interpolated model of order n: what it knows of each context, and what it leaves to a
// shorter one. Of order 1 it is the empty context alone.
//
// P(w | context) = own(w) + weight(context) P(w | shorter context), where own(w) is 0 for
// what never followed the context. The shortest context is the empty one. A state is a
// context as a node of the trie of n-grams, so its parent is the shorter context.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "backoff/ngram_trie.hpp"
#include "base/poll.hpp"

namespace makemore {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What is taken from counts of one, of two, and of three and more.
struct Discounts {
  double one = 0.5;
  double two = 1;
  double more = 1.5;

  double of(std::int64_t count) const {
    return count == 0 ? 0 : count == 1 ? one : count == 2 ? two : more;
  }
};

struct Backoff {
  // A symbol that followed a context: the logarithm of its whole probability, the share of it
  // that is the context's own, and the state behind it.
  struct Follower {
    double log;
    double own;
    std::uint32_t next;
  };

  unsigned order;
  std::size_t symbols;                // V; the states 0 to V - 1 are those of one symbol
  std::vector<std::uint32_t> parent;  // by state; kNone: the empty context
  std::vector<double> weight;         // by state
  std::vector<double> log_weight;
  std::vector<std::uint32_t> follow;  // by state: its followers are follow[s] to follow[s + 1] - 1
  std::vector<std::uint32_t> symbol;  // of each follower; those of a state ascend
  std::vector<Follower> followers;
  std::vector<std::uint64_t> masks;  // by state: a bit for each follower; of small alphabets only
  std::vector<double> shortest;      // P(w | empty context), by symbol
  std::vector<double> log_shortest;

  // Whether a context's own shares and its weight are probabilities that sum to one, so that
  // symbols can be drawn level by level. So it is where contexts are interpolated; a table
  // read from elsewhere may tell less of a symbol than the shorter context does.
  bool by_levels = true;

  static constexpr std::uint32_t kNone = NgramTrie::kNone;
  static constexpr std::uint32_t kStart = 0;    // the state at a word's start
  static constexpr std::uint32_t kMasked = 64;  // the most symbols that have masks

  std::size_t states() const { return parent.size(); }

  const Follower* find(std::uint32_t state, std::uint32_t wanted) const {
    const std::uint32_t begin = follow[state];
    if (!masks.empty()) {
      const std::uint64_t mask = masks[state];
      if (wanted >= kMasked || (mask >> wanted & 1) == 0) return nullptr;
      return &followers[begin + static_cast<std::uint32_t>(
                                    std::popcount(mask & ((std::uint64_t{1} << wanted) - 1)))];
    }
    // In a large row the processor runs ahead on a guess of each comparison, and memory is asked
    // for early; in a small one, which lies in the cache, wrong guesses cost more than they give.
    std::size_t at = begin;
    std::size_t size = follow[state + 1] - begin;
    while (size > 8) {
      const std::size_t half = size / 2;
      if (symbol[at + half] <= wanted) {
        at += half;
        size -= half;
      } else {
        size = half;
      }
    }
    while (size > 1) {
      const std::size_t half = size / 2;
      at += symbol[at + half] <= wanted ? half : 0;
      size -= half;
    }
    return size == 1 && symbol[at] == wanted ? &followers[at] : nullptr;
  }

  // The state behind a symbol of the alphabet.
  std::uint32_t next(std::uint32_t state, std::uint32_t wanted) const {
    for (; state != kNone; state = parent[state]) {
      if (const Follower* found = find(state, wanted)) return found->next;
    }
    return wanted;
  }

  // How many symbols a state's context has.
  std::uint8_t length(std::uint32_t state) const {
    std::uint8_t many = 0;
    for (; state != kNone; state = parent[state]) ++many;
    return many;
  }

  // The log-probability of a symbol, -inf for kUnknown; moves the state behind it.
  double step(std::uint32_t& state, std::uint32_t id) const;

  // The state after the start of a word.
  std::uint32_t after(std::span<const std::uint32_t> prefix) const {
    std::uint32_t state = kStart;
    for (const std::uint32_t id : prefix) state = next(state, id);
    return state;
  }

  // P(w | context), and that of every w of the alphabet: the same numbers.
  double probability(std::uint32_t state, std::uint32_t wanted) const;
  void probabilities(std::uint32_t state, std::span<double> out) const;
};

// Modified Kneser-Ney (S. Chen and J. Goodman, "An empirical study of smoothing techniques for
// language modeling", 1998), interpolated: `discounts` for each length of n-grams from 1, or
// none to estimate them. N-grams that begin a word keep their counts; others of less than
// full length count the different symbols before them.
Backoff kneser_ney(const NgramTrie& trie, std::vector<Discounts> discounts, const Poll& poll = {});

// The discounts that the counts of counts suggest; 0.5, 1, 1.5 for a length where they fail.
std::vector<Discounts> estimated_discounts(const NgramTrie& trie, const Poll& poll = {});

// I. Witten and T. Bell (1991), interpolated: a context's weight grows with the number of
// different symbols that followed it.
Backoff witten_bell(const NgramTrie& trie, const Poll& poll = {});

// (n(context, w) + k) / (n(context) + k V), for full contexts only. With k = 0, nothing is
// probable after a context that was never seen.
Backoff add_k(const NgramTrie& trie, double k, const Poll& poll = {});

// The model whose probabilities after each symbol are the rows of a V x V table, such as a
// BigramModel's: what a row does not have is impossible.
Backoff of_rows(std::span<const double> probabilities, std::size_t symbols, const Poll& poll = {});

}  // namespace makemore
