// The chain language: which features of a position a back-off chain looks at, in order.
//
// A position is a place in a word where the next symbol is to be told: t symbols stand
// before it. "h1 h2 p15" first looks at the last symbol, then at the one before it, then
// at how many symbols there are (15 and more are one). Features:
//
//   hJ    the J-th most recent symbol; the boundary for J = t + 1; absent beyond (J from 1)
//   fJ    the J-th symbol from the left, from 0; absent from J = t on, but for f0 at t = 0,
//         which is the boundary
//   pM    min(t, M); never absent (M from 1)
//   cJ/2  whether hJ is a vowel, a consonant or the boundary; absent where hJ is (J from 1)
//   vJ    the J-th most recent vowel of the last 64 symbols; the boundary for the first one
//         that a word of at most 64 symbols does not have; absent beyond (J from 1)
//   qJ    the same for consonants
//   yM    how many groups of vowels the first 64 symbols have, at most M; never absent (M from 1)
//
// Which symbols are vowels the words say themselves (symbol_classes.hpp). An absent feature is
// passed over: the position has no node for it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mixture/symbol_classes.hpp"

namespace makemore {

struct Feature {
  enum class Kind : std::uint8_t { recent, leading, position, kind, vowel, consonant, groups };
  Kind kind;
  std::uint32_t index;

  static constexpr std::uint32_t kAbsent = 0;            // other values are the feature's plus one
  static constexpr std::uint32_t kNeverSeen = 0xFFFFFF;  // an unknown symbol; above all others
  static constexpr std::size_t kReach = 64;              // symbols that are searched for vowels

  // Its value after the first t symbols of a word.
  std::uint32_t value(std::span<const std::uint32_t> word, std::size_t t,
                      const SymbolClasses& classes) const {
    switch (kind) {
      case Kind::recent:
        if (index <= t) return of_symbol(word[t - index]);
        return index == t + 1 ? 1 : kAbsent;
      case Kind::leading:
        if (index < t) return of_symbol(word[index]);
        return index == 0 && t == 0 ? 1 : kAbsent;
      case Kind::position: return (t < index ? static_cast<std::uint32_t>(t) : index) + 1;
      case Kind::kind:
        if (index <= t) return of_class(classes.of(word[t - index]));
        return index == t + 1 ? 1 : kAbsent;
      case Kind::vowel: return most_recent(word, t, classes, SymbolClasses::kVowel);
      case Kind::consonant: return most_recent(word, t, classes, SymbolClasses::kConsonant);
      default: return groups_of_vowels(word, t, classes) + 1;
    }
  }

  // The values that it takes of words without unknown symbols are at most this.
  std::uint32_t most(std::size_t symbols) const {
    if (kind == Kind::position || kind == Kind::groups) return index + 1;
    return kind == Kind::kind ? SymbolClasses::kConsonant + 1 : static_cast<std::uint32_t>(symbols);
  }

  // How many of the last symbols it looks at, once it does not depend on how many there are.
  std::size_t window() const {
    const bool searches = kind == Kind::vowel || kind == Kind::consonant || kind == Kind::groups;
    return std::max<std::size_t>(index + std::size_t{1}, searches ? kReach : 0);
  }

  bool operator==(const Feature&) const = default;

 private:
  static std::uint32_t of_symbol(std::uint32_t id) { return std::min(id, kNeverSeen - 1) + 1; }
  static std::uint32_t of_class(std::uint32_t known) {
    return known == SymbolClasses::kUnknownClass ? kNeverSeen : known + 1;
  }
  std::uint32_t most_recent(std::span<const std::uint32_t> word, std::size_t t,
                            const SymbolClasses& classes, std::uint8_t wanted) const {
    std::uint32_t found = 0;
    const std::size_t first = t > kReach ? t - kReach : 0;
    for (std::size_t i = t; i-- > first;) {
      if (classes.of(word[i]) == wanted && ++found == index) return of_symbol(word[i]);
    }
    return first == 0 && found == index - 1 ? 1 : kAbsent;
  }
  std::uint32_t groups_of_vowels(std::span<const std::uint32_t> word, std::size_t t,
                                 const SymbolClasses& classes) const {
    std::uint32_t groups = 0;
    bool in_group = false;
    for (std::size_t i = 0; i < std::min(t, kReach) && groups < index; ++i) {
      const bool vowel = classes.of(word[i]) == SymbolClasses::kVowel;
      groups += vowel && !in_group;
      in_group = vowel;
    }
    return groups;
  }
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
