// A set of words, as ids: which of millions have come before?
//
// A slot holds the word's hash, which tells short words apart for sure; longer ones are compared
// only where they are all but sure to be equal. So a look-up waits for memory once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/hash_table.hpp"
#include "base/poll.hpp"

namespace makemore {

template <class Id>
class WordSet {
 public:
  using Word = std::span<const Id>;

  // Two words of fewer than 8 bytes that differ have hashes that differ.
  static std::uint64_t hash(Word word) {
    const std::span<const std::byte> bytes = std::as_bytes(word);
    const std::byte* p = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t hash = 0;
    for (; left >= 8; left -= 8, p += 8) {
      std::uint64_t piece = 0;
      std::memcpy(&piece, p, 8);
      hash = hash_of(hash ^ piece);
    }
    std::uint64_t piece = std::uint64_t{left} << 56;
    for (std::size_t i = 0; i < left; ++i) {
      piece |= std::to_integer<std::uint64_t>(p[i]) << (8 * i);
    }
    return hash_of(hash ^ piece);
  }

  std::size_t size() const { return ends_.size(); }

  void prefetch(std::uint64_t hash) const { table_.prefetch(hash); }

  // The hash of a word that is asked for must be hash(word).
  bool contains(Word word, std::uint64_t hash) const { return table_[find(word, hash)].used(); }

  // Whether the word was not there before.
  bool insert(Word word, std::uint64_t hash, const Poll& poll = {}) {
    Slot& slot = table_[find(word, hash)];
    if (slot.used()) return false;
    ids_.insert(ids_.end(), word.begin(), word.end());
    ends_.push_back(ids_.size());
    slot = {hash, ends_.size() << 1 | std::uint64_t{is_short(word)}};
    table_.taken(poll);
    return true;
  }

 private:
  struct Slot {
    std::uint64_t of_word;  // its hash
    std::uint64_t word;     // twice its number, from 1, and whether it is short; 0: none

    bool used() const { return word != 0; }
    std::uint64_t hash() const { return of_word; }
  };

  static bool is_short(Word word) { return word.size_bytes() < 8; }

  // The slot of the word, or the free one where it would go.
  std::size_t find(Word word, std::uint64_t hash) const {
    const auto holds = [&](const Slot& slot) {
      return slot.of_word == hash && is(slot.word, word);
    };
    return table_.find(table_.home(hash), holds);
  }

  // Whether a slot's word is this one, which has the same hash.
  bool is(std::uint64_t slot_word, Word word) const {
    if ((slot_word & 1) != 0 || is_short(word)) return (slot_word & 1) != 0 && is_short(word);
    const auto number = static_cast<std::size_t>(slot_word >> 1) - 1;
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    const Word other = Word(ids_).subspan(begin, ends_[number] - begin);
    return std::equal(other.begin(), other.end(), word.begin(), word.end());
  }

  HashTable<Slot> table_;
  Buffer<Id> ids_;                 // of all words, one behind the other
  std::vector<std::size_t> ends_;  // of each word in ids_
};

}  // namespace makemore
