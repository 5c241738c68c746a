// Which symbols are vowels and which are consonants, found by how they stand beside each other.
//
// Sukhotin's algorithm (B. V. Sukhotin, 1962; J. Guy, "Vowel identification: an old but good
// algorithm", Cryptologia 15, 1991): vowels stand beside consonants more often than beside vowels.
// Each symbol begins with how often it stands beside another symbol. The symbol with the largest
// sum above zero, the first one of equals, becomes a vowel; then every symbol loses twice the
// number of times that it stands beside that vowel; and so on, until no sum is above zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/poll.hpp"
#include "text/word_list.hpp"

namespace makemore {

class SymbolClasses {
 public:
  static constexpr std::uint8_t kBoundary = 0;
  static constexpr std::uint8_t kVowel = 1;
  static constexpr std::uint8_t kConsonant = 2;
  static constexpr std::uint8_t kUnknownClass = 3;

  SymbolClasses() = default;
  explicit SymbolClasses(const WordList& words, const Poll& poll = {});
  // The classes that an earlier call found.
  explicit SymbolClasses(std::vector<std::uint8_t> of) : of_(std::move(of)) {}

  std::uint8_t of(std::uint32_t id) const { return id < of_.size() ? of_[id] : kUnknownClass; }
  std::span<const std::uint8_t> all() const { return of_; }

 private:
  std::vector<std::uint8_t> of_;  // by symbol
};

}  // namespace makemore
