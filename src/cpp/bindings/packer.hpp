// The block that every adapter packs words into (the packed layout of core/text/text.hpp).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "text/text.hpp"
#include "text/tokens/vocabulary.hpp"
#include "text/utf8.hpp"

namespace makemore {

// An Error about the word of an index: `word 17: problem`.
[[noreturn]] inline void fail_word(std::int64_t index, const std::string& problem) {
  throw Error("word", index, ": " + problem);
}

inline bool is_ascii(const std::uint8_t* bytes, std::size_t size) {
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < size; ++i) seen |= bytes[i];
  return seen < 0x80;
}

class Packer {
 public:
  // Bytes behind what room() was asked for that may be scribbled on.
  static constexpr std::size_t kSlack = 16;

  void clear() {
    size_ = 0;
    ascii_ = true;
  }
  std::size_t size() const { return size_; }
  Text text() const { return {{bytes_.get(), size_}, Layout::packed, ascii_}; }

  // The place behind the last word, with room for `most` bytes, a word end and the slack.
  std::uint8_t* room(std::size_t most) {
    if (size_ + most + 1 + kSlack > capacity_) grow(most + 1 + kSlack);
    return bytes_.get() + size_;
  }

  // Ends a word that was written to room(); `end` is the place behind it.
  void end_word(std::uint8_t* end) {
    *end = kWordEnd;
    size_ = static_cast<std::size_t>(end + 1 - bytes_.get());
  }

  // Makes the end of the last word that of a token, where a word is a list of tokens.
  void end_token() { bytes_[size_ - 1] = kTokenEnd; }

  // Takes words that were written to room(), ends and all, up to `end`.
  void take(const std::uint8_t* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }

  // Some symbol of the block is, or may be, above 127.
  void not_ascii() { ascii_ = false; }

  // Copies a word that should be UTF-8. The copy is what is checked, so it does not matter
  // what others do to the original meanwhile.
  void append(const std::uint8_t* from, std::size_t size, std::int64_t index) {
    std::uint8_t* const out = room(size);
    if (copied_bits(from, size, out) & kHighBits) check(out, size, index);
    end_word(out + size);
  }

  // The same where `readable` bytes can be read from `from`: if these are 16, a short word
  // goes over without a branch on its size.
  void append(const std::uint8_t* from, std::size_t size, std::size_t readable,
              std::int64_t index) {
    if (size > kSlack || readable < kSlack) {
      append(from, size, index);
      return;
    }
    std::uint8_t* const out = room(size);
    const std::uint64_t head = load8(from);
    const std::uint64_t tail = load8(from + 8);
    std::memcpy(out, &head, 8);
    std::memcpy(out + 8, &tail, 8);
    // What follows the word takes part in this look, which errs on the safe side only.
    if ((head | tail) & kHighBits) check(out, size, index);
    end_word(out + size);
  }

  // Checks a word in the block that is not all ASCII.
  void check(const std::uint8_t* word, std::size_t size, std::int64_t index) {
    not_ascii();
    const Bytes bytes{word, size};
    for (std::size_t at = 0; at < size;) {
      if (word[at] < 0x80) {
        ++at;
        continue;
      }
      const Decoded decoded = decode_checked(bytes, at);
      if (decoded.kind != Decoded::Kind::symbol) {
        fail_word(index, "not valid UTF-8 at byte " + std::to_string(at));
      }
      at += decoded.size;
    }
  }

  static constexpr std::uint64_t kHighBits = 0x8080808080808080;

 private:
  static std::uint64_t load8(const std::uint8_t* from) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, from, 8);
    return bits;
  }

  // Copies the word and returns the union of its bytes' bits, where they may stand in any
  // byte of the result. Up to 16 bytes are two pieces that may overlap.
  static std::uint64_t copied_bits(const std::uint8_t* from, std::size_t size, std::uint8_t* out) {
    if (size > 16) {
      std::memcpy(out, from, size);
      std::uint64_t bits = load8(out + size - 8);
      for (std::size_t i = 0; i + 8 <= size; i += 8) bits |= load8(out + i);
      return bits;
    }
    if (size >= 8) {
      const std::uint64_t head = load8(from);
      const std::uint64_t tail = load8(from + size - 8);
      std::memcpy(out, &head, 8);
      std::memcpy(out + size - 8, &tail, 8);
      return head | tail;
    }
    if (size >= 4) {
      std::uint32_t head = 0;
      std::uint32_t tail = 0;
      std::memcpy(&head, from, 4);
      std::memcpy(&tail, from + size - 4, 4);
      std::memcpy(out, &head, 4);
      std::memcpy(out + size - 4, &tail, 4);
      return head | tail;
    }
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = from[i];
      bits |= out[i];
    }
    return bits;
  }

  void grow(std::size_t more) {
    const std::size_t wanted = std::max(size_ + more, std::max<std::size_t>(4096, 2 * capacity_));
    // Not make_unique, which clears it; libc++ 14 has no make_unique_for_overwrite.
    std::unique_ptr<std::uint8_t[]> larger(new std::uint8_t[wanted]);
    if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = wanted;
  }

  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  bool ascii_ = true;  // of this block
};

}  // namespace makemore
