// Tables of shares, made at once; tables of whole distributions, made when needed.
#include "core/ngram_sampler.hpp"

#include <algorithm>
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

// Draws words begin to end - 1 with next(bits, step, state), which returns the next symbol
// and moves the state.
template <class Id, class Next>
void draw_by(const SampleRequest& request, std::uint32_t start, std::size_t begin,
             std::size_t end, SampledWords<Id>& out, const Poll& pause, Next&& next) {
  const std::size_t limit = request.max_length == 0 ? SIZE_MAX : request.max_length;
  std::size_t since_pause = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const WordBits bits(request.seed, request.start + i);
    for (const std::uint32_t id : request.prefix) out.ids.push_back(static_cast<Id>(id));
    std::uint32_t state = start;
    std::size_t length = request.prefix.size();
    for (std::uint64_t step = 0; length < limit; ++step) {
      const std::uint32_t symbol = next(bits, step, state);
      if (symbol == 0) break;
      out.ids.push_back(static_cast<Id>(symbol));
      ++length;
      if (++since_pause == kPauseAfter) {
        since_pause = 0;
        pause();
      }
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
  }
}

// The blocks of random bits of a word, one a level, made when first asked for.
class LevelBits {
 public:
  std::uint32_t at(const WordBits& word, std::uint64_t step, std::uint32_t level) {
    if (step == 0 && level == 0) blocks_.clear();  // another word
    if (level >= blocks_.size()) blocks_.resize(level + 1);
    Block& block = blocks_[level];
    if (block.quarter != step / 4 + 1) block = {step / 4 + 1, word.block(step / 4, level)};
    return block.bits[step % 4];
  }

 private:
  struct Block {
    std::uint64_t quarter = 0;  // from 1
    PhiloxBlock bits{};
  };
  std::vector<Block> blocks_;
};

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
    : WordSamplerOf(alphabet), backoff_(std::move(backoff)), rows_(backoff_->states()) {
  std::vector<double> shares;
  for (std::size_t state = 0; state < rows_.size(); ++state) {
    rows_[state] = entries_.size();
    const std::uint32_t begin = backoff_->follow[state];
    const std::uint32_t end = backoff_->follow[state + 1];
    if (begin == end) continue;
    shares.clear();
    for (std::uint32_t at = begin; at < end; ++at) shares.push_back(backoff_->followers[at].own);
    shares.push_back(backoff_->weight[state]);
    entries_.resize(entries_.size() + (std::size_t{1} << alias_bits(shares.size())));
    make_alias_row(shares, std::span(entries_).subspan(rows_[state]));
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
  LevelBits bits;
  const auto next = [&](const WordBits& word, std::uint64_t step, std::uint32_t& state) {
    std::uint32_t level = 0;
    for (std::uint32_t at = state; at != Backoff::kNone; at = model.parent[at]) {
      const std::uint32_t followers = model.follow[at + 1] - model.follow[at];
      if (followers == 0) continue;
      const std::uint32_t outcome = draw_alias(&entries_[rows_[at]], alias_bits(followers + 1),
                                               bits.at(word, step, level++));
      if (outcome == followers) continue;
      const Backoff::Follower& drawn = model.followers[model.follow[at] + outcome];
      state = at == state ? drawn.next : model.next(state, drawn.symbol);
      return drawn.symbol;
    }
    const std::uint32_t symbol =
        draw_alias(shortest_.data(), shortest_bits, bits.at(word, step, level));
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
  LevelBits bits;
  const auto next = [&](const WordBits& word, std::uint64_t step, std::uint32_t& state) {
    auto found = rows.find(state);
    if (found == rows.end()) {
      if (rows.size() * row_size > most_cached) rows.clear();
      found = rows.emplace(state, alias_row(shaped(state))).first;
    }
    const std::uint32_t symbol = draw_alias(found->second.data(), alias_bits(backoff_->symbols),
                                            bits.at(word, step, 0));
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
