// Leaves words out of a stream: those that somebody has already, and those that came before.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sampling/sampling.hpp"
#include "sampling/word_set.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

template <class Id>
class WordFilter {
 public:
  // After so many words in a row that are left out, no other is expected to come. Those that
  // missed conditions count too.
  static constexpr std::uint64_t kMostLeftOut = std::uint64_t{1} << 20;

  // `unique`: a word that was kept is left out from then on.
  explicit WordFilter(bool unique) : unique_(unique) {}

  // Leaves out these words too. One with a symbol that is not in the alphabet never comes
  // anyway. Throws Error for the boundary inside a word.
  void exclude(Text packed, const Alphabet& alphabet, const Poll& poll = {});

  // Appends the words that are not left out to `kept`, until it has `most` in all. Throws
  // Error after kMostLeftOut others in a row.
  void keep(const SampledWords<Id>& drawn, std::size_t most, SampledWords<Id>& kept,
            const Poll& poll = {});

  // How many words of the stream were looked at, how many of these were kept, and how many were
  // left out since the last that was kept.
  std::uint64_t seen() const { return seen_; }
  std::uint64_t kept() const { return kept_; }
  std::uint64_t left_out() const { return left_out_; }
  // How many words were drawn for one that was seen, in the mean.
  double tries_each() const {
    return static_cast<double>(tries_ + 1) / (static_cast<double>(seen_) + 1);
  }

 private:
  [[noreturn]] void give_up() const;

  bool unique_;
  WordSet<Id> out_;  // what is left out
  std::uint64_t seen_ = 0;
  std::uint64_t kept_ = 0;
  std::uint64_t tries_ = 0;           // of all that were seen
  std::uint64_t left_out_ = 0;        // in a row
  std::uint64_t tries_left_out_ = 0;  // of these
  std::int64_t excluded_ = 0;         // words given to exclude()
};

// How many words may be drawn beyond the last that is kept: none; few, because a word can take
// thousands of tries; or many, because a word takes less time than the threads that draw it.
enum class Ahead { none, few, many };

// Draws words until the filter has kept so many. draw(n) returns the next n words of the
// stream; filter.seen() tells how far those that were looked at reach.
template <class Id, class Draw>
SampledWords<Id> sample_filtered(WordFilter<Id>& filter, std::size_t words, Ahead ahead,
                                 Draw&& draw, const Poll& poll = {}) {
  constexpr std::size_t most = 1 << 18;  // between two looks for Ctrl-C
  constexpr std::size_t first = 64;      // that tell how many tries a word takes
  constexpr auto most_tries = static_cast<double>(WordFilter<Id>::kMostLeftOut / 4);
  const std::size_t least = ahead == Ahead::many ? 1 << 12 : 1;
  SampledWords<Id> kept;
  kept.offsets.push_back(0);
  for (std::size_t have = 0; have < words; have = kept.offsets.size() - 1) {
    std::size_t next = std::min(most, words - have);
    if (ahead != Ahead::none) {
      // As many as it will take, if they go on as they did; and where nothing is kept any more,
      // twice as many each time.
      const double each =
          (static_cast<double>(filter.seen()) + 1) / (static_cast<double>(filter.kept()) + 1);
      const double expected =
          std::max(static_cast<double>(next) * each, static_cast<double>(filter.left_out()));
      next = std::clamp(static_cast<std::size_t>(expected), least, most);
    }
    if (ahead != Ahead::many) {
      // So that the filter gives up soon after it can.
      const double few = filter.seen() == 0 ? first : most_tries / filter.tries_each();
      next = std::min(next, std::max<std::size_t>(1, static_cast<std::size_t>(few)));
    }
    filter.keep(draw(next), words, kept, poll);
  }
  return kept;
}

}  // namespace makemore
