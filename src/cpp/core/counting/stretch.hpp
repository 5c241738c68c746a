// Words copied a stretch at a time, and checked in the copy: what others do to them does not
// matter.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "base/buffer.hpp"
#include "text/text.hpp"

namespace makemore {

// A copy of some of the words, which nobody changes.
template <class Offset>
class Stretch {
 public:
  Stretch() : values_(kBytes) {}

  // Copies the words from `first` on, as many as there is room for, and checks the copy.
  // Returns how many there are; 0 if they are not sound or not to be counted here.
  std::size_t take(const Joined<Offset>& words, std::size_t first) {
    std::size_t n = std::min(kWords, words.words() - first);
    std::memcpy(offsets_.data(), words.offsets.data() + first, (n + 1) * sizeof(Offset));
    if (!rising(n) || static_cast<std::uint64_t>(offsets_[n]) > words.size) return 0;
    const Offset begin = offsets_[0];
    if (static_cast<std::size_t>(offsets_[n] - begin) > kBytes) {
      const auto most = static_cast<Offset>(kBytes);
      n = static_cast<std::size_t>(
          std::upper_bound(offsets_.begin() + 1, offsets_.begin() + static_cast<std::ptrdiff_t>(n),
                           most, [&](Offset size, Offset end) { return end - begin > size; }) -
          (offsets_.begin() + 1));
    }
    const auto size = static_cast<std::size_t>(offsets_[n] - begin);
    if (size != 0) std::memcpy(values_.data(), words.values + begin, size);  // or they may be null
    for (std::size_t i = 0; i <= n; ++i) offsets_[i] = static_cast<Offset>(offsets_[i] - begin);
    n_ = n;
    return plain(size) ? n : 0;
  }

  Joined<Offset> words() const {
    return {values_.data(), {offsets_.data(), n_ + 1}, static_cast<std::size_t>(offsets_[n_])};
  }

 private:
  static constexpr std::size_t kWords = 2048;
  static constexpr std::size_t kBytes = 32 * 1024;  // both stay near until they are counted

  // Whether the first n + 1 offsets never go back, from 0 up.
  bool rising(std::size_t n) const {
    // The sign bit of a negative offset, or of a step back between two others.
    using Unsigned = std::make_unsigned_t<Offset>;
    auto signs = static_cast<Unsigned>(offsets_[0]);
    for (std::size_t i = 1; i <= n; ++i) {
      const auto offset = static_cast<Unsigned>(offsets_[i]);
      signs |= offset | (offset - static_cast<Unsigned>(offsets_[i - 1]));
    }
    return static_cast<Offset>(signs) >= 0;
  }

  // Whether all is ASCII and no word ends in a line end.
  bool plain(std::size_t size) const {
    std::uint8_t seen = 0;
    std::uint8_t least = 0xFF;
    for (std::size_t i = 0; i < size; ++i) {
      seen |= values_[i];
      least = std::min(least, values_[i]);
    }
    if (seen >= 0x80) return false;
    if (least > '\r') return true;
    for (std::size_t i = 0; i < n_; ++i) {
      if (offsets_[i] == offsets_[i + 1]) continue;
      const std::uint8_t last = values_[static_cast<std::size_t>(offsets_[i + 1]) - 1];
      if (last == '\n' || last == '\r') return false;
    }
    return true;
  }

  std::array<Offset, kWords + 1> offsets_;
  Buffer<std::uint8_t> values_;
  std::size_t n_ = 0;
};

}  // namespace makemore
