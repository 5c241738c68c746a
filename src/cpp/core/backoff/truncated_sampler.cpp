// Builds alias tables of whole distributions when they are needed, and draws from them.
#include "backoff/truncated_sampler.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

namespace makemore {

TruncatedSampler::TruncatedSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff,
                                   Truncation truncation, const Poll& poll)
    : WordSamplerOf(alphabet),
      backoff_(std::move(backoff)),
      truncation_(truncation),
      listed_(backoff_->symbols > kWrittenOut && truncation.cuts(backoff_->symbols)),
      rows_(backoff_->states()) {
  if (!listed_ || truncation.kept(backoff_->symbols) == backoff_->symbols) return;
  Pace pace(poll);
  const std::vector<double>& p = backoff_->shortest;
  ranked_.resize(p.size());
  std::iota(ranked_.begin(), ranked_.end(), 0U);
  std::stable_sort(ranked_.begin(), ranked_.end(), [&](std::uint32_t a, std::uint32_t b) {
    pace.step(2);
    return p[a] > p[b];
  });
}

// The likeliest symbols after a state, by id.
std::vector<TruncatedSampler::Likely> TruncatedSampler::likeliest(std::uint32_t state,
                                                                  std::size_t most) const {
  most = std::min(most, ranked_.size());
  std::vector<Likely> result;
  if (state == Backoff::kNone) {
    for (std::size_t i = 0; i < most; ++i) {
      result.push_back({ranked_[i], backoff_->shortest[ranked_[i]]});
    }
    std::sort(result.begin(), result.end(),
              [](const Likely& a, const Likely& b) { return a.symbol < b.symbol; });
    return result;
  }
  // Symbols that did not follow the context keep the order that they have after the shorter one,
  // so those that are among the likeliest here are among the likeliest there; but for the ones
  // that shares below zero, of tables that were read, put behind them.
  const std::uint32_t begin = backoff_->follow[state];
  const std::uint32_t end = backoff_->follow[state + 1];
  const std::uint32_t parent = backoff_->parent[state];
  const double weight = backoff_->weight[state];
  const std::vector<Likely> shorter =
      likeliest(parent, backoff_->by_levels ? most : most + (end - begin));
  result.reserve(shorter.size() + (end - begin));
  auto next = shorter.begin();
  for (std::uint32_t at = begin; at < end; ++at) {
    const std::uint32_t symbol = backoff_->symbol[at];
    for (; next != shorter.end() && next->symbol < symbol; ++next) {
      result.push_back({next->symbol, next->probability * weight});
    }
    double p = 0;
    if (next != shorter.end() && next->symbol == symbol) {
      p = next++->probability;
    } else {
      p = backoff_->probability(parent, symbol);
    }
    result.push_back({symbol, std::max(p * weight + backoff_->followers[at].own, 0.0)});
  }
  for (; next != shorter.end(); ++next) {
    result.push_back({next->symbol, next->probability * weight});
  }
  if (result.size() <= most) return result;
  const auto likelier = [](const Likely& a, const Likely& b) {
    return a.probability > b.probability || (a.probability == b.probability && a.symbol < b.symbol);
  };
  std::vector<Likely> ranked = result;
  const auto last = ranked.begin() + static_cast<std::ptrdiff_t>(most - 1);
  std::nth_element(ranked.begin(), last, ranked.end(), likelier);
  std::erase_if(result, [&](const Likely& one) { return likelier(*last, one); });
  return result;
}

// What can be drawn before the truncation, or at least what it keeps by rank.
TruncatedSampler::Choice TruncatedSampler::all(std::uint32_t state) const {
  const std::uint32_t unknown = alphabet().unknown();  // is never drawn
  Choice result;
  if (ranked_.empty()) {
    result.probabilities.resize(backoff_->symbols);
    backoff_->probabilities(state, result.probabilities);
    if (unknown != kUnknown) result.probabilities[unknown] = 0;
    return result;
  }
  const bool drops_one = unknown != kUnknown;
  for (const Likely& one : likeliest(state, truncation_.kept(backoff_->symbols) + drops_one)) {
    result.symbols.push_back(one.symbol);
    result.probabilities.push_back(one.symbol == unknown ? 0 : one.probability);
  }
  return result;
}

// No probabilities, or all zero, where nothing can be drawn.
TruncatedSampler::Choice TruncatedSampler::choice(std::uint32_t state) const {
  Choice result = all(state);
  std::vector<double>& p = result.probabilities;
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  if (!(sum > 0)) return result;
  for (double& one : p) one /= sum;
  truncate(truncation_, p);
  if (!listed_ || !result.symbols.empty()) return result;
  Choice kept;
  for (std::uint32_t symbol = 0; symbol < p.size(); ++symbol) {
    if (p[symbol] == 0) continue;
    kept.symbols.push_back(symbol);
    kept.probabilities.push_back(p[symbol]);
  }
  return kept;
}

void TruncatedSampler::steps(std::uint32_t state, Steps& out) const {
  const Choice drawn = choice(state);
  const std::vector<std::uint64_t> weights = integer_weights(drawn.probabilities);
  for (std::uint32_t at = 0; at < weights.size(); ++at) {
    if (weights[at] == 0) continue;
    const std::uint32_t symbol = drawn.symbols.empty() ? at : drawn.symbols[at];
    if (symbol == 0) {
      out.ends = true;
    } else {
      out.next.push_back(backoff_->next(state, symbol));
    }
  }
  out.work = weights.size();
}

void TruncatedSampler::check(const SampleRequest& request, const Poll& poll) const {
  endings_.check(
      backoff_->after(request.prefix), request.max_length == 0,
      [&](std::uint32_t state, Steps& out) { steps(state, out); },
      name_of_prefix(alphabet(), request.prefix), poll);
}

TruncatedSampler::Rows::~Rows() {
  for (const std::atomic<Page*>& place : pages_) {
    const std::unique_ptr<Page> page(place.load());
    if (page == nullptr) continue;
    for (const std::atomic<const std::uint32_t*>& row : *page) delete[] row.load();
  }
}

const std::uint32_t* TruncatedSampler::Rows::add(std::uint32_t state, const Row& row) {
  constexpr std::size_t overhead = 4;  // of a piece of memory
  if (used_ + row.size() + overhead > kMost) return row.data();
  // Keeps what another thread has put into a place meanwhile.
  const auto put = [](auto& place, auto made) {
    typename decltype(made)::pointer kept = nullptr;
    if (!place.compare_exchange_strong(kept, made.get(), std::memory_order_acq_rel)) return kept;
    return made.release();
  };
  Page* page = pages_[state / kPage].load(std::memory_order_acquire);
  if (page == nullptr) page = put(pages_[state / kPage], std::make_unique<Page>());
  auto made = std::make_unique<std::uint32_t[]>(row.size());
  std::copy(row.begin(), row.end(), made.get());
  used_ += row.size() + overhead;
  return put((*page)[state % kPage], std::unique_ptr<const std::uint32_t[]>(std::move(made)));
}

TruncatedSampler::Row TruncatedSampler::row_of(std::uint32_t state, AliasMaker& maker) const {
  const Choice drawn = choice(state);
  const unsigned bits = alias_bits(drawn.probabilities.size());
  Row row(1 + (std::size_t{1} << bits));
  row[0] = bits;
  const std::span<const std::uint64_t> weights =
      maker.make(drawn.probabilities, std::span(row).subspan(1));
  if (std::all_of(weights.begin(), weights.end(), [](std::uint64_t w) { return w == 0; })) {
    fail_stuck();
  }
  row.insert(row.end(), drawn.symbols.begin(), drawn.symbols.end());
  return row;
}

template <class Id>
void TruncatedSampler::draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                                  SampledWords<Id>& out, const Poll& pause) const {
  const StepsFrom steps_from = [&](std::uint32_t state, Steps& found) { steps(state, found); };
  const std::uint32_t start = backoff_->after(request.prefix);
  Pace pace(pause);
  AliasMaker maker;
  Row own;  // where the shared rows are full
  for (std::size_t i = begin; i < end; ++i) {
    const WordBits word(request.seed, request.start + i);
    for (const std::uint32_t id : request.prefix) out.ids.push_back(static_cast<Id>(id));
    std::uint32_t state = start;
    std::size_t length = request.prefix.size();
    std::uint64_t look = EndCheck::kFirstLook;
    for (std::uint64_t step = 0; !request.is_full(length); ++step, ++length) {
      if (step == look && request.max_length == 0) {
        check_ahead(state, steps_from, pause);
        look *= 2;
      }
      const std::uint32_t* row = rows_.find(state);
      if (row == nullptr) {
        own = row_of(state, maker);
        pace.step((backoff_->order + 32) * own.size());
        row = rows_.add(state, own);
      }
      const unsigned bits = row[0];
      std::uint32_t symbol = draw_alias(row + 1, bits, word.at(step));
      if (listed_) symbol = row[1 + (std::size_t{1} << bits) + symbol];
      if (symbol == 0) break;
      out.ids.push_back(static_cast<Id>(symbol));
      state = backoff_->next(state, symbol);
      pace.step(32);
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
    pace.step(32);
  }
}

template void TruncatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                           SampledWords<std::uint8_t>&, const Poll&) const;
template void TruncatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                           SampledWords<std::uint16_t>&, const Poll&) const;
template void TruncatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                           SampledWords<std::uint32_t>&, const Poll&) const;

}  // namespace makemore
