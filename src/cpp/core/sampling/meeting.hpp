// Draws words that meet conditions, by rejection: a word that does not is drawn again.
//
// Word i of a stream is the first of its tries that meets them all. Try 0 is word i of the stream
// as it would be without conditions. The others are words 0, 1, ... of a stream of their own,
// whose seed is the first two outputs, the first the lower half, of Philox under the stream's seed
// for the counter (i, 2^32 - 1, 2^32 - 1), which no symbol is drawn by. So every word can still be
// drawn by itself, and has the model's probability among the words that meet the conditions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/poll.hpp"
#include "sampling/sampling.hpp"
#include "sampling/word_conditions.hpp"

namespace makemore {

// Tries of one word before it is given up.
inline constexpr std::uint64_t kMostTries = std::uint64_t{1} << 20;

// Looks which words meet conditions, and counts how often each condition was missed.
class ConditionCheck {
 public:
  // The conditions must outlive the check.
  explicit ConditionCheck(const WordConditions& conditions) : conditions_(conditions) {}

  // Whether each of these words meets them, until the next call. Word i is
  // ids[ends[i - 1] .. ends[i]), the first from 0 on.
  template <class Id>
  std::span<const std::uint8_t> check(std::span<const Id> ids, std::span<const std::int64_t> ends);

  // Throws Error after kMostTries that missed, since the last forget(); `what` is their name.
  [[noreturn]] void give_up(const std::string& what) const;

  void forget() { missed_ = {}; }

 private:
  static constexpr std::size_t kKinds = 5;  // of conditions

  template <class Id>
  bool meets_all_but_match(std::span<const Id> word);

  const WordConditions& conditions_;
  std::array<std::uint64_t, kKinds> missed_{};
  std::vector<std::uint8_t> met_, accepted_;
  std::vector<std::uint32_t> ids_;  // of words that `match` is asked about
  std::vector<std::int64_t> ends_;
};

// Appends the words begin to end - 1 of the request and the end of each. Throws Error where one
// is given up; the message names the condition that was missed most often.
template <class Id>
void draw_meeting(const WordSampler& sampler, const SampleRequest& request, std::size_t begin,
                  std::size_t end, SampledWords<Id>& out, const Poll& pause);

// The next words that meet the conditions of a stream that is drawn in order, as from torch's
// generator: draw(n) gives the next n words of it. None is drawn beyond the last that is kept.
template <class Id, class Draw>
SampledWords<Id> next_meeting(const WordConditions& conditions, std::size_t words, Draw&& draw) {
  ConditionCheck check(conditions);
  SampledWords<Id> kept;
  kept.offsets.push_back(0);
  std::uint64_t missed = 0;  // in a row
  while (kept.offsets.size() <= words) {
    const SampledWords<Id> drawn = draw(words + 1 - kept.offsets.size());
    const std::span offsets(drawn.offsets);
    const auto met = check.check(std::span<const Id>(drawn.ids), offsets.subspan(1));
    for (std::size_t i = 0; i < met.size(); ++i) {
      if (met[i] == 0) {
        if (++missed == kMostTries) check.give_up("words in a row");
        continue;
      }
      kept.tries.push_back(static_cast<std::uint32_t>(missed + 1));
      missed = 0;
      check.forget();
      const auto first = drawn.ids.begin();
      kept.ids.insert(kept.ids.end(), first + offsets[i], first + offsets[i + 1]);
      kept.offsets.push_back(static_cast<std::int64_t>(kept.ids.size()));
    }
  }
  return kept;
}

}  // namespace makemore
