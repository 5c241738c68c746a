// Asking for memory ahead of its use, where the order is known and the processor cannot guess.
#pragma once

#include <cstddef>

#include "base/compiler.hpp"

namespace makemore {

template <class T>
void prefetch_all(const T* from, std::size_t n) {
  const char* const begin = reinterpret_cast<const char*>(from);
  for (std::size_t at = 0; at < n * sizeof(T); at += 64) prefetch(begin + at);
}

}  // namespace makemore
