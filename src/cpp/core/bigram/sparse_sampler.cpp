// Finds the states that words can reach, and whether words can end there.
#include "bigram/sparse_sampler.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "base/error.hpp"
#include "sampling/draw_word.hpp"
#include "text/quoted.hpp"

namespace makemore {

SparseSampler::SparseSampler(const Alphabet& alphabet, const SparseRows& rows, const Poll& poll)
    : WordSamplerOf(alphabet), tables_(rows, poll), can_end_(able_to_end(poll)) {
  safe_ = std::find(can_end_.begin(), can_end_.end(), false) == can_end_.end();
  for (std::size_t row = 0; row < alphabet.size(); ++row) safe_ = safe_ && !tables_.empty(row);
}

// What is special in a row is no less likely than the rest. So where any of the rest can be
// drawn, and that is from the lowest column on, column 0 can be, which ends the word.
std::vector<bool> SparseSampler::able_to_end(const Poll& poll) const {
  Pace pace(poll);
  const std::size_t v = alphabet().size();
  std::vector<bool> able(v);
  std::vector<std::uint32_t> open;
  const auto add = [&](std::uint32_t state) {
    if (!able[state]) open.push_back(state);
    able[state] = true;
  };
  // Who can come to each symbol by a special column, in the same layout as SparseRows.
  std::vector<std::size_t> starts(v + 1);
  std::vector<std::uint32_t> special;
  for (std::uint32_t row = 0; row < v; ++row) {
    if (tables_.empty(row)) continue;
    special.clear();
    if (tables_.possible(row, special) > 0) {
      add(row);
    } else {
      for (const std::uint32_t column : special) ++starts[column + 1];
    }
    pace.step(16 + 16 * special.size());
  }
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  std::vector<std::uint32_t> from(starts.back());
  std::vector<std::size_t> next(starts.begin(), starts.end() - 1);
  for (std::uint32_t row = 0; row < v; ++row) {
    if (tables_.empty(row) || able[row]) continue;
    special.clear();
    tables_.possible(row, special);
    for (const std::uint32_t column : special) from[next[column]++] = row;
    pace.step(16 + 16 * special.size());
  }
  add(0);
  while (!open.empty()) {
    const std::uint32_t state = open.back();
    open.pop_back();
    for (std::size_t i = starts[state]; i < starts[state + 1]; ++i) add(from[i]);
  }
  return able;
}

std::vector<bool> SparseSampler::visited_from(std::uint32_t start, const Poll& poll) const {
  Pace pace(poll);
  std::vector<bool> visited(alphabet().size());
  std::vector<std::uint32_t> open{start};
  visited[start] = true;
  const auto add = [&](std::uint32_t state) {
    // A word that has ended goes nowhere, but one without a prefix starts at the boundary.
    if (state == 0 || visited[state]) return;
    visited[state] = true;
    open.push_back(state);
  };
  std::uint32_t filled = 0;  // all below were added
  std::vector<std::uint32_t> special;
  while (!open.empty()) {
    const std::uint32_t state = open.back();
    open.pop_back();
    if (tables_.empty(state)) continue;
    special.clear();
    const std::uint32_t end = tables_.possible(state, special);
    for (const std::uint32_t column : special) add(column);
    pace.step(16 + 16 * special.size());
    for (; filled < end; ++filled) add(filled);
  }
  return visited;
}

void SparseSampler::check(const SampleRequest& request, const Poll& poll) const {
  if (safe_) return;
  const std::vector<bool> visited =
      visited_from(request.prefix.empty() ? 0 : request.prefix.back(), poll);
  for (std::size_t state = 0; state < visited.size(); ++state) {
    if (!visited[state]) continue;
    const bool stuck = tables_.empty(state);
    if (!stuck && (can_end_[state] || request.max_length != 0)) continue;
    const std::string name = quoted(alphabet().symbols()[state]);
    throw Error(stuck ? "nothing was ever seen after " + name +
                            ", so no symbol can be drawn there; use smoothing="
                      : "a word that reaches " + name + " can never end; give max_length=");
  }
}

}  // namespace makemore
