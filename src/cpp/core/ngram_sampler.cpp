// Tables of shares, made at once; tables of whole distributions, made when needed.
#include "core/ngram_sampler.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/alias.hpp"
#include "core/error.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kPauseAfter = std::size_t{1} << 16;  // symbols

// The random bits of a word, four steps at a time.
class LevelBits {
 public:
  LevelBits(std::uint64_t seed, std::uint64_t word) : word_(seed, word) {}

  // Of a step and one of the first levels. Asked for steps in order.
  std::uint32_t at(std::uint64_t step, std::uint32_t level) {
    if (level >= kKept) return word_.at(step, level);
    if (level >= made_ || step / 4 != quarter_) make(step / 4, level);
    return blocks_[level][step % 4];
  }

 private:
  static constexpr std::uint32_t kKept = 4;

  void make(std::uint64_t quarter, std::uint32_t level) {
    if (quarter != quarter_) made_ = 0;
    quarter_ = quarter;
    for (; made_ <= level; ++made_) blocks_[made_] = word_.block(quarter, made_);
  }

  WordBits word_;
  std::uint64_t quarter_ = 0;
  std::uint32_t made_ = 0;  // levels whose blocks of the quarter are there
  std::array<PhiloxBlock, kKept> blocks_;
};

// Draws the words begin to end - 1 of a request, one symbol at a time, with
// next(bits, step, state), which returns the symbol and moves the state.
template <class Id>
class Walk {
 public:
  Walk(const SampleRequest& request, std::uint32_t start, std::size_t begin, std::size_t end,
       SampledWords<Id>& out)
      : request_(request),
        limit_(request.max_length == 0 ? SIZE_MAX : request.max_length),
        start_(start),
        word_(begin),
        end_(end),
        bits_(request.seed, request.start + begin),
        out_(out) {
    if (word_ < end_) begin_word();
  }

  bool done() const { return word_ == end_; }

  template <class Next>
  void step(Next&& next) {
    const std::uint32_t symbol = length_ < limit_ ? next(bits_, step_++, state_) : 0;
    if (symbol != 0) {
      out_.ids.push_back(static_cast<Id>(symbol));
      ++length_;
      return;
    }
    out_.offsets.push_back(static_cast<std::int64_t>(out_.ids.size()));
    if (++word_ < end_) begin_word();
  }

 private:
  void begin_word() {
    bits_ = LevelBits(request_.seed, request_.start + word_);
    for (const std::uint32_t id : request_.prefix) out_.ids.push_back(static_cast<Id>(id));
    state_ = start_;
    length_ = request_.prefix.size();
    step_ = 0;
  }

  const SampleRequest& request_;
  std::size_t limit_;
  std::uint32_t start_;
  std::size_t word_;
  std::size_t end_;
  LevelBits bits_;
  SampledWords<Id>& out_;
  std::uint32_t state_ = 0;
  std::size_t length_ = 0;
  std::uint64_t step_ = 0;
};

// Several walks in turn, so that one goes on while another waits for memory.
template <class Id, class Next>
void draw_by(const SampleRequest& request, std::uint32_t start, std::size_t begin,
             std::size_t end, SampledWords<Id>& out, const Poll& pause, Next&& next) {
  constexpr std::size_t walks = 4;
  std::array<SampledWords<Id>, walks> parts;
  std::vector<Walk<Id>> open;
  open.reserve(walks);
  for (std::size_t i = 0; i < walks; ++i) {
    open.emplace_back(request, start, begin + (end - begin) * i / walks,
                      begin + (end - begin) * (i + 1) / walks, parts[i]);
  }
  for (std::size_t turns = 0;; ++turns) {
    std::size_t left = 0;
    for (Walk<Id>& walk : open) {
      if (walk.done()) continue;
      walk.step(next);
      ++left;
    }
    if (left == 0) break;
    if (turns % kPauseAfter == kPauseAfter - 1) pause();
  }
  for (const SampledWords<Id>& part : parts) {
    const auto before = static_cast<std::int64_t>(out.ids.size());
    out.ids.insert(out.ids.end(), part.ids.begin(), part.ids.end());
    for (const std::int64_t offset : part.offsets) out.offsets.push_back(before + offset);
  }
}

std::vector<std::uint32_t> alias_row(std::span<const double> probabilities) {
  std::vector<std::uint32_t> entries(std::size_t{1} << alias_bits(probabilities.size()));
  make_alias_row(probabilities, entries);
  return entries;
}

std::string name_of(const Alphabet& alphabet, std::span<const std::uint32_t> prefix) {
  std::string name;
  for (const std::uint32_t id : prefix) name += to_utf8(alphabet.symbols()[id]);
  return "'" + name + "'";
}

}  // namespace

NgramSampler::NgramSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff)
    : WordSamplerOf(alphabet), backoff_(std::move(backoff)), states_(backoff_->states()) {
  std::vector<double> shares;
  for (std::uint32_t state = 0; state < states_.size(); ++state) {
    const std::uint32_t begin = backoff_->follow[state];
    const std::uint32_t end = backoff_->follow[state + 1];
    shares.clear();
    for (std::uint32_t at = begin; at < end; ++at) shares.push_back(backoff_->followers[at].own);
    shares.push_back(backoff_->weight[state]);
    // What never followed anything needs no draw: the next shorter context stands in for it.
    std::uint32_t shorter = backoff_->parent[state];
    while (shorter != Backoff::kNone && backoff_->follow[shorter] == backoff_->follow[shorter + 1]) {
      shorter = backoff_->parent[shorter];
    }
    states_[state] = {.row = entries_.size(), .first = begin, .followers = end - begin,
                      .shorter = shorter, .bits = alias_bits(shares.size())};
    if (begin == end) continue;
    entries_.resize(entries_.size() + (std::size_t{1} << states_[state].bits));
    make_alias_row(shares, std::span(entries_).subspan(states_[state].row));
  }
  std::vector<double> shortest = backoff_->shortest;
  const double sum = std::accumulate(shortest.begin(), shortest.end(), 0.0);
  if (sum == 0) return;
  for (double& p : shortest) p /= sum;
  shortest_ = alias_row(shortest);
}

void NgramSampler::check(const SampleRequest& request) const {
  if (!shortest_.empty()) return;
  // Unsmoothed: what was seen goes on and ends as it did; only a prefix can be new.
  std::uint32_t state = backoff_->after(request.prefix);
  while (state != Backoff::kNone && backoff_->weight[state] > 0) state = backoff_->parent[state];
  if (state == Backoff::kNone) {
    throw Error("nothing was ever seen after " + name_of(alphabet(), request.prefix) +
                ", so no symbol can be drawn there; use smoothing=");
  }
}

template <class Id>
void NgramSampler::draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                              SampledWords<Id>& out, const Poll& pause) const {
  const Backoff& model = *backoff_;
  const unsigned shortest_bits = alias_bits(model.symbols);
  const auto next = [&](LevelBits& bits, std::uint64_t step, std::uint32_t& state) {
    std::uint32_t level = 0;
    std::uint32_t at = states_[state].followers == 0 ? states_[state].shorter : state;
    for (; at != Backoff::kNone; at = states_[at].shorter) {
      const State& here = states_[at];
      const std::uint32_t outcome =
          draw_alias(&entries_[here.row], here.bits, bits.at(step, level++));
      if (outcome == here.followers) continue;
      const Backoff::Follower& drawn = model.followers[here.first + outcome];
      state = at == state ? drawn.next : model.next(state, drawn.symbol);
      return drawn.symbol;
    }
    const std::uint32_t symbol = draw_alias(shortest_.data(), shortest_bits, bits.at(step, level));
    state = model.next(state, symbol);
    return symbol;
  };
  draw_by(request, model.after(request.prefix), begin, end, out, pause, next);
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
  const auto next = [&](LevelBits& bits, std::uint64_t step, std::uint32_t& state) {
    auto found = rows.find(state);
    if (found == rows.end()) {
      if (rows.size() * row_size > most_cached) rows.clear();
      found = rows.emplace(state, alias_row(shaped(state))).first;
    }
    const std::uint32_t symbol = draw_alias(found->second.data(), alias_bits(backoff_->symbols),
                                            bits.at(step, 0));
    state = backoff_->next(state, symbol);
    return symbol;
  };
  draw_by(request, backoff_->after(request.prefix), begin, end, out, pause, next);
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
