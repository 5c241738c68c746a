// Searches forwards until enough is known, then backwards from the ends.
#include "sampling/ending.hpp"

#include <string>
#include <utility>

#include "base/error.hpp"

namespace makemore {
namespace {

constexpr std::size_t kMostWork = std::size_t{1} << 13;   // of a search that has found an end
constexpr std::size_t kMostKnown = std::size_t{1} << 16;  // starts

[[noreturn]] void fail_endless() {
  throw Error("a word can come to where it never ends; give max_length= and truncate=True");
}

}  // namespace

void fail_stuck() {
  throw Error(
      "a word can come to where nothing was ever seen, so no symbol can be drawn there; "
      "use smoothing=");
}

Outlook outlook(std::uint32_t start, bool must_end, const StepsFrom& steps_from, const Poll& poll) {
  // States in the order in which they were met, and who leads to each.
  std::vector<std::uint32_t> met{start};
  std::unordered_map<std::uint32_t, std::uint32_t> place_of{{start, 0}};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> arcs;  // to, from: places
  std::vector<std::uint32_t> ending;
  std::size_t work = 0;
  Pace pace(poll);
  Steps steps;
  for (std::uint32_t at = 0; at < met.size(); ++at) {
    if (work > kMostWork && (!must_end || !ending.empty())) return Outlook::unknown;
    steps.ends = false;
    steps.next.clear();
    steps_from(met[at], steps);
    if (!steps.ends && steps.next.empty()) return Outlook::stuck;
    if (steps.ends) ending.push_back(at);
    for (const std::uint32_t next : steps.next) {
      const auto [found, fresh] =
          place_of.try_emplace(next, static_cast<std::uint32_t>(met.size()));
      if (fresh) met.push_back(next);
      if (must_end) arcs.emplace_back(found->second, at);
    }
    work += steps.work;
    pace.step(64 * (steps.work + steps.next.size()));
  }
  if (!must_end) return Outlook::good;

  std::vector<std::size_t> first(met.size() + 1);  // of the arcs to each place
  for (const auto& [to, from] : arcs) ++first[to + std::size_t{1}];
  for (std::size_t i = 0; i < met.size(); ++i) first[i + 1] += first[i];
  std::vector<std::uint32_t> from_of(arcs.size());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  for (const auto& [to, from] : arcs) from_of[next[to]++] = from;
  std::vector<bool> can_end(met.size());
  std::size_t able = 0;
  while (!ending.empty()) {
    const std::uint32_t at = ending.back();
    ending.pop_back();
    if (can_end[at]) continue;
    can_end[at] = true;
    ++able;
    for (std::size_t i = first[at]; i < first[at + std::size_t{1}]; ++i) {
      ending.push_back(from_of[i]);
    }
    pace.step(8);
  }
  return able == met.size() ? Outlook::good : Outlook::endless;
}

Outlook EndCheck::check(std::uint32_t start, bool must_end, const StepsFrom& steps_from,
                        const std::string& begun, const Poll& poll) const {
  const std::uint64_t key = std::uint64_t{start} << 1 | std::uint64_t{must_end};
  Outlook found{};
  bool known = false;
  {
    const std::lock_guard guard(mutex_);
    const auto place = known_.find(key);
    known = place != known_.end();
    if (known) found = place->second;
  }
  if (!known) {
    found = outlook(start, must_end, steps_from, poll);
    const std::lock_guard guard(mutex_);
    if (known_.size() >= kMostKnown) known_.clear();
    known_[key] = found;
  }
  if (found == Outlook::endless) fail_endless();
  if (found != Outlook::stuck) return found;
  Steps steps;
  steps_from(start, steps);
  if (steps.ends || !steps.next.empty()) fail_stuck();
  throw Error("nothing was ever seen after " + begun +
              ", so no symbol can be drawn there; use smoothing=");
}

void check_ahead(std::uint32_t state, const StepsFrom& steps_from, const Poll& poll) {
  switch (outlook(state, true, steps_from, poll)) {
    case Outlook::endless: fail_endless();
    case Outlook::stuck: fail_stuck();
    default: return;
  }
}

}  // namespace makemore
