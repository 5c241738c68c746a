// Excludes words, and keeps the others.
#include "sampling/word_filter.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {

template <class Id>
void WordFilter<Id>::exclude(Text packed, const Alphabet& alphabet, const Poll& poll) {
  Pace pace(poll);
  std::vector<Id> ids;
  const std::uint8_t* p = packed.bytes.data();
  const std::uint8_t* const end = p + packed.bytes.size();
  for (; p < end; ++p, ++excluded_) {
    const std::uint8_t* const word = p;
    bool known = true;
    ids.clear();
    while (*p != kWordEnd) {
      const std::uint32_t id = alphabet.id(decode_valid(p));
      if (id == 0) {
        throw Error("word " + std::to_string(excluded_) + ": " +
                    quoted({word, std::find(p, end, kWordEnd)}) + " contains the boundary " +
                    quoted(alphabet, 0));
      }
      known &= id != kUnknown;
      ids.push_back(static_cast<Id>(id));
    }
    if (known) out_.insert(ids, out_.hash(ids), poll);
    pace.step(64 + 8 * ids.size());
  }
}

template <class Id>
void WordFilter<Id>::keep(const SampledWords<Id>& drawn, std::size_t most, SampledWords<Id>& kept,
                          const Poll& poll) {
  Pace pace(poll);
  constexpr std::size_t ahead = 16;  // words whose slots are on their way from memory
  const std::size_t words = drawn.offsets.size() - 1;
  const auto word = [&](std::size_t i) {
    const auto begin = static_cast<std::size_t>(drawn.offsets[i]);
    return std::span<const Id>(drawn.ids).subspan(
        begin, static_cast<std::size_t>(drawn.offsets[i + 1]) - begin);
  };
  std::array<std::uint64_t, ahead> hashes{};
  const auto prepare = [&](std::size_t i) {
    if (i >= words) return;
    hashes[i % ahead] = out_.hash(word(i));
    out_.prefetch(hashes[i % ahead]);
  };
  for (std::size_t i = 0; i < ahead; ++i) prepare(i);
  for (std::size_t i = 0; i < words && kept.offsets.size() - 1 < most; ++i) {
    const std::span<const Id> one = word(i);
    const std::uint64_t hash = hashes[i % ahead];
    prepare(i + ahead);
    const std::uint64_t tries = drawn.tries.empty() ? 1 : drawn.tries[i];
    ++seen_;
    tries_ += tries;
    pace.step(16 + one.size());
    if (unique_ ? out_.insert(one, hash, poll) : !out_.contains(one, hash)) {
      kept.ids.insert(kept.ids.end(), one.begin(), one.end());
      kept.offsets.push_back(static_cast<std::int64_t>(kept.ids.size()));
      ++kept_;
      left_out_ = tries_left_out_ = 0;
    } else {
      tries_left_out_ += tries;
      ++left_out_;
      if (tries_left_out_ >= kMostLeftOut) give_up();
    }
  }
}

template <class Id>
void WordFilter<Id>::give_up() const {
  const bool conditions = tries_ > seen_;
  const bool one = kept_ == 1;
  std::string words = std::to_string(kept_) + (unique_ ? " different" : " new");
  words += one ? " word" : " words";
  if (conditions) words += one ? " that meets the conditions" : " that meet the conditions";
  throw Error("only " + words + (one ? " was" : " were") + " found in " + std::to_string(tries_) +
              " draws, and none in the last " + std::to_string(tries_left_out_) +
              "; ask for fewer, or widen the choice by " +
              (conditions ? "other conditions, " : "") + "a higher temperature= or smoothing=");
}

template class WordFilter<std::uint8_t>;
template class WordFilter<std::uint16_t>;
template class WordFilter<std::uint32_t>;

}  // namespace makemore
