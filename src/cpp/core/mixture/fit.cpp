// Chains are counted side by side; the weights are learned step after step, in one thread for each
// order.
#include "mixture/fit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "mixture/chain_counts.hpp"
#include "mixture/chain_rows.hpp"
#include "mixture/learn.hpp"
#include "sampling/philox.hpp"

namespace makemore {
namespace {

// Weights are learned from all positions, or from so many; fewer where the alphabet is large.
constexpr std::uint64_t kMostPositions = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 28;  // positions times symbols

// Chains are counted side by side while their keys fit into this memory.
constexpr std::size_t kKeyBytes = std::size_t{3} << 30;

constexpr std::size_t kPollAfter = 1 << 16;  // positions

// Of more positions than these not each is looked at: words may count very often.
constexpr std::uint64_t kMostLookedAt = std::uint64_t{1} << 26;

// The number of the first of so many equal stretches, from which one position each is taken.
std::uint64_t begin_of_stretch(std::uint64_t number, std::uint64_t stretches, std::uint64_t all) {
  return all / stretches * number + all % stretches * number / stretches;
}

// Positions to learn from, by number, where each word stands as often as it counts, one behind the
// other: all; or each with the same chance (Knuth's algorithm S); or one of each of equal
// stretches, where there are very many.
std::vector<std::uint64_t> choose_positions(const WordList& words, std::uint64_t seed,
                                            const Poll& poll) {
  const std::uint64_t all = words.total_positions();
  const std::uint64_t stride = symbol_stride(words.alphabet().size());
  std::uint64_t wanted =
      std::min({all, kMostPositions, std::max<std::uint64_t>(kMostNumbers / stride, 1)});
  std::vector<std::uint64_t> chosen;
  chosen.reserve(wanted);
  if (all > kMostLookedAt) {
    for (std::uint64_t i = 0; i < wanted; ++i) {
      if (i % kPollAfter == 0 && poll) poll();
      const std::uint64_t begin = begin_of_stretch(i, wanted, all);
      const std::uint64_t size = begin_of_stretch(i + 1, wanted, all) - begin;
      const PhiloxBlock draw = philox4x32({static_cast<std::uint32_t>(i), 0, 1, 2}, seed);
      const double uniform = (draw[0] + draw[1] / 4294967296.0) / 4294967296.0;
      const auto at = static_cast<std::uint64_t>(uniform * static_cast<double>(size));
      chosen.push_back(begin + std::min(at, size - 1));
    }
    return chosen;
  }
  for (std::uint64_t i = 0; wanted > 0; ++i) {
    if (i % kPollAfter == 0 && poll) poll();
    const std::uint64_t left = all - i;
    if (wanted < left) {
      const PhiloxBlock draw = philox4x32(
          {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i >> 32), 0, 2}, seed);
      const double uniform = static_cast<double>(draw[0]) / 4294967296.0;
      if (uniform * static_cast<double>(left) >= static_cast<double>(wanted)) continue;
    }
    chosen.push_back(i);
    --wanted;
  }
  return chosen;
}

// What the weights are learned from: each position as often as it was chosen; the different ones
// among the positions of the words that are held, by number; and which of these each is.
struct Sample {
  std::vector<Lesson::Position> positions;
  std::vector<std::uint64_t> held;
  std::vector<std::uint32_t> held_of;
};

Sample look_up(const WordList& words, std::span<const std::uint64_t> chosen,
               const MixtureWeights& weights, const Poll& poll) {
  constexpr std::uint32_t none = 0xFFFFFFFF;
  Pace pace(poll);
  Sample sample;
  sample.positions.reserve(chosen.size());
  sample.held_of.reserve(chosen.size());
  std::uint64_t first = 0;       // position of a word among those chosen from
  std::uint64_t first_held = 0;  // and among those that are held
  auto next = chosen.begin();
  std::vector<std::uint32_t> places;  // in `held`, by t
  for (std::size_t i = 0; i < words.size() && next != chosen.end(); ++i) {
    const std::span<const std::uint32_t> word = words.word(i);
    const std::size_t size = word.size() + 1;
    const std::uint64_t end = first + size * words.times(i);
    const auto begin_of_word = next;
    while (next != chosen.end() && *next < end) ++next;
    const std::span of_word(begin_of_word, next);
    places.assign(size, none);
    for (const std::uint64_t at : of_word) places[(at - first) % size] = 0;
    for (std::size_t t = 0; t < size; ++t) {
      if (places[t] == none) continue;
      places[t] = static_cast<std::uint32_t>(sample.held.size());
      sample.held.push_back(first_held + t);
    }
    for (const std::uint64_t at : of_word) {
      const auto t = static_cast<std::size_t>((at - first) % size);
      sample.positions.push_back(
          {t < word.size() ? word[t] : 0, static_cast<std::uint32_t>(t), weights.rows(word, t)});
      sample.held_of.push_back(places[t]);
      pace.step(8);
    }
    first = end;
    first_held += size;
    pace.step(4 + 8 * size);
  }
  return sample;
}

}  // namespace

MixtureModel fit(const WordList& words, std::vector<Chain> chains, const FitOptions& options,
                 const Poll& poll) {
  if (words.size() == 0) throw Error("there are no words to fit a model to");
  if (chains.empty()) throw Error("there are no chains to fit");
  const std::size_t symbols = words.alphabet().size();
  SymbolClasses classes(words, poll);
  Levels levels(chains);
  MixtureWeights weights(levels.number, symbols, starting_weight(chains.size()));
  const std::vector<std::uint64_t> chosen = choose_positions(words, options.seed, poll);

  std::vector<ChainRows> rows(chains.size());
  {
    Lesson lesson;
    Sample sample = look_up(words, chosen, weights, poll);
    lesson.positions = std::move(sample.positions);
    lesson.held_out_at.resize(chains.size() * chosen.size());
    lesson.chains.resize(chains.size());
    std::size_t most = 1;
    for (const Chain& chain : chains) {
      most = std::max(most, ChainCounts::key_bytes(chain, words, sample.held.size()));
    }
    const std::size_t at_once = std::max<std::size_t>(1, kKeyBytes / most);
    const auto workers =
        static_cast<unsigned>(std::min<std::size_t>(thread_count(options.threads), at_once));
    constexpr double counting = 0.5;  // of the work; the rest is learning
    parallel_for(chains.size(), workers, poll, [&](std::size_t m, const Poll& pause) {
      const ChainCounts counts(chains[m], words, classes, sample.held, pause);
      Lesson::OfChain& chain = lesson.chains[m];
      std::vector<std::uint32_t> held_out_at;
      rows[m] = make_rows(counts, levels.of_chain[m], &chain.held_out, &held_out_at, pause);
      chain.rows = &rows[m];
      chain.links = links_of(rows[m], levels.of_chain[m]);
      for (std::size_t i = 0; i < chosen.size(); ++i) {
        lesson.held_out_at[i * chains.size() + m] =
            held_out_at[counts.outcome_of()[sample.held_of[i]]];
        if (i % kPollAfter == 0) pause();
      }
      options.progress.add(counting / static_cast<double>(chains.size()));
    });
    const double passes = passes_for(chosen.size(), chains.size(), options.orders);
    const auto steps =
        static_cast<std::size_t>(std::llround(passes * static_cast<double>(chosen.size())));
    const Learning learning{options.seed, 0, rate_for(chosen.size()),
                            std::max<std::size_t>(steps, 1)};
    learn_in_orders(weights, lesson, learning, options.orders, options.threads, options.progress,
                    1 - counting, poll);
  }

  const MixtureModel::Columns columns(chains);
  SymbolOrder order(rows[0], symbols);
  std::vector<std::optional<ChainTable>> made(chains.size());
  parallel_for(chains.size(), options.threads, poll, [&](std::size_t m, const Poll& pause) {
    made[m].emplace(std::move(rows[m]), order, columns.of_chain[m], levels.of_chain[m], pause);
  });
  std::vector<ChainTable> tables;
  for (std::optional<ChainTable>& table : made) tables.push_back(std::move(*table));
  PrefixRows prefixes(words, symbol_stride(symbols), poll);
  return MixtureModel({words.alphabet(), words.total_words(), std::move(classes), std::move(chains),
                       std::move(weights), std::move(prefixes), std::move(order)},
                      std::move(tables));
}

}  // namespace makemore
