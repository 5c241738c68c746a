// An interpolated model of order n: what it knows of each context, and what it leaves to a
// shorter one.
//
// P(w | context) = own(w) + weight(context) P(w | shorter context), where own(w) is 0 for
// what never followed the context. The shortest context is the empty one. A state is a
// context as a node of the trie of n-grams, so its parent is the shorter context.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "backoff/ngram_trie.hpp"
#include "base/poll.hpp"

namespace makemore {

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
  // What followed a context: a symbol, the share that is the context's own, the logarithm
  // of its whole probability, and the state behind it.
  struct Follower {
    double log;
    double own;
    std::uint32_t symbol;
    std::uint32_t next;
  };

  unsigned order;
  std::size_t symbols;                // V; the states 0 to V - 1 are those of one symbol
  std::vector<std::uint32_t> parent;  // by state; kNone: the empty context
  std::vector<double> weight;         // by state
  std::vector<double> log_weight;
  std::vector<std::uint32_t> follow;  // by state: its followers are follow[s] to follow[s + 1] - 1
  std::vector<Follower> followers;    // those of a state by symbol
  std::vector<std::uint64_t> masks;   // by state: a bit for each follower; of small alphabets only
  std::vector<double> shortest;       // P(w | empty context), by symbol; the rest is unknown
  std::vector<double> log_shortest;
  double log_unknown;  // of any symbol outside the alphabet, after the empty context

  // Whether a context's own shares and its weight are probabilities that sum to one, so that
  // symbols can be drawn level by level. So it is where contexts are interpolated; a table
  // read from elsewhere may tell less of a symbol than the shorter context does.
  bool by_levels = true;

  static constexpr std::uint32_t kNone = NgramTrie::kNone;
  static constexpr std::uint32_t kStart = 0;    // the state at a word's start
  static constexpr std::uint32_t kMasked = 64;  // the most symbols that have masks

  std::size_t states() const { return parent.size(); }

  const Follower* find(std::uint32_t state, std::uint32_t symbol) const {
    const Follower* first = followers.data() + follow[state];
    if (!masks.empty()) {
      const std::uint64_t mask = masks[state];
      if (symbol >= kMasked || (mask >> symbol & 1) == 0) return nullptr;
      return first + std::popcount(mask & ((std::uint64_t{1} << symbol) - 1));
    }
    std::size_t size = follow[state + 1] - follow[state];
    while (size > 1) {  // without a branch on what is compared
      const std::size_t half = size / 2;
      first += first[half].symbol <= symbol ? half : 0;
      size -= half;
    }
    return size == 1 && first->symbol == symbol ? first : nullptr;
  }

  // The state behind a symbol of the alphabet.
  std::uint32_t next(std::uint32_t state, std::uint32_t symbol) const {
    for (; state != kNone; state = parent[state]) {
      if (const Follower* found = find(state, symbol)) return found->next;
    }
    return symbol;
  }

  // The state after the start of a word.
  std::uint32_t after(std::span<const std::uint32_t> prefix) const {
    std::uint32_t state = kStart;
    for (const std::uint32_t id : prefix) state = next(state, id);
    return state;
  }

  // P(w | context) for every w of the alphabet.
  void probabilities(std::uint32_t state, std::span<double> out) const;
};

// Modified Kneser-Ney (S. Chen and J. Goodman, "An empirical study of smoothing techniques for
// language modeling", 1998), interpolated: `discounts` for each length of n-grams from 1, or
// none to estimate them. N-grams that begin a word keep their counts; others of less than
// full length count the different symbols before them. If `unknown`, the uniform share is
// over the alphabet and one unknown symbol.
Backoff kneser_ney(const NgramTrie& trie, std::vector<Discounts> discounts, bool unknown,
                   const Poll& poll = {});

// The discounts that the counts of counts suggest; 0.5, 1, 1.5 for a length where they fail.
std::vector<Discounts> estimated_discounts(const NgramTrie& trie, const Poll& poll = {});

// I. Witten and T. Bell (1991), interpolated: a context's weight grows with the number of
// different symbols that followed it.
Backoff witten_bell(const NgramTrie& trie, bool unknown, const Poll& poll = {});

// (n(context, w) + k) / (n(context) + k V), for full contexts only. With k = 0, nothing is
// probable after a context that was never seen.
Backoff add_k(const NgramTrie& trie, double k, const Poll& poll = {});

}  // namespace makemore
