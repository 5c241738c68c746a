// Tables of shares, made at once; tables of whole distributions, made when needed.
#include "core/ngram_sampler.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/alias.hpp"
#include "core/compiler.hpp"
#include "core/error.hpp"
#include "core/quoted.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kPauseAfter = std::size_t{1} << 16;  // symbols

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

std::vector<std::uint32_t> alias_row(std::span<const double> probabilities) {
  std::vector<std::uint32_t> entries(std::size_t{1} << alias_bits(probabilities.size()));
  make_alias_row(probabilities, entries);
  return entries;
}

std::string name_of(const Alphabet& alphabet, std::span<const std::uint32_t> prefix) {
  std::string name;
  for (const std::uint32_t id : prefix) name += to_utf8(alphabet.symbols()[id]);
  return quoted(name);
}

}  // namespace

NgramSampler::NgramSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff)
    : WordSamplerOf(alphabet), backoff_(std::move(backoff)) {
  const auto states = static_cast<std::uint32_t>(backoff_->states());
  const auto add = [&](std::span<const double> shares) {
    const std::size_t row = entries_.size();
    entries_.resize(row + (std::size_t{1} << alias_bits(shares.size())));
    make_alias_row(shares, std::span(entries_).subspan(row));
  };
  states_.reserve(states + 1);
  top_.reserve(states + 1);
  outcomes_.reserve(backoff_->followers.size() + backoff_->symbols);
  for (const Backoff::Follower& f : backoff_->followers) outcomes_.push_back({f.symbol, f.next});
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
    states_.push_back({.row = entries_.size(), .first = begin, .followers = end - begin,
                       .shorter = shorter, .bits = alias_bits(shares.size()),
                       .mask = backoff_->masks.empty() ? 0 : backoff_->masks[state]});
    if (begin != end) add(shares);
  }
  // The empty context: every symbol is an outcome, and none a shorter context.
  const auto v = static_cast<std::uint32_t>(backoff_->symbols);
  top_.push_back(states);
  states_.push_back({.row = entries_.size(), .first = static_cast<std::uint32_t>(outcomes_.size()),
                     .followers = v, .shorter = states, .bits = alias_bits(v), .mask = 0});
  for (std::uint32_t symbol = 0; symbol < v; ++symbol) outcomes_.push_back({symbol, symbol});
  std::vector<double> shortest = backoff_->shortest;
  const double sum = std::accumulate(shortest.begin(), shortest.end(), 0.0);
  ends_ = sum > 0;
  if (!ends_) return;
  for (double& p : shortest) p /= sum;
  add(shortest);
}

void NgramSampler::check(const SampleRequest& request) const {
  if (ends_) return;
  // Unsmoothed: what was seen goes on and ends as it did; only a prefix can be new.
  std::uint32_t state = backoff_->after(request.prefix);
  while (state != Backoff::kNone && backoff_->weight[state] > 0) state = backoff_->parent[state];
  if (state == Backoff::kNone) {
    throw Error("nothing was ever seen after " + name_of(alphabet(), request.prefix) +
                ", so no symbol can be drawn there; use smoothing=");
  }
}

std::uint32_t NgramSampler::next(std::uint32_t state, std::uint32_t at,
                                 const Outcome& drawn) const {
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
  const std::size_t limit = request.max_length == 0 ? SIZE_MAX : request.max_length;
  const std::uint32_t start = backoff_->after(request.prefix);
  // Each walk draws some neighbouring words, one after another.
  struct Walk {
    LevelBits bits{0, 0};
    std::size_t word, end;
    std::uint64_t step;
    std::size_t length;
    std::uint32_t state;    // of the word so far
    std::uint32_t at;       // from which its next symbol is drawn
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
      const bool ends = walk.length >= limit || drawn.symbol == 0;
      if (!ends) {
        walk.out.ids.push_back(static_cast<Id>(drawn.symbol));
        walk.state = next(walk.state, walk.at, drawn);
        prefetch(&top_[walk.state]);
        ++walk.length;
        ++walk.step;
      } else {
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

ShapedSampler::ShapedSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff,
                             Shape shape)
    : WordSamplerOf(alphabet), backoff_(std::move(backoff)), shape_(shape) {}

// The probabilities after a state, as they are drawn; all zero where nothing can be.
std::vector<double> ShapedSampler::shaped(std::uint32_t state) const {
  std::vector<double> row(backoff_->symbols);
  backoff_->probabilities(state, row);
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  if (sum > 0) {
    for (double& p : row) p /= sum;  // without the unknown symbol
  }
  reshape(shape_, row);
  return row;
}

// Goes through all states that a word can reach.
void ShapedSampler::check(const SampleRequest& request) const {
  const std::uint32_t start = backoff_->after(request.prefix);
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> before;  // who leads to a state
  std::deque<std::uint32_t> open{start};
  std::vector<std::uint32_t> ending;
  before[start];
  while (!open.empty()) {
    const std::uint32_t state = open.front();
    open.pop_front();
    const std::vector<std::uint64_t> weights = integer_weights(shaped(state));
    if (std::all_of(weights.begin(), weights.end(), [](std::uint64_t w) { return w == 0; })) {
      throw Error("nothing was ever seen after " + name_of(alphabet(), request.prefix) +
                  ", so no symbol can be drawn there; use smoothing=");
    }
    if (weights[0] > 0) ending.push_back(state);
    for (std::uint32_t symbol = 1; symbol < weights.size(); ++symbol) {
      if (weights[symbol] == 0) continue;
      const std::uint32_t next = backoff_->next(state, symbol);
      const auto [place, fresh] = before.try_emplace(next);
      if (fresh) open.push_back(next);
      place->second.push_back(state);
    }
  }
  if (request.max_length != 0) return;
  std::unordered_map<std::uint32_t, bool> ends;
  while (!ending.empty()) {
    const std::uint32_t state = ending.back();
    ending.pop_back();
    if (std::exchange(ends[state], true)) continue;
    for (const std::uint32_t from : before[state]) ending.push_back(from);
  }
  if (ends.size() < before.size()) {
    throw Error("a word can come to where it never ends; give max_length=");
  }
}

template <class Id>
void ShapedSampler::draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                               SampledWords<Id>& out, const Poll& pause) const {
  constexpr std::size_t most_cached = std::size_t{1} << 22;  // entries
  const std::size_t row_size = std::size_t{1} << alias_bits(backoff_->symbols);
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> rows;
  const std::size_t limit = request.max_length == 0 ? SIZE_MAX : request.max_length;
  const std::uint32_t start = backoff_->after(request.prefix);
  std::size_t drawn = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const WordBits bits(request.seed, request.start + i);
    for (const std::uint32_t id : request.prefix) out.ids.push_back(static_cast<Id>(id));
    std::uint32_t state = start;
    std::size_t length = request.prefix.size();
    for (std::uint64_t step = 0; length < limit; ++step, ++length) {
      auto found = rows.find(state);
      if (found == rows.end()) {
        if (rows.size() * row_size > most_cached) rows.clear();
        found = rows.emplace(state, alias_row(shaped(state))).first;
      }
      const std::uint32_t symbol =
          draw_alias(found->second.data(), alias_bits(backoff_->symbols), bits.at(step));
      if (symbol == 0) break;
      out.ids.push_back(static_cast<Id>(symbol));
      state = backoff_->next(state, symbol);
      if (++drawn % (kPauseAfter / 16) == 0) pause();
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
  }
}

template void NgramSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint8_t>&, const Poll&) const;
template void NgramSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint16_t>&, const Poll&) const;
template void NgramSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint32_t>&, const Poll&) const;
template void ShapedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint8_t>&, const Poll&) const;
template void ShapedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint16_t>&, const Poll&) const;
template void ShapedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                       SampledWords<std::uint32_t>&, const Poll&) const;

}  // namespace makemore
