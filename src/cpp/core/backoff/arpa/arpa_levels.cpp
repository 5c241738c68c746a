// Builds the tables of a back-off model from the sorted n-grams of an ARPA file.
#include "backoff/arpa/arpa_levels.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "backoff/arpa/arpa_lines.hpp"
#include "backoff/arpa/arpa_tokens.hpp"
#include "backoff/sum_check.hpp"

namespace makemore::arpa {
namespace {

constexpr std::uint32_t kPollAfter = 1 << 16;  // n-grams

// The place of an n-gram in its level; kNone where it is missing.
std::uint32_t place(const Levels& levels, unsigned length, WideKey key) {
  const std::vector<Entry>& level = levels.entries[length];
  if (length == 1) return static_cast<std::uint32_t>(key);
  const auto found = std::lower_bound(level.begin(), level.end(), key,
                                      [](const Entry& entry, WideKey k) { return entry.key < k; });
  if (found == level.end() || found->key != key) return Backoff::kNone;
  return static_cast<std::uint32_t>(found - level.begin());
}

// Throws Error with the line of a context after which a probability, or their sum, is above one.
void check_levels(const Backoff& model, const Levels& levels, const Poll& poll) {
  const auto fail = [&](std::uint32_t state, const std::string& problem) {
    std::uint32_t line = 0;
    if (state == Backoff::kNone) {
      for (const Entry& entry : levels.entries[1]) line = std::max(line, entry.line);
      Lines::fail_at(line, problem);
    }
    std::size_t at = state;  // states are the entries, level by level
    unsigned length = 1;
    while (at >= levels.entries[length].size()) at -= levels.entries[length++].size();
    Lines::fail_at(levels.entries[length][at].line, problem);
  };
  check_sums(model, fail, poll);
}

// Sets shares to zero that are below it by no more than the file's rounding; returns whether
// all are shares then.
bool settle_shares(Backoff& model) {
  constexpr double rounding = 1e-5;
  for (std::uint32_t state = 0; state < model.states(); ++state) {
    double sum = model.weight[state];
    for (std::uint32_t at = model.follow[state]; at < model.follow[state + 1]; ++at) {
      Backoff::Follower& follower = model.followers[at];
      if (follower.own < -rounding * std::exp(follower.log)) return false;
      follower.own = std::max(follower.own, 0.0);
      sum += follower.own;
    }
    const bool followed = model.follow[state] < model.follow[state + 1];
    if (followed && !(std::abs(sum - 1) < rounding)) return false;
  }
  return true;
}

}  // namespace

// States are numbered as nodes of a trie: level by level, by their keys.
Backoff tables_of(const Levels& levels, const Poll& poll) {
  const unsigned order = levels.order;
  const std::size_t v = levels.alphabet.size();
  std::size_t all = 0;
  std::vector<std::uint32_t> first(order + 1);  // the first node of n-grams of each length
  for (unsigned length = 1; length <= order; ++length) {
    first[length] = static_cast<std::uint32_t>(all);
    all += levels.entries[length].size();
    if (all >= Backoff::kNone) throw Error("there are more n-grams than a model can hold");
  }
  const std::size_t states = order == 1 ? v : first[order];

  Backoff model;
  model.order = order;
  model.symbols = v;
  std::vector<std::uint32_t> parent(all, Backoff::kNone), context(all, Backoff::kNone);
  std::vector<double> whole(all);
  model.follow.assign(states + 1, 0);
  for (unsigned length = 1; length <= order; ++length) {
    std::uint32_t node = first[length];
    for (const Entry& entry : levels.entries[length]) {
      if (node % kPollAfter == 0 && poll) poll();
      whole[node] = power(entry.log10);
      if (length > 1) {
        const unsigned top = (length - 1) * levels.layout.bits;
        const std::uint32_t suffix = place(levels, length - 1, entry.key >> levels.layout.bits);
        const std::uint32_t prefix =
            place(levels, length - 1, entry.key & ((WideKey{1} << top) - 1));
        if (suffix == Backoff::kNone || prefix == Backoff::kNone) {
          Lines::fail_at(entry.line, std::string("the n-gram without its ") +
                                         (suffix == Backoff::kNone ? "first" : "last") +
                                         " symbol is missing");
        }
        parent[node] = first[length - 1] + suffix;
        context[node] = first[length - 1] + prefix;
        ++model.follow[context[node] + 1];
      }
      if (node < states) {
        model.parent.push_back(parent[node]);
        model.weight.push_back(power(entry.backoff));
        model.log_weight.push_back(nats(entry.backoff));
      }
      ++node;
    }
  }
  for (std::size_t state = 0; state < states; ++state) {
    model.follow[state + 1] += model.follow[state];
  }

  for (const Entry& entry : levels.entries[1]) {
    model.shortest.push_back(power(entry.log10));
    model.log_shortest.push_back(nats(entry.log10));
  }
  model.symbol.resize(all - v);
  model.followers.resize(all - v);
  std::vector<std::uint32_t> next(model.follow.begin(), model.follow.end() - 1);
  for (unsigned length = 2; length <= order; ++length) {
    std::uint32_t node = first[length];
    for (const Entry& entry : levels.entries[length]) {
      if (node % kPollAfter == 0 && poll) poll();
      const double shorter = model.weight[context[node]] * whole[parent[node]];
      const std::uint32_t at = next[context[node]]++;
      model.symbol[at] =
          static_cast<std::uint32_t>(entry.key >> ((length - 1) * levels.layout.bits));
      model.followers[at] = {nats(entry.log10), whole[node] - shorter,
                             length < order ? node : parent[node]};
      ++node;
    }
  }
  check_levels(model, levels, poll);
  model.by_levels = settle_shares(model);
  return model;
}

}  // namespace makemore::arpa
