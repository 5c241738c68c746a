// Tokens and their numbers: each token that is added gets the next number.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/compiler.hpp"
#include "base/hash_table.hpp"
#include "base/poll.hpp"

namespace makemore {

class TokenTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  // With room for some tokens, so that the first ones move nothing. (In a vector of the one number
  // GCC 16 takes the second, which belongs to the first token, for outside it.)
  TokenTable() {
    ends_.reserve(kRoom);
    ends_.push_back(0);
  }

  std::size_t size() const { return ends_.size() - 1; }
  std::string_view operator[](std::size_t number) const {
    return {bytes_.data() + ends_[number], ends_[number + 1] - ends_[number]};
  }

  // Bytes that it takes.
  std::size_t memory() const {
    return bytes_.capacity() + ends_.capacity() * sizeof(std::size_t) +
           slots_.slots().size() * sizeof(Slot);
  }

  // The number of a token; kNone if it was never added.
  std::uint32_t find(std::string_view token) const {
    const Wanted wanted = wanted_of(token);
    const Slot& slot = slots_[place_of(wanted, token)];
    return slot.used() ? slot.number - 1 : kNone;
  }

  // The number of a token, which is added if it was not. What the poll throws leaves the table
  // whole.
  std::uint32_t add(std::string_view token, const Poll& poll = {}) {
    const Wanted wanted = wanted_of(token);
    const std::size_t place = place_of(wanted, token);
    if (slots_[place].used()) return slots_[place].number - 1;
    return add_new(token, wanted, place, poll);
  }

 private:
  // A token of up to 8 bytes is its own key; of a longer one the key is a hash, and its bytes are
  // looked at too.
  static constexpr std::size_t kShort = 8;
  static constexpr std::size_t kRoom = 16;

  struct Wanted {
    std::uint64_t key;
    std::uint64_t hash;
  };
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t number = 0;  // from 1; 0 of a free slot
    std::uint32_t size = 0;    // bytes

    bool used() const { return number != 0; }
    std::uint64_t hash() const { return hash_of_key(key, size); }
  };

  static std::uint64_t hash_of_key(std::uint64_t key, std::size_t size) {
    return hash_of(hash_of(key) ^ size);
  }

  // Up to 8 bytes as a number, without a loop: two pieces that may overlap.
  static std::uint64_t short_key(const char* bytes, std::size_t size) {
    if (size >= 4) {
      std::uint32_t head = 0;
      std::uint32_t tail = 0;
      std::memcpy(&head, bytes, 4);
      std::memcpy(&tail, bytes + size - 4, 4);
      return std::uint64_t{tail} << 8 * (size - 4) | head;
    }
    if (size == 0) return 0;
    std::uint64_t key = static_cast<std::uint8_t>(bytes[0]);
    key |= std::uint64_t{static_cast<std::uint8_t>(bytes[size / 2])} << 8 * (size / 2);
    return key | std::uint64_t{static_cast<std::uint8_t>(bytes[size - 1])} << 8 * (size - 1);
  }

  static Wanted wanted_of(std::string_view token) {
    std::uint64_t key = 0;
    if (token.size() <= kShort) {
      key = short_key(token.data(), token.size());
    } else {
      for (std::size_t at = 0; at + kShort < token.size(); at += kShort) {
        key = hash_of(key ^ load(token.data() + at));
      }
      key = hash_of(key ^ load(token.data() + token.size() - kShort));
    }
    return {key, hash_of_key(key, token.size())};
  }

  static std::uint64_t load(const char* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }

  std::size_t place_of(const Wanted& wanted, std::string_view token) const {
    return slots_.find(slots_.home(wanted.hash), [&](const Slot& slot) {
      return slot.key == wanted.key && slot.size == token.size() &&
             (token.size() <= kShort || (*this)[slot.number - 1] == token);
    });
  }

  std::uint32_t add_new(std::string_view token, const Wanted& wanted, std::size_t place,
                        const Poll& poll);

  std::vector<char> bytes_;
  std::vector<std::size_t> ends_;  // where each begins, and where the last ends
  HashTable<Slot> slots_;
};

}  // namespace makemore
