// Builds an alias table for each context at once, and draws words level by level.
#include "backoff/ngram_sampler.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

#include "base/compiler.hpp"
#include "sampling/alias.hpp"

namespace makemore {
namespace {

constexpr std::size_t kPauseAfter = std::size_t{1} << 16;  // symbols
constexpr std::uint32_t kNothing = 0xFFFFFFFF;             // behind an outcome that is no symbol

// The random bits of a word. Those of the first two levels are kept, four steps at a time.
class LevelBits {
 public:
  LevelBits(std::uint64_t seed, std::uint64_t word) : word_(seed, word) {}

  // Steps come in order, each from level 0 on.
  std::uint32_t at(std::uint64_t step, std::uint32_t level) {
    if (level >= kept_.size()) return word_.at(step, level);
    if (level == 0 && step % 4 == 0) {
      for (std::uint32_t i = 0; i < kept_.size(); ++i) kept_[i] = word_.block(step / 4, i);
    }
    return kept_[level][step % 4];
  }

 private:
  WordBits word_;
  std::array<PhiloxBlock, 2> kept_{};
};

}  // namespace

NgramSampler::NgramSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff,
                           const Poll& poll)
    : WordSamplerOf(alphabet), backoff_(std::move(backoff)) {
  const auto states = static_cast<std::uint32_t>(backoff_->states());
  const auto v = static_cast<std::uint32_t>(backoff_->symbols);
  Pace pace(poll);
  AliasMaker maker;
  const auto add = [&](std::span<const double> shares) {
    const std::size_t row = entries_.size();
    entries_.resize(row + (std::size_t{1} << alias_bits(shares.size())));
    pace.step(64 + 16 * shares.size());
    return maker.make(shares, std::span(entries_).subspan(row));
  };
  const double sum = std::accumulate(backoff_->shortest.begin(), backoff_->shortest.end(), 0.0);
  if (sum > 0) {
    for (const double p : backoff_->shortest) shortest_.push_back(p / sum);
  }
  states_.reserve(states + std::size_t{1});
  top_.reserve(states + std::size_t{1});
  outcomes_.reserve(backoff_->followers.size() + v + 1);
  for (std::size_t at = 0; at < backoff_->followers.size(); ++at) {
    outcomes_.push_back({backoff_->symbol[at], backoff_->followers[at].next});
    pace.step(2);
  }
  // By context: whether a draw from there may give the end and surely gives something; of what
  // may be too unlikely for any of the 2^32 draws, the weights tell.
  std::vector<bool> good(states + std::size_t{1});
  good[states] = sum > 0 && maker.weights(shortest_)[0] > 0;
  safe_ = good[states];
  std::vector<double> shares;
  for (std::uint32_t state = 0; state < states; ++state) {
    const std::uint32_t begin = backoff_->follow[state];
    const std::uint32_t end = backoff_->follow[state + 1];
    shares.clear();
    for (std::uint32_t at = begin; at < end; ++at) shares.push_back(backoff_->followers[at].own);
    shares.push_back(backoff_->weight[state]);
    const std::uint32_t parent = backoff_->parent[state];
    const std::uint32_t shorter = parent == Backoff::kNone ? states : top_[parent];
    top_.push_back(begin == end ? shorter : state);
    states_.push_back({.row = entries_.size(),
                       .first = begin,
                       .followers = end - begin,
                       .shorter = shorter,
                       .bits = alias_bits(shares.size()),
                       .mask = backoff_->masks.empty() ? 0 : backoff_->masks[state]});
    if (begin == end) {
      pace.step(8);
      continue;
    }
    const std::span<const std::uint64_t> weights = add(shares);
    const bool end_here = backoff_->symbol[begin] == 0 && weights.front() > 0;
    good[state] = weights.back() > 0 ? good[shorter] : end_here;
    safe_ = safe_ && good[state];
  }
  // The empty context: every symbol is an outcome, and none a shorter context. Where no symbol
  // is, the only outcome is one that stands for nothing.
  top_.push_back(states);
  states_.push_back({.row = entries_.size(),
                     .first = static_cast<std::uint32_t>(outcomes_.size()),
                     .followers = v,
                     .shorter = states,
                     .bits = sum > 0 ? alias_bits(v) : 0,
                     .mask = 0});
  if (sum > 0) {
    for (std::uint32_t symbol = 0; symbol < v; ++symbol) outcomes_.push_back({symbol, symbol});
    add(shortest_);
  } else {
    outcomes_.push_back({0, kNothing});
    entries_.push_back(0);
  }
}

// What the draws from a state may give.
void NgramSampler::steps(std::uint32_t state, Steps& out) const {
  const std::uint32_t empty = static_cast<std::uint32_t>(backoff_->states());
  AliasMaker maker;
  std::vector<double> shares;
  for (std::uint32_t at = top_[state];; at = states_[at].shorter) {
    const State& here = states_[at];
    if (at == empty) {
      if (shortest_.empty()) {  // a draw that comes here finds nothing, whatever others find
        out.ends = false;
        out.next.clear();
        return;
      }
      shares = shortest_;
    } else {
      shares.clear();
      for (std::uint32_t i = 0; i < here.followers; ++i) {
        shares.push_back(backoff_->followers[here.first + i].own);
      }
      shares.push_back(backoff_->weight[at]);
    }
    const std::span<const std::uint64_t> weights = maker.weights(shares);
    out.work += 8 + shares.size();
    for (std::uint32_t i = 0; i < here.followers; ++i) {
      if (weights[i] == 0) continue;
      const Outcome& drawn = outcomes_[here.first + i];
      if (drawn.symbol == 0) {
        out.ends = true;
      } else {
        out.next.push_back(next(state, at, drawn));
      }
    }
    if (at == empty || weights.back() == 0) return;
  }
}

void NgramSampler::check(const SampleRequest& request, const Poll& poll) const {
  if (safe_) return;
  endings_.check(
      backoff_->after(request.prefix), request.max_length == 0,
      [&](std::uint32_t state, Steps& out) { steps(state, out); },
      name_of_prefix(alphabet(), request.prefix), poll);
}

std::uint32_t NgramSampler::next(std::uint32_t state, std::uint32_t at,
                                 const Outcome& drawn) const {
  if (at == top_[state]) return drawn.next;
  if (backoff_->masks.empty()) return backoff_->next(state, drawn.symbol);
  const std::uint64_t bit = std::uint64_t{1} << drawn.symbol;
  for (std::uint32_t longer = top_[state]; longer != at; longer = states_[longer].shorter) {
    const State& here = states_[longer];
    if ((here.mask & bit) == 0) continue;
    const int place = std::popcount(here.mask & (bit - 1));
    return outcomes_[here.first + static_cast<std::uint32_t>(place)].next;
  }
  return drawn.next;
}

// Several words are drawn side by side, a symbol of each at a time. Waiting for memory is what
// a draw costs, so every step of it is taken for all of them before the next one, and what the
// next one needs is asked for ahead.
template <class Id>
void NgramSampler::draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                              SampledWords<Id>& out, const Poll& pause) const {
  constexpr std::size_t most = 32;
  const std::size_t first_stop =
      request.max_length != 0 ? request.max_length : request.prefix.size() + EndCheck::kFirstLook;
  const StepsFrom steps_from = [&](std::uint32_t state, Steps& found) { steps(state, found); };
  const std::uint32_t start = backoff_->after(request.prefix);
  // Each walk draws some neighbouring words, one after another.
  struct Walk {
    LevelBits bits{0, 0};
    std::size_t word, end;
    std::uint64_t step;
    std::size_t length;
    std::size_t look;     // the length at which it is looked after
    std::uint32_t state;  // of the word so far
    std::uint32_t at;     // from which its next symbol is drawn
    std::uint32_t random;
    std::uint32_t outcome;
    SampledWords<Id> out;
  };
  std::array<Walk, most> walks;
  const auto begin_word = [&](Walk& walk) {
    walk.bits = LevelBits(request.seed, request.start + walk.word);
    for (const std::uint32_t id : request.prefix) walk.out.ids.push_back(static_cast<Id>(id));
    walk.step = 0;
    walk.length = request.prefix.size();
    walk.state = start;
    walk.look = first_stop;
  };
  std::array<std::uint32_t, most> open;  // the walks that are not done
  std::size_t opened = 0;
  for (std::uint32_t i = 0; i < most; ++i) {
    walks[i].word = begin + (end - begin) * i / most;
    walks[i].end = begin + (end - begin) * (i + 1) / most;
    if (walks[i].word == walks[i].end) continue;
    begin_word(walks[i]);
    open[opened++] = i;
  }
  for (std::size_t turn = 1; opened > 0; ++turn) {
    for (std::size_t j = 0; j < opened; ++j) {
      Walk& walk = walks[open[j]];
      walk.at = top_[walk.state];
      prefetch(&states_[walk.at]);
    }
    std::array<std::uint32_t, most> waiting = open;  // the walks that have no symbol yet
    std::size_t left = opened;
    for (std::uint32_t level = 0; left > 0; ++level) {
      for (std::size_t j = 0; j < left; ++j) {
        Walk& walk = walks[waiting[j]];
        const State& here = states_[walk.at];
        walk.random = walk.bits.at(walk.step, level);
        prefetch(&entries_[here.row + (walk.random & ((1u << here.bits) - 1))]);
      }
      std::size_t still = 0;
      for (std::size_t j = 0; j < left; ++j) {
        const std::uint32_t i = waiting[j];
        Walk& walk = walks[i];
        const State& here = states_[walk.at];
        walk.outcome = draw_alias(&entries_[here.row], here.bits, walk.random);
        const bool shorter = walk.outcome == here.followers;
        prefetch(&outcomes_[here.first + walk.outcome]);
        walk.at = shorter ? here.shorter : walk.at;
        prefetch(&states_[walk.at]);
        waiting[still] = i;
        still += shorter;
      }
      left = still;
    }
    std::size_t kept = 0;
    for (std::size_t j = 0; j < opened; ++j) {
      const std::uint32_t i = open[j];
      Walk& walk = walks[i];
      const Outcome drawn = outcomes_[states_[walk.at].first + walk.outcome];
      bool ends = drawn.symbol == 0;
      bool full = false;
      if (walk.length >= first_stop) [[unlikely]] {
        full = request.is_full(walk.length);
        ends = ends || full;
        if (!ends && walk.length >= walk.look) {
          check_ahead(walk.state, steps_from, pause);
          walk.look *= 2;
        }
      }
      if (!ends) {
        walk.out.ids.push_back(static_cast<Id>(drawn.symbol));
        walk.state = next(walk.state, walk.at, drawn);
        prefetch(&top_[walk.state]);
        ++walk.length;
        ++walk.step;
      } else {
        if (drawn.next == kNothing && !full) fail_stuck();
        walk.out.offsets.push_back(static_cast<std::int64_t>(walk.out.ids.size()));
        if (++walk.word < walk.end) begin_word(walk);
      }
      open[kept] = i;
      kept += walk.word < walk.end;
    }
    opened = kept;
    if (turn % (kPauseAfter / most) == 0) pause();
  }
  for (const Walk& walk : walks) {
    const auto before = static_cast<std::int64_t>(out.ids.size());
    out.ids.insert(out.ids.end(), walk.out.ids.begin(), walk.out.ids.end());
    for (const std::int64_t offset : walk.out.offsets) out.offsets.push_back(before + offset);
  }
}

template void NgramSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint8_t>&, const Poll&) const;
template void NgramSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint16_t>&, const Poll&) const;
template void NgramSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint32_t>&, const Poll&) const;

}  // namespace makemore
