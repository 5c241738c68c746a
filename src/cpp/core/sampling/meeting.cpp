// Checks conditions, and draws again.
#include "sampling/meeting.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/error.hpp"

namespace makemore {
namespace {

enum Kind : std::size_t { kMinLength, kMaxLength, kSuffix, kContains, kMatch };
constexpr const char* kNames[] = {"min_length", "max_length", "suffix", "contains", "match"};

std::uint64_t seed_of_tries(std::uint64_t seed, std::uint64_t word) {
  constexpr std::uint32_t last = 0xFFFFFFFF;
  const PhiloxBlock block = philox4x32(
      {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32), last, last}, seed);
  return std::uint64_t{block[1]} << 32 | block[0];
}

template <class Id>
void append(std::span<const Id> word, std::uint64_t tries, SampledWords<Id>& out) {
  out.ids.insert(out.ids.end(), word.begin(), word.end());
  out.tries.push_back(static_cast<std::uint32_t>(tries));  // at most kMostTries and one
  out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
}

template <class Id>
std::span<const Id> word_of(std::span<const Id> ids, std::span<const std::int64_t> ends,
                            std::size_t i) {
  const auto begin = static_cast<std::size_t>(i == 0 ? 0 : ends[i - 1]);
  return ids.subspan(begin, static_cast<std::size_t>(ends[i]) - begin);
}

}  // namespace

template <class Id>
bool ConditionCheck::meets_all_but_match(std::span<const Id> word) {
  const auto& [least, most, suffix, contains, match] = conditions_;
  const auto misses = [&](Kind kind, bool missed) {
    missed_[kind] += missed;
    return missed;
  };
  bool missed = misses(kMinLength, word.size() < least);
  missed |= misses(kMaxLength, most != 0 && word.size() > most);
  if (!suffix.empty()) {
    missed |= misses(kSuffix, word.size() < suffix.size() ||
                                  !std::equal(suffix.rbegin(), suffix.rend(), word.rbegin()));
  }
  if (!contains.empty()) {
    const auto found = std::search(word.begin(), word.end(), contains.begin(), contains.end());
    missed |= misses(kContains, found == word.end());
  }
  return !missed;
}

template <class Id>
std::span<const std::uint8_t> ConditionCheck::check(std::span<const Id> ids,
                                                    std::span<const std::int64_t> ends) {
  const std::size_t n = ends.size();
  met_.resize(n);
  for (std::size_t i = 0; i < n; ++i) met_[i] = meets_all_but_match(word_of(ids, ends, i));
  if (!conditions_.match) return met_;
  ids_.clear();
  ends_.clear();
  for (std::size_t i = 0; i < n; ++i) {
    if (met_[i] == 0) continue;
    const std::span<const Id> word = word_of(ids, ends, i);
    ids_.insert(ids_.end(), word.begin(), word.end());
    ends_.push_back(static_cast<std::int64_t>(ids_.size()));
  }
  if (ends_.empty()) return met_;
  accepted_.assign(ends_.size(), 0);
  conditions_.match(ids_, ends_, accepted_);
  auto accepted = accepted_.begin();
  for (std::uint8_t& met : met_) {
    if (met == 0) continue;
    met = *accepted++;
    missed_[kMatch] += met == 0;
  }
  return met_;
}

void ConditionCheck::give_up(const std::string& what) const {
  const auto most = std::max_element(missed_.begin(), missed_.end());
  throw Error("no word that meets the conditions was found in " + std::to_string(kMostTries) +
              " tries of " + what + "; " + kNames[most - missed_.begin()] +
              "= was missed most often, in " + std::to_string(*most) + " of them");
}

template <class Id>
void draw_meeting(const WordSampler& sampler, const SampleRequest& request, std::size_t begin,
                  std::size_t end, SampledWords<Id>& out, const Poll& pause) {
  constexpr double most_at_once = 1024;
  ConditionCheck check(request.conditions);
  SampledWords<Id> first;
  sampler.draw(request, begin, end, first, pause);
  const std::span<const std::uint8_t> checked =
      check.check(std::span<const Id>(first.ids), first.offsets);
  const std::vector<std::uint8_t> met(checked.begin(), checked.end());
  // How many tries a word takes, to draw about as many at once.
  auto tries = static_cast<double>(met.size());
  auto found = static_cast<double>(std::count(met.begin(), met.end(), 1));
  SampledWords<Id> more;
  for (std::size_t i = 0; i < met.size(); ++i) {
    if (met[i] != 0) {
      append(word_of(std::span<const Id>(first.ids), first.offsets, i), 1, out);
      continue;
    }
    const std::uint64_t word = request.start + begin + i;
    SampleRequest again = request;
    again.seed = seed_of_tries(request.seed, word);
    again.start = 0;
    check.forget();
    std::uint64_t done = 0;
    while (true) {
      if (done == kMostTries) check.give_up("word " + std::to_string(word));
      const double expected = std::max(2 * (tries + 1) / (found + 1), static_cast<double>(done));
      const std::uint64_t to =
          std::min(kMostTries, done + static_cast<std::uint64_t>(std::min(expected, most_at_once)));
      more.ids.clear();
      more.offsets.clear();
      sampler.draw(again, done, to, more, pause);
      const std::span<const std::uint8_t> good =
          check.check(std::span<const Id>(more.ids), more.offsets);
      const auto place =
          static_cast<std::size_t>(std::find(good.begin(), good.end(), 1) - good.begin());
      tries += static_cast<double>(std::min(place + 1, good.size()));
      if (place == good.size()) {
        done = to;
        continue;
      }
      found += 1;
      append(word_of(std::span<const Id>(more.ids), more.offsets, place), done + place + 2, out);
      break;
    }
  }
}

template std::span<const std::uint8_t> ConditionCheck::check(std::span<const std::uint8_t>,
                                                             std::span<const std::int64_t>);
template std::span<const std::uint8_t> ConditionCheck::check(std::span<const std::uint16_t>,
                                                             std::span<const std::int64_t>);
template std::span<const std::uint8_t> ConditionCheck::check(std::span<const std::uint32_t>,
                                                             std::span<const std::int64_t>);
template void draw_meeting(const WordSampler&, const SampleRequest&, std::size_t, std::size_t,
                           SampledWords<std::uint8_t>&, const Poll&);
template void draw_meeting(const WordSampler&, const SampleRequest&, std::size_t, std::size_t,
                           SampledWords<std::uint16_t>&, const Poll&);
template void draw_meeting(const WordSampler&, const SampleRequest&, std::size_t, std::size_t,
                           SampledWords<std::uint32_t>&, const Poll&);

}  // namespace makemore
