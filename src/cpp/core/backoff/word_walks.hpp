// Scores several words side by side: while one waits for memory, the others go on.
//
// A large model does not fit into the processor's caches, and each step of a word needs what
// the step before it found. Steps of different words do not wait for each other, so each asks
// for the memory that it will read and gives way to the next word until it has come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "backoff/backoff.hpp"

namespace makemore {

// Whether a model is so large that this pays: below, its rows lie in a cache of the second level.
// Of bigrams the next context is known before memory answers, so their steps wait for less.
inline bool waits_for_memory(const Backoff& model) {
  return model.masks.empty() &&
         model.followers.size() > (std::size_t{1} << (model.order == 2 ? 19 : 16));
}

// Writes what Backoff::step answers for each symbol of whole words, which end in id 0; the model
// has no masks.
void walk_words(const Backoff& model, std::span<const std::uint32_t> ids, double* out);

}  // namespace makemore
