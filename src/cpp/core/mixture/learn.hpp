// How the weights of a mixture are learned: by Adagrad (J. Duchi and others, 2011), one training
// position after another in a shuffled order, each without its own count (chain_rows.hpp).
//
// A step is e g / sqrt(h), with g the slope of the position's log-probability in a weight and h the
// sum of all g^2 so far, the step's own included, from 1 on (10 for what features choose). For
// weights by symbol and by feature 1 / sqrt(h) is worked out now and then only. e falls evenly to
// a fiftieth of what it starts with.
//
// What is learned depends on the order. The predictions of several models, multiplied, are better
// than each; and since they are log-linear in the same inputs, that is one model with the mean of
// their weights, which costs no more than one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "mixture/chain_rows.hpp"
#include "mixture/mixture_weights.hpp"
#include "mixture/share_done.hpp"

namespace makemore {

// The training positions that weights are learned from.
struct Lesson {
  struct Position {
    std::uint32_t symbol;
    std::uint32_t t;
    MixtureWeights::Rows rows;
  };
  // What a stored node says on its way up to the root.
  struct Link {
    std::uint32_t up;     // the next node above that speaks, or HeldOut::kNone
    std::uint32_t slot;   // of that node, below which this one is
    std::uint32_t first;  // of the node's own words
    std::uint32_t blocks;
  };
  struct OfChain {
    const ChainRows* rows;
    Buffer<Link> links;  // by node
    RowWords held_out;   // by outcome
  };

  std::vector<Position> positions;
  std::vector<OfChain> chains;
  std::vector<std::uint32_t> held_out_at;  // by position and chain: in its held_out
};

// The links of a chain's nodes; `levels` are those of the chain.
Buffer<Lesson::Link> links_of(const ChainRows& rows, std::span<const std::uint32_t> levels);

struct Learning {
  std::uint64_t seed = 0;
  std::uint32_t number = 0;  // of the order: the seed gives several
  float rate = 0;            // e, to begin with
  std::size_t steps = 1;     // in all; more than one pass takes an order that is shuffled anew
};

// What the weight of every level starts from: with 1 for one chain the mixture says what the chain
// says; several share that, and a little more.
float starting_weight(std::size_t chains);

// The rate and the number of passes that suit a number of positions; few chains learn more from few
// positions, and what they can from one pass over many. The mean of several orders gains by twice
// the passes, but over few positions it learns what is by chance.
float rate_for(std::size_t positions);
double passes_for(std::size_t positions, std::size_t chains, std::uint32_t orders);

// Takes the steps, which are `share` of the whole work.
void learn(MixtureWeights& weights, const Lesson& lesson, const Learning& learning,
           const ShareDone& progress, double share, const Poll& poll);

// The same for several orders, side by side: the mean of what the weights come to.
void learn_in_orders(MixtureWeights& weights, const Lesson& lesson, const Learning& learning,
                     std::uint32_t orders, unsigned threads, const ShareDone& progress,
                     double share, const Poll& poll);

}  // namespace makemore
