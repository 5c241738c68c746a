// Chains are counted side by side; the weights are learned in one thread, step after step.
#include "mixture/fit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "mixture/chain_counts.hpp"
#include "mixture/float_rows.hpp"
#include "mixture/leave_one_out.hpp"
#include "mixture/mixture_weights.hpp"
#include "sampling/philox.hpp"

namespace makemore {
namespace {

// Weights are learned from all positions, or so many of them that what the chains predict
// there fits into this memory.
constexpr std::size_t kLessonBytes = std::size_t{256} << 20;
constexpr std::size_t kLeastSteps = std::size_t{1} << 14;
constexpr unsigned kPasses = 2;

// Far beyond what is ever learned; sums of logarithms times these are finite.
constexpr float kMostWeight = 1e6F;

// Chains are counted side by side while their keys fit into this memory.
constexpr std::size_t kKeyBytes = std::size_t{3} << 30;

constexpr std::size_t kPollAfter = 1 << 16;  // positions

void check(const WordList& words, const std::vector<Chain>& chains) {
  if (words.size() == 0) throw Error("there are no words to fit a model to");
  if (chains.empty()) throw Error("there are no chains to fit");
}

// Positions to learn from, by number: all, or each with the same chance (Knuth's
// algorithm S).
std::vector<std::uint64_t> choose_positions(const WordList& words, std::size_t chains,
                                            std::uint64_t seed, const Poll& poll) {
  const std::uint64_t all = words.positions();
  const std::size_t bytes = chains * row_stride(words.alphabet().size()) * sizeof(float);
  std::uint64_t wanted =
      std::min<std::uint64_t>(all, std::max<std::size_t>(kLessonBytes / bytes, 1));
  std::vector<std::uint64_t> chosen;
  chosen.reserve(wanted);
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

std::vector<Lesson::Position> look_up(const WordList& words, std::span<const std::uint64_t> chosen,
                                      const Poll& poll) {
  Pace pace(poll);
  std::vector<Lesson::Position> positions;
  positions.reserve(chosen.size());
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < words.size() && positions.size() < chosen.size(); ++i) {
    const std::span<const std::uint32_t> word = words.word(i);
    const std::uint64_t end = at + word.size() + 1;
    while (positions.size() < chosen.size() && chosen[positions.size()] < end) {
      const auto t = static_cast<std::uint32_t>(chosen[positions.size()] - at);
      positions.push_back({t < word.size() ? word[t] : 0, t});
    }
    at = end;
    pace.step(4 + 2 * word.size());
  }
  return positions;
}

// LLVM's library has no += for atomic doubles before 18.
void add(std::atomic<double>& sum, double part) {
  double before = sum;
  while (!sum.compare_exchange_weak(before, before + part)) {
  }
}

// Calls use(m, counts, pause) for every chain, and makes its table.
template <class Use>
std::vector<ChainTable> count_chains(const WordList& words, const std::vector<Chain>& chains,
                                     std::span<const std::uint64_t> chosen, unsigned threads,
                                     const Poll& poll, Use&& use) {
  const MixtureModel::Columns columns(chains);
  std::size_t most = 1;
  for (const Chain& chain : chains) {
    most = std::max(most, ChainCounts::key_bytes(chain, words, chosen.size()));
  }
  const std::size_t at_once = std::max<std::size_t>(1, kKeyBytes / most);
  const auto workers = static_cast<unsigned>(std::min<std::size_t>(thread_count(threads), at_once));
  std::vector<std::optional<ChainTable>> made(chains.size());
  parallel_for(chains.size(), workers, poll, [&](std::size_t m, const Poll& pause) {
    const ChainCounts counts(chains[m], words, chosen, pause);
    use(m, counts, pause);
    made[m].emplace(counts, columns.of_chain[m], pause);
  });
  std::vector<ChainTable> tables;
  for (std::optional<ChainTable>& table : made) tables.push_back(std::move(*table));
  return tables;
}

}  // namespace

MixtureWeights starting_weights(const std::vector<Chain>& chains) {
  std::vector<std::size_t> buckets;
  for (const Chain& chain : chains) buckets.push_back(weight_buckets(chain));
  return MixtureWeights(buckets);
}

MixtureModel fit(std::shared_ptr<const WordList> words, std::vector<Chain> chains,
                 const FitOptions& options, const Poll& poll) {
  check(*words, chains);
  const std::vector<std::uint64_t> chosen =
      choose_positions(*words, chains.size(), options.seed, poll);
  Lesson lesson;
  lesson.symbols = words->alphabet().size();
  lesson.positions = look_up(*words, chosen, poll);
  lesson.outcomes.resize(chains.size() * chosen.size());
  lesson.rows.resize(chains.size());
  const double share = 0.75 / static_cast<double>(chains.size());  // the rest is learning
  std::vector<ChainTable> tables = count_chains(
      *words, chains, chosen, options.threads, poll,
      [&](std::size_t m, const ChainCounts& counts, const Poll& pause) {
        HeldOutRows held_out = leave_one_out(counts, pause);
        for (std::size_t i = 0; i < chosen.size(); ++i) {
          const std::uint32_t outcome = counts.outcome_of()[i];
          lesson.outcomes[i * chains.size() + m] = {outcome, held_out.buckets[outcome]};
          if (i % kPollAfter == 0) pause();
        }
        lesson.rows[m] = std::move(held_out.log_probabilities);
        if (options.done != nullptr) add(*options.done, share);
      });
  const std::size_t passes =
      std::max<std::size_t>(kPasses, (kLeastSteps + chosen.size() - 1) / chosen.size());
  MixtureWeights weights = starting_weights(chains);
  learn(weights, lesson, static_cast<unsigned>(passes), options.seed, poll);
  if (options.done != nullptr) *options.done = 1;
  return MixtureModel(std::move(words), std::move(chains), std::move(tables), std::move(weights),
                      poll);
}

MixtureModel refit(std::shared_ptr<const WordList> words, std::vector<Chain> chains,
                   std::span<const float> values, unsigned threads, const Poll& poll) {
  check(*words, chains);
  MixtureWeights weights = starting_weights(chains);
  if (values.size() != weights.values().size()) {
    throw Error("expected " + std::to_string(weights.values().size()) + " weights, got " +
                std::to_string(values.size()));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) <= kMostWeight)) {
      throw Error("weight " + std::to_string(i) + " is " + std::to_string(values[i]) +
                  "; a weight is a number from -1e6 to 1e6");
    }
    weights.values()[i] = values[i];
  }
  std::vector<ChainTable> tables = count_chains(
      *words, chains, {}, threads, poll, [](std::size_t, const ChainCounts&, const Poll&) {});
  return MixtureModel(std::move(words), std::move(chains), std::move(tables), std::move(weights),
                      poll);
}

}  // namespace makemore
