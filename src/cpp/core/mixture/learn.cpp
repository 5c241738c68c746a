// Takes the steps: predict, compare, move.
#include "mixture/learn.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/parallel.hpp"
#include "base/prefetch.hpp"
#include "mixture/kernels.hpp"
#include "sampling/philox.hpp"

namespace makemore {
namespace {

constexpr float kFirstSquares = 1;             // what h starts from
constexpr float kFirstOfContexts = 10;         // and for the weights that features choose
constexpr double kLastRate = 0.02;             // of the first
constexpr std::uint32_t kOftenRefreshed = 16;  // steps of a context's row

// How far ahead what a step needs is asked for, in steps; what tells where the rest is goes first.
constexpr std::size_t kOffsetsAhead = 20;
constexpr std::size_t kHeldOutAhead = 14;
constexpr std::size_t kLinksAhead = 8;
constexpr std::size_t kRowsAhead = 3;
constexpr std::size_t kMostAsked = 32;  // words of rows that are asked for

// Fisher-Yates with Philox: depends on the seed, the number of the order and the pass alone.
void shuffle(std::vector<std::uint32_t>& order, const Learning& learning, std::uint32_t pass,
             Pace& pace) {
  for (std::size_t i = order.size(); i > 1; --i) {
    const auto n = static_cast<std::uint32_t>(i);
    const PhiloxBlock draw = philox4x32({n, learning.number, pass, 1}, learning.seed);
    std::swap(order[i - 1], order[std::uint64_t{draw[0]} * n >> 32]);
    pace.step(32);
  }
}

// Whether 1 / sqrt(h) of the weights by symbol is worked out before this step: always at first.
bool refreshed_at(std::size_t step) {
  if (step < 64) return true;
  if (step < 1024) return step % 8 == 0;
  return step % (step < 16384 ? 64 : 256) == 0;
}

// Weights with what their steps are scaled by: rows w, h and 1 / sqrt(h) one behind another.
class Scaled {
 public:
  Scaled(const Buffer<float>& weights, std::size_t stride, float squares)
      : stride_(stride), all_(3 * weights.size()) {
    for (std::size_t row = 0; row < weights.size() / stride; ++row) {
      std::copy_n(weights.data() + row * stride, stride, of(row));
      std::fill_n(of(row) + stride, stride, squares);
      std::fill_n(of(row) + 2 * stride, stride, 1 / std::sqrt(squares));
    }
  }
  float* of(std::size_t row) { return all_.data() + 3 * stride_ * row; }
  std::size_t rows() const { return all_.size() / (3 * stride_); }
  void copy_to(Buffer<float>& weights) {
    for (std::size_t row = 0; row < rows(); ++row) {
      std::copy_n(of(row), stride_, weights.data() + row * stride_);
    }
  }

 private:
  std::size_t stride_;
  Buffer<float> all_;
};

class Learner {
 public:
  Learner(MixtureWeights& weights, const Lesson& lesson)
      : weights_(weights),
        lesson_(lesson),
        kernels_(mixture_kernels()),
        stride_(symbol_stride(weights.symbols())),
        by_symbol_(weights.by_symbol, stride_, kFirstSquares),
        squares_(weights.stride(), kFirstSquares),
        squares_of_kinds_(weights.by_kind.size(), kFirstSquares),
        a_(weights.stride()),
        slopes_(weights.stride()),
        z_(stride_) {
    for (std::size_t i = 0; i < MixtureWeights::kContexts; ++i) {
      contexts_.emplace_back(weights.by_context[i], weights.stride(), kFirstOfContexts);
      visits_.emplace_back(weights.context_rows(i));
    }
    squares_of_end_.fill(kFirstSquares);
    const std::size_t most = level_stride(weights.levels() + 1);
    inputs_.resize(most);
    of_input_.resize(most);
    rows_.resize(most);
    slope_of_.resize(most);
    kind_weights_.resize(most);
    kind_squares_.resize(most);
  }

  // The work of a step, about.
  std::size_t work() const { return 1000 + 2 * weights_.stride() + 4 * stride_; }

  // Asks for what the steps after order[i] need, a stage a step.
  void ask_ahead(const std::vector<std::uint32_t>& order, std::size_t i) {
    const std::size_t chains = lesson_.chains.size();
    const std::size_t left = order.size() - i;
    asked_at_ = i;
    if (kOffsetsAhead < left) {
      const std::size_t at = order[i + kOffsetsAhead];
      prefetch_all(&lesson_.held_out_at[at * chains], chains);
      prefetch_all(&lesson_.positions[at], 1);
    }
    for (std::size_t m = 0; m < chains; ++m) {
      const Lesson::OfChain& chain = lesson_.chains[m];
      const auto held_out = [&](std::size_t ahead) {
        return &chain.held_out[lesson_.held_out_at[order[i + ahead] * chains + m]];
      };
      if (kHeldOutAhead < left) prefetch_all(held_out(kHeldOutAhead), kMostAsked);
      if (kLinksAhead < left) {
        const std::uint32_t* const words = held_out(kLinksAhead);
        const std::uint32_t node = words[0];
        if (node != HeldOut::kNone) prefetch(&chain.links[node]);
        if (words[3] > 0) prefetch(&chain.links[words[HeldOut::kWords]]);
      }
      if (kRowsAhead < left) {
        const std::uint32_t* const words = held_out(kRowsAhead);
        const auto ask_row = [&](std::uint32_t node) {
          prefetch_all(chain.rows->words.data() + chain.links[node].first, kMostAsked);
        };
        if (words[0] != HeldOut::kNone) ask_row(words[0]);
        if (words[3] > 0) ask_row(words[HeldOut::kWords]);
      }
    }
  }

  void step(std::size_t at, float rate, bool refresh) {
    const Lesson::Position& position = lesson_.positions[at];
    const float* parts[1 + MixtureWeights::kContexts] = {weights_.base.data()};
    for (std::size_t i = 0; i < MixtureWeights::kContexts; ++i) {
      parts[1 + i] = contexts_[i].of(position.rows[i]);
    }
    kernels_.sum_rows(parts, std::size(parts), a_.data(), weights_.stride());
    gather(at);
    for (std::size_t i = 0; i < inputs_used_; ++i) {
      const std::uint32_t level = inputs_[i].slot / kKinds;
      of_input_[i] = a_[level] + weights_.by_kind[inputs_[i].slot];
      rows_[i] = by_symbol_.of(weights_.symbol_row(level));
    }
    std::fill(z_.begin(), z_.end(), 0.0F);
    kernels_.add_rows(inputs_.data(), of_input_.data(), rows_.data(), inputs_used_, z_.data(),
                      stride_);
    const std::size_t place = 1 + MixtureWeights::place(position.t);
    z_[0] += weights_.of_end[0] + weights_.of_end[place];
    const float scale = -1 / kernels_.exponentials(z_.data(), weights_.symbols());
    for (float& z : z_) z *= scale;  // the slope of ln P(symbol) in z: 1 for it, less P
    z_[position.symbol] += 1;

    if (refresh) {
      for (std::size_t row = 0; row < by_symbol_.rows(); ++row) {
        float* const w = by_symbol_.of(row);
        kernels_.refresh(w + 2 * stride_, w + stride_, stride_);
      }
    }
    kernels_.learn_rows(inputs_.data(), rows_.data(), inputs_used_, z_.data(), rate,
                        slope_of_.data(), stride_);
    learn_kinds(rate);
    kernels_.learn(weights_.base.data(), squares_.data(), slopes_.data(), rate, weights_.stride());
    for (std::size_t i = 0; i < MixtureWeights::kContexts; ++i) {
      const std::uint32_t row = position.rows[i];
      const std::uint32_t visits = visits_[i][row]++;
      float* const w = contexts_[i].of(row);
      kernels_.learn_scaled(w, w + weights_.stride(), w + 2 * weights_.stride(), slopes_.data(),
                            rate, visits < kOftenRefreshed || visits % kOftenRefreshed == 0,
                            weights_.stride());
    }
    for (std::size_t i = 0; i < inputs_used_; ++i) slopes_[inputs_[i].slot / kKinds] = 0;
    for (const std::size_t number : {std::size_t{0}, place}) {
      squares_of_end_[number] += z_[0] * z_[0];
      weights_.of_end[number] += rate * z_[0] / std::sqrt(squares_of_end_[number]);
    }
  }

  // Puts what was learned in the weights' place.
  void finish() {
    by_symbol_.copy_to(weights_.by_symbol);
    for (std::size_t i = 0; i < MixtureWeights::kContexts; ++i) {
      contexts_[i].copy_to(weights_.by_context[i]);
    }
  }

 private:
  // The inputs of a position: of each chain the rows that are changed, then the stored ones.
  void gather(std::size_t at) {
    const std::size_t chains = lesson_.chains.size();
    std::size_t n = 0;
    for (std::size_t m = 0; m < chains; ++m) {
      const Lesson::OfChain& chain = lesson_.chains[m];
      const std::uint32_t* words = chain.held_out.data() + lesson_.held_out_at[at * chains + m];
      std::uint32_t node = words[0];
      std::uint32_t slot = words[1];
      const std::uint32_t symbol = words[2];
      const std::uint32_t patched = words[3];
      const std::uint32_t changed = words[4];
      words += HeldOut::kWords;
      const std::uint32_t* const stored = chain.rows->words.data();
      for (std::uint32_t i = 0; i < patched; ++i, words += HeldOut::kPatchedWords) {
        const Lesson::Link& link = chain.links[words[0]];
        inputs_[n++] = {stored + link.first, link.blocks, words[1], symbol,
                        std::bit_cast<float>(words[2])};
      }
      for (std::uint32_t i = 0; i < changed; ++i) {
        const std::uint32_t* const row = words + HeldOut::kRowWords;
        inputs_[n++] = {row, words[1], words[0], RowInput::kNoOther, 0};
        words = row + words[2];
      }
      while (node != HeldOut::kNone) {
        const Lesson::Link& link = chain.links[node];
        inputs_[n++] = {stored + link.first, link.blocks, slot, RowInput::kNoOther, 0};
        slot = link.slot;
        node = link.up;
      }
    }
    inputs_used_ = n;
  }

  void learn_kinds(float rate) {
    for (std::size_t i = 0; i < inputs_used_; ++i) {
      const std::uint32_t slot = inputs_[i].slot;
      slopes_[slot / kKinds] = slope_of_[i];
      kind_weights_[i] = weights_.by_kind[slot];
      kind_squares_[i] = squares_of_kinds_[slot];
    }
    for (std::size_t i = inputs_used_; i < level_stride(inputs_used_); ++i) {
      slope_of_[i] = kind_weights_[i] = 0;
      kind_squares_[i] = 1;
    }
    kernels_.learn(kind_weights_.data(), kind_squares_.data(), slope_of_.data(), rate,
                   level_stride(inputs_used_));
    for (std::size_t i = 0; i < inputs_used_; ++i) {
      weights_.by_kind[inputs_[i].slot] = kind_weights_[i];
      squares_of_kinds_[inputs_[i].slot] = kind_squares_[i];
    }
  }

  MixtureWeights& weights_;
  const Lesson& lesson_;
  std::size_t asked_at_ = 0;  // written so that GCC does not drop a function that only asks
  const MixtureKernels& kernels_;
  std::size_t stride_;
  Scaled by_symbol_;
  std::vector<Scaled> contexts_;
  std::vector<std::vector<std::uint32_t>> visits_;  // of each context's rows
  std::vector<float> squares_;
  std::vector<float> squares_of_kinds_;
  std::array<float, 1 + MixtureWeights::kPositions> squares_of_end_{};
  std::vector<float> a_;       // by level
  std::vector<float> slopes_;  // by level; zero where no input is
  std::vector<float> z_;       // by symbol
  std::vector<RowInput> inputs_;
  std::size_t inputs_used_ = 0;
  std::vector<float> of_input_;  // by input, as the following
  std::vector<float*> rows_;
  std::vector<float> slope_of_;
  std::vector<float> kind_weights_;
  std::vector<float> kind_squares_;
};

}  // namespace

Buffer<Lesson::Link> links_of(const ChainRows& rows, std::span<const std::uint32_t> levels) {
  Buffer<Lesson::Link> links;
  links.reserve(rows.nodes.size());
  for (const ChainRows::Node& node : rows.nodes) {
    Lesson::Link link{HeldOut::kNone, 0, node.first, node.blocks};
    if (node.depth > 0) {
      const ChainRows::Node& parent = rows.nodes[node.parent];
      const std::uint32_t level = levels[parent.level()];
      if (level != Levels::kSilent) {
        link.up = node.parent;
        link.slot = level * kKinds + kind_of(node.size, parent.size);
      } else {  // the same as above it
        link.up = links[node.parent].up;
        link.slot = links[node.parent].slot;
      }
    }
    links.push_back(link);
  }
  return links;
}

float starting_weight(std::size_t chains) {
  return chains == 1 ? 1 : 1.3F / static_cast<float>(chains);
}

float rate_for(std::size_t positions) {
  const double rate = 0.07 * std::sqrt(static_cast<double>(positions) / 180'000);
  return static_cast<float>(std::clamp(rate, 0.01, 0.07));
}

double passes_for(std::size_t positions, std::size_t chains, std::uint32_t orders) {
  constexpr std::size_t few = 6;
  const double times = orders > 1 && positions >= 150'000 ? 2 : 1;
  if (chains <= few) return times * (positions < 20'000 ? 16 : 1);
  if (positions < 5'000) return times * 4;
  return times * (positions < 300'000 ? 1.5 : 1);
}

void learn(MixtureWeights& weights, const Lesson& lesson, const Learning& learning,
           const ShareDone& progress, double share, const Poll& poll) {
  Pace pace(poll);
  std::vector<std::uint32_t> order(lesson.positions.size());
  std::iota(order.begin(), order.end(), 0);
  Learner learner(weights, lesson);
  constexpr std::size_t told = 1024;  // after so many steps
  const double all = static_cast<double>(learning.steps);
  std::size_t taken = 0;
  for (std::uint32_t pass = 0; taken < learning.steps; ++pass) {
    shuffle(order, learning, pass, pace);
    for (std::size_t i = 0; i < order.size() && taken < learning.steps; ++i, ++taken) {
      pace.step(learner.work());
      learner.ask_ahead(order, i);
      const double fallen = 1 - (1 - kLastRate) * static_cast<double>(taken) / all;
      const auto rate = static_cast<float>(static_cast<double>(learning.rate) * fallen);
      learner.step(order[i], rate, refreshed_at(taken));
      if (taken % told == told - 1) progress.add(share * told / all);
    }
  }
  learner.finish();
  progress.add(share * static_cast<double>(taken % told) / all);
}

void learn_in_orders(MixtureWeights& weights, const Lesson& lesson, const Learning& learning,
                     std::uint32_t orders, unsigned threads, const ShareDone& progress,
                     double share, const Poll& poll) {
  std::vector<MixtureWeights> learned(orders, weights);
  parallel_for(orders, threads, poll, [&](std::size_t number, const Poll& pause) {
    Learning one = learning;
    one.number = static_cast<std::uint32_t>(number);
    learn(learned[number], lesson, one, progress, share / orders, pause);
  });
  std::vector<double> sums(MixtureWeights::number(weights.levels(), weights.symbols()));
  for (const MixtureWeights& each : learned) {
    const std::vector<float> values = each.values();
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += static_cast<double>(values[i]);
  }
  std::vector<float> means;
  means.reserve(sums.size());
  for (const double sum : sums) means.push_back(static_cast<float>(sum / orders));
  weights.set_values(means);
}

}  // namespace makemore
