// The chain language: which features of a position a back-off chain looks at, in order.
//
// A position is a place in a word where the next symbol is to be told: t symbols stand
// before it. "h1 h2 p15" first looks at the last symbol, then at the one before it, then
// at how many symbols there are (15 and more are one). Features:
//
//   hJ  the J-th most recent symbol; the boundary for J = t + 1; absent beyond (J from 1)
//   fJ  the J-th symbol from the left, from 0; absent from J = t on, but for f0 at t = 0,
//       which is the boundary
//   pM  min(t, M); never absent (M from 1)
//
// An absent feature is passed over: the position has no node for it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace makemore {

struct Feature {
  enum class Kind : std::uint8_t { recent, leading, position };
  Kind kind;
  std::uint32_t index;

  static constexpr std::uint32_t kAbsent = 0;            // other values are the feature's plus one
  static constexpr std::uint32_t kNeverSeen = 0xFFFFFF;  // an unknown symbol; above all others

  // Its value after the first t symbols of a word.
  std::uint32_t value(std::span<const std::uint32_t> word, std::size_t t) const {
    switch (kind) {
      case Kind::recent:
        if (index <= t) return of_symbol(word[t - index]);
        return index == t + 1 ? 1 : kAbsent;
      case Kind::leading:
        if (index < t) return of_symbol(word[index]);
        return index == 0 && t == 0 ? 1 : kAbsent;
      default: return (t < index ? static_cast<std::uint32_t>(t) : index) + 1;
    }
  }

  bool operator==(const Feature&) const = default;

 private:
  static std::uint32_t of_symbol(std::uint32_t id) { return std::min(id, kNeverSeen - 1) + 1; }
};

class Chain {
 public:
  static constexpr std::size_t kMostFeatures = 16;
  static constexpr std::uint32_t kMostIndex = 255;

  // Throws Error for a text that is no chain, with what is wrong in it.
  explicit Chain(std::string_view text);

  std::span<const Feature> features() const { return features_; }
  std::string text() const;  // with one space between features

  bool operator==(const Chain&) const = default;

 private:
  std::vector<Feature> features_;
};

}  // namespace makemore
