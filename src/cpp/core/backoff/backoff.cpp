// Smoothing: the shares and the back-off weight of each context, from short ones to long ones.
#include "backoff/backoff.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "text/alphabet.hpp"

namespace makemore {
namespace {

double log_of(double p) { return p > 0 ? std::log(p) : -kInfinity; }

// How often an n-gram of `length` symbols counts for Kneser-Ney.
std::int64_t adjusted(const NgramTrie& trie, std::uint32_t node, unsigned length) {
  const bool whole = length == trie.order || (length > 1 && trie.label[node] == 0);
  return whole ? trie.count[node] : trie.child[node + 1] - trie.child[node];
}

// What smoothing makes of the n-grams of one context, or of all single symbols: the count of
// each goes in, its own share comes out; returned is the context's weight.
using Share = std::function<double(unsigned length, std::uint32_t context,
                                   std::span<const std::int64_t> counts, std::span<double> own)>;
using Count = std::function<std::int64_t(std::uint32_t node, unsigned length)>;

// The states of single symbols for a model that looks at none: each leaves all to the empty one.
void add_bare_states(Backoff& model) {
  const std::size_t v = model.symbols;
  model.parent.assign(v, Backoff::kNone);
  model.weight.assign(v, 1.0);
  model.log_weight.assign(v, 0.0);
  model.follow.assign(v + 1, 0);
  if (v <= Backoff::kMasked) model.masks.assign(v, 0);
}

// The nodes that are kept as they are numbered without the others, kNone for these.
std::vector<std::uint32_t> numbers_of_kept(const NgramTrie& trie, Pace& pace) {
  std::vector<std::uint32_t> numbers(trie.nodes());
  std::uint32_t next = 0;
  for (unsigned length = 1; length <= trie.order; ++length) {
    for (std::uint32_t node = trie.level[length - 1]; node < trie.level[length]; ++node) {
      numbers[node] = trie.kept(node, length) ? next++ : NgramTrie::kNone;
    }
    pace.step(trie.level[length] - trie.level[length - 1]);
  }
  return numbers;
}

// `uniform` is the probability of each symbol below the empty context. What n-grams that are left
// out would have as their own goes to the weight of their context.
Backoff interpolated(const NgramTrie& trie, const Count& count, const Share& share, double uniform,
                     const Poll& poll) {
  Pace pace(poll);
  Backoff model;
  const std::size_t v = trie.symbols;
  model.order = trie.order;
  model.symbols = v;
  std::vector<std::int64_t> counts(v);
  std::vector<double> own(v);
  for (std::uint32_t symbol = 0; symbol < v; ++symbol) counts[symbol] = count(symbol, 1);
  const double rest = share(1, NgramTrie::kNone, counts, own) * uniform;
  model.shortest.resize(v);
  model.log_shortest.resize(v);
  for (std::size_t symbol = 0; symbol < v; ++symbol) {
    model.shortest[symbol] = own[symbol] + rest;
    model.log_shortest[symbol] = log_of(model.shortest[symbol]);
  }

  if (trie.order == 1) {
    add_bare_states(model);
    return model;
  }
  const std::vector<std::uint32_t> number = numbers_of_kept(trie, pace);
  const std::uint32_t contexts = trie.level[trie.order - 1];
  const auto not_kept = [](std::uint32_t one) { return one == NgramTrie::kNone; };
  const auto states = contexts - static_cast<std::size_t>(std::count_if(
                                     number.begin(), number.begin() + contexts, not_kept));
  const auto kept = trie.nodes() -
                    static_cast<std::size_t>(std::count_if(number.begin(), number.end(), not_kept));
  model.parent.reserve(states);
  model.weight.reserve(states);
  model.log_weight.reserve(states);
  model.follow.reserve(states + 1);
  model.symbol.reserve(kept - v);
  model.followers.reserve(kept - v);
  std::vector<double> whole(trie.nodes());  // P(last symbol | the others) of each n-gram
  std::copy(model.shortest.begin(), model.shortest.end(), whole.begin());
  pace.step(8 * trie.nodes());  // making room for all these
  unsigned length = 2;          // of the n-grams that follow
  for (std::uint32_t context = 0; context < contexts; ++context) {
    if (context == trie.level[length - 1]) ++length;
    if (number[context] == NgramTrie::kNone) continue;
    const std::uint32_t begin = trie.follow[context];
    const std::uint32_t end = trie.follow[context + 1];
    const std::uint32_t parent = trie.parent[context];
    model.parent.push_back(parent == NgramTrie::kNone ? parent : number[parent]);
    model.follow.push_back(static_cast<std::uint32_t>(model.followers.size()));
    counts.resize(end - begin);
    own.resize(end - begin);
    for (std::uint32_t at = begin; at < end; ++at) {
      counts[at - begin] = count(trie.following[at], length);
    }
    double weight = end > begin ? share(length, context, counts, own) : 1;
    for (std::uint32_t at = begin; at < end; ++at) {
      if (number[trie.following[at]] == NgramTrie::kNone) weight += own[at - begin];
    }
    model.weight.push_back(weight);
    model.log_weight.push_back(log_of(weight));
    for (std::uint32_t at = begin; at < end; ++at) {
      const std::uint32_t node = trie.following[at];
      if (number[node] == NgramTrie::kNone) continue;
      whole[node] = own[at - begin] + weight * whole[trie.parent[node]];
      model.symbol.push_back(trie.last[at]);
      model.followers.push_back({log_of(whole[node]), own[at - begin],
                                 number[length < trie.order ? node : trie.parent[node]]});
    }
    pace.step(16 + 32 * std::size_t{end - begin});
  }
  model.follow.push_back(static_cast<std::uint32_t>(model.followers.size()));
  if (v <= Backoff::kMasked) {
    model.masks.resize(states);
    for (std::size_t context = 0; context < states; ++context) {
      for (std::uint32_t at = model.follow[context]; at < model.follow[context + 1]; ++at) {
        model.masks[context] |= std::uint64_t{1} << model.symbol[at];
      }
      pace.step(4 + std::size_t{model.follow[context + 1] - model.follow[context]});
    }
  }
  return model;
}

double uniform_share(const NgramTrie& trie) { return 1 / static_cast<double>(trie.symbols); }

}  // namespace

double Backoff::step(std::uint32_t& state, std::uint32_t id) const {
  double log = 0;
  for (std::uint32_t at = state; at != kNone; at = parent[at]) {
    if (const Follower* found = find(at, id)) {
      // Of bigrams it is known before memory answers.
      state = order == 2 ? id : found->next;
      return log + found->log;
    }
    log += log_weight[at];
  }
  if (id == kUnknown) {
    state = kNone;
    return -kInfinity;
  }
  state = id;
  return log + log_shortest[id];
}

double Backoff::probability(std::uint32_t state, std::uint32_t wanted) const {
  if (state == kNone) return shortest[wanted];
  const double p = probability(parent[state], wanted) * weight[state];
  const Follower* const found = find(state, wanted);
  return found != nullptr ? std::max(p + found->own, 0.0) : p;
}

void Backoff::probabilities(std::uint32_t state, std::span<double> out) const {
  if (state == kNone) {
    std::copy(shortest.begin(), shortest.end(), out.begin());
    return;
  }
  probabilities(parent[state], out);
  for (double& p : out) p *= weight[state];
  for (std::uint32_t at = follow[state]; at < follow[state + 1]; ++at) {
    double& p = out[symbol[at]];
    p = std::max(p + followers[at].own,
                 0.0);  // own shares of tables that were read may be negative
  }
}

std::vector<Discounts> estimated_discounts(const NgramTrie& trie, const Poll& poll) {
  Pace pace(poll);
  std::vector<Discounts> all;
  for (unsigned length = 1; length <= trie.order; ++length) {
    std::array<double, 5> of_count{};  // how many n-grams occur once, twice, ...
    for (std::uint32_t node = trie.level[length - 1]; node < trie.level[length]; ++node) {
      const std::int64_t n = adjusted(trie, node, length);
      if (n > 0 && n < 5) ++of_count[static_cast<std::size_t>(n)];
      pace.step(2);
    }
    const double y = of_count[1] / (of_count[1] + 2 * of_count[2]);
    std::array<double, 3> d{};
    bool good = true;
    for (std::size_t j = 1; j <= 3; ++j) {
      d[j - 1] =
          static_cast<double>(j) - static_cast<double>(j + 1) * y * of_count[j + 1] / of_count[j];
      good = good && d[j - 1] >= 0 && d[j - 1] <= static_cast<double>(j);  // not for NaN
    }
    all.push_back(good ? Discounts{d[0], d[1], d[2]} : Discounts{});
  }
  return all;
}

Backoff kneser_ney(const NgramTrie& trie, std::vector<Discounts> discounts, const Poll& poll) {
  if (discounts.empty()) discounts = estimated_discounts(trie, poll);
  if (discounts.size() != trie.order) {
    throw Error("discounts must be given for the n-grams of each length, 1 to " +
                std::to_string(trie.order) + "; got " + std::to_string(discounts.size()));
  }
  for (const Discounts& d : discounts) {
    if (!(d.one >= 0 && d.one <= 1 && d.two >= 0 && d.two <= 2 && d.more >= 0 && d.more <= 3)) {
      throw Error("a discount must be from 0 to the count that it is for");
    }
  }
  const Count count = [&](std::uint32_t node, unsigned length) {
    return adjusted(trie, node, length);
  };
  const Share share = [&](unsigned length, std::uint32_t, std::span<const std::int64_t> counts,
                          std::span<double> own) {
    const Discounts& discount = discounts[length - 1];
    std::int64_t sum = 0;
    for (const std::int64_t n : counts) sum += n;
    const auto all = static_cast<double>(sum);
    double taken = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double d = discount.of(counts[i]);
      own[i] = (static_cast<double>(counts[i]) - d) / all;
      taken += d;
    }
    return taken / all;
  };
  return interpolated(trie, count, share, uniform_share(trie), poll);
}

Backoff witten_bell(const NgramTrie& trie, const Poll& poll) {
  const Count count = [&](std::uint32_t node, unsigned) { return trie.count[node]; };
  const Share share = [](unsigned, std::uint32_t, std::span<const std::int64_t> counts,
                         std::span<double> own) {
    std::int64_t sum = 0;
    std::int64_t kinds = 0;
    for (const std::int64_t n : counts) {
      sum += n;
      kinds += n > 0;
    }
    const auto all = static_cast<double>(sum + kinds);
    for (std::size_t i = 0; i < counts.size(); ++i) own[i] = static_cast<double>(counts[i]) / all;
    return static_cast<double>(kinds) / all;
  };
  return interpolated(trie, count, share, uniform_share(trie), poll);
}

Backoff add_k(const NgramTrie& trie, double k, const Poll& poll) {
  if (!(k >= 0) || k == kInfinity) throw Error("smoothing must be a number from 0 up");
  if (k == 0 && !trie.thresholds.empty() && trie.thresholds.back() > 0) {
    throw Error(
        "smoothing=0 leaves the share of pruned n-grams to nothing; use another smoothing=");
  }
  const auto v = static_cast<double>(trie.symbols);
  const double scale = k > 1e100 ? k : 1;  // keeps k V finite
  const Count count = [&](std::uint32_t node, unsigned) { return trie.count[node]; };
  const Share share = [&](unsigned length, std::uint32_t context,
                          std::span<const std::int64_t> counts, std::span<double> own) {
    // A context that begins a word is full whatever its length.
    const bool full =
        length == trie.order || (context != NgramTrie::kNone && trie.label[context] == 0);
    std::fill(own.begin(), own.end(), 0.0);
    if (!full) return 1.0;
    double all = k / scale * v;
    for (const std::int64_t n : counts) all += static_cast<double>(n) / scale;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      own[i] = static_cast<double>(counts[i]) / scale / all;
    }
    return k / scale * v / all;
  };
  return interpolated(trie, count, share, k > 0 ? 1 / v : 0, poll);
}

Backoff of_rows(std::span<const double> probabilities, std::size_t symbols, const Poll& poll) {
  Pace pace(poll);
  Backoff model;
  model.order = 2;
  model.symbols = symbols;
  add_bare_states(model);
  model.shortest.assign(symbols, 0.0);
  model.log_shortest.assign(symbols, -kInfinity);
  std::fill(model.weight.begin(), model.weight.end(), 0.0);
  std::fill(model.log_weight.begin(), model.log_weight.end(), -kInfinity);
  for (std::uint32_t first = 0; first < symbols; ++first) {
    for (std::uint32_t second = 0; second < symbols; ++second) {
      const double p = probabilities[first * symbols + second];
      if (!(p > 0)) continue;
      model.symbol.push_back(second);
      model.followers.push_back({log_of(p), p, second});
      if (!model.masks.empty()) model.masks[first] |= std::uint64_t{1} << second;
    }
    model.follow[first + 1] = static_cast<std::uint32_t>(model.followers.size());
    pace.step(16 * symbols);
  }
  return model;
}

}  // namespace makemore
