// A mixture as plain arrays, to be kept in files; and a mixture made of such arrays, which may have
// come from anywhere: whatever they say is checked before it is used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/poll.hpp"
#include "mixture/mixture.hpp"

namespace makemore {

struct SavedMixture {
  Alphabet alphabet{U'.'};
  std::uint64_t words = 0;  // that it learned from
  std::vector<Chain> chains;
  std::vector<std::uint8_t> classes;    // by symbol: SymbolClasses
  std::vector<float> weights;           // MixtureWeights::values()
  std::vector<std::uint32_t> prefixes;  // of each: it without its last symbol, and that symbol

  // By chain, one behind another, how many nodes and words of rows there are; of each node its
  // parent, 2^24 x its feature + the feature's value, 8 x its blocks + its size (chain_rows.hpp);
  // and the words.
  std::vector<std::uint64_t> nodes_of;
  std::vector<std::uint64_t> words_of;
  std::vector<std::uint32_t> nodes;
  std::vector<std::uint32_t> rows;

  static constexpr std::size_t kNodeNumbers = 3;
};

SavedMixture save(const MixtureModel& model, const Poll& poll);

// Throws Error for arrays that are no mixture, with what is wrong.
MixtureModel restore(SavedMixture saved, const Poll& poll);

}  // namespace makemore
