// A set of words, as ids: which of millions have come before?
//
// Open addressing with linear probing. A slot holds the word's hash, which tells short words
// apart for sure; longer ones are compared only where they are all but sure to be equal. So
// a look-up waits for memory once, and prefetch() lets it wait for many at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/compiler.hpp"
#include "base/poll.hpp"

namespace makemore {

template <class Id>
class WordSet {
 public:
  using Word = std::span<const Id>;

  // Two words of fewer than 8 bytes that differ have hashes that differ: each step can be
  // undone.
  static std::uint64_t hash(Word word) {
    constexpr std::uint64_t factor = 0x9E3779B97F4A7C15;  // 2^64 / the golden ratio, odd
    const std::span<const std::byte> bytes = std::as_bytes(word);
    const std::byte* p = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t h = 0;
    const auto mix = [&](std::uint64_t piece) {
      h = (h ^ piece) * factor;
      h ^= h >> 29;
    };
    for (; left >= 8; left -= 8, p += 8) {
      std::uint64_t piece = 0;
      std::memcpy(&piece, p, 8);
      mix(piece);
    }
    std::uint64_t piece = std::uint64_t{left} << 56;
    for (std::size_t i = 0; i < left; ++i) {
      piece |= std::to_integer<std::uint64_t>(p[i]) << (8 * i);
    }
    mix(piece);
    return h * factor;
  }

  std::size_t size() const { return ends_.size(); }

  void prefetch(std::uint64_t hash) const { makemore::prefetch(&slots_[home(hash)]); }

  // The hash of a word that is asked for must be hash(word).
  bool contains(Word word, std::uint64_t hash) const { return slots_[find(word, hash)].word != 0; }

  // Whether the word was not there before.
  bool insert(Word word, std::uint64_t hash, const Poll& poll = {}) {
    if (2 * (ends_.size() + 1) > slots_.size()) grow(poll);
    const std::size_t at = find(word, hash);
    if (slots_[at].word != 0) return false;
    ids_.insert(ids_.end(), word.begin(), word.end());
    ends_.push_back(ids_.size());
    slots_[at] = {hash, ends_.size() << 1 | std::uint64_t{is_short(word)}};
    return true;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint64_t word = 0;  // twice its number, from 1, and whether it is short; 0: none
  };

  static bool is_short(Word word) { return word.size_bytes() < 8; }

  std::size_t home(std::uint64_t hash) const {
    return static_cast<std::size_t>(hash >> 20) & (slots_.size() - 1);
  }

  // The slot of the word, or the free one where it would go.
  std::size_t find(Word word, std::uint64_t hash) const {
    std::size_t at = home(hash);
    while (slots_[at].word != 0 && !(slots_[at].hash == hash && is(slots_[at].word, word))) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  // Whether a slot's word is this one, which has the same hash.
  bool is(std::uint64_t slot_word, Word word) const {
    if ((slot_word & 1) != 0 || is_short(word)) return (slot_word & 1) != 0 && is_short(word);
    const auto number = static_cast<std::size_t>(slot_word >> 1) - 1;
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    const Word other = Word(ids_).subspan(begin, ends_[number] - begin);
    return std::equal(other.begin(), other.end(), word.begin(), word.end());
  }

  // What was there stays whole if the poll throws.
  void grow(const Poll& poll) {
    std::vector<Slot> larger(2 * slots_.size());
    Pace pace(poll);
    for (const Slot& slot : slots_) {
      pace.step(8);
      if (slot.word == 0) continue;
      std::size_t at = static_cast<std::size_t>(slot.hash >> 20) & (larger.size() - 1);
      while (larger[at].word != 0) at = (at + 1) & (larger.size() - 1);
      larger[at] = slot;
    }
    slots_ = std::move(larger);
  }

  std::vector<Slot> slots_ = std::vector<Slot>(64);  // 2^k, at most half of them in use
  Buffer<Id> ids_;                                   // of all words, one behind the other
  std::vector<std::size_t> ends_;                    // of each word in ids_
};

}  // namespace makemore
