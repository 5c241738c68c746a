// What the x86 variants of the triple kernels share; each file defines its vectors.
//
// Included once by each file that is compiled for an instruction set. `Vector` has:
//   kBytes            how many codes it holds
//   Vector(ids)       the table of ids, ready for look-ups
//   ids_at(codes)     the ids of kBytes codes
//   store(...)        writes the kBytes / 2 indices of the steps that start at even places
//   any_missing(...)  whether one of the ids gathered so far is kNoId
// Everything here has internal linkage: code made for one instruction set must never be
// what the linker picks for another.
#pragma once

#include <cstdint>

#include "counting/triples.hpp"

namespace makemore {
namespace {

// How many of a vector's steps have one index: all of them (a run), or those that stand in
// pairs (told for 16-bit indices only).
struct Alike {
  bool run;
  unsigned paired;
};

// Counts the steps of one block of indices. A run of one letter, or of two in turn, gives
// one index throughout and would wait for the same counter again and again: it is added at once.
template <class Index, class Counter>
inline void count_block(const Index* indices, std::size_t n, bool run, Counter* counters) {
  if (run) {
    counters[indices[0]] = static_cast<Counter>(counters[indices[0]] + n);
  } else {
    for (std::size_t i = 0; i < n; ++i) ++counters[indices[i]];
  }
}

// Counts crowded steps, many of which follow another of the same index: four tables in turn,
// so that they need not wait for one counter.
template <class Index, class Counter>
inline void count_crowded(const Index* indices, std::size_t n, Counter* counters) {
  constexpr std::size_t tables = TripleKernels::kTables5;
  for (std::size_t i = 0; i < n; i += tables) {
    for (std::size_t t = 0; t < tables; ++t) {
      ++counters[t * TripleKernels::kStride5 + indices[i + t]];
    }
  }
}

constexpr unsigned kCrowded = 6;  // steps of a chunk that stand in pairs; names have one or two

constexpr std::size_t kAhead = 16 * 1024;  // bytes; a prefetch beyond the text does no harm

// Counts from `at` on, so many codes at a time, as far as it goes; returns where that is.
template <std::size_t chunk, class Vector, class Index, class Counter>
inline std::size_t count_chunks(Bytes codes, std::size_t at, const Vector& table, Counter* counters,
                                bool* crowded) {
  constexpr std::size_t vectors = chunk / Vector::kBytes;
  constexpr std::size_t per_vector = Vector::kBytes / 2;
  alignas(64) Index indices[chunk / 2];
  bool runs[vectors];
  for (; at + chunk + TripleKernels::kMargin <= codes.size(); at += chunk) {
    const std::uint8_t* const p = codes.data() + at;
    auto seen = Vector::none();
    bool any_run = false;
    unsigned paired = 0;
    for (std::size_t v = 0; v < vectors; ++v) {
      // Whoever comes next looks at all of it before counting: let it find the text near.
      __builtin_prefetch(p + v * Vector::kBytes + kAhead);
      const auto first = table.ids_at(p + v * Vector::kBytes);
      const auto third = table.ids_at(p + v * Vector::kBytes + 2);
      seen = Vector::both(seen, Vector::both(first, third));
      const Alike alike = Vector::store(first, third, indices + v * per_vector);
      runs[v] = alike.run;
      any_run = any_run || alike.run;
      paired += alike.paired;
    }
    if (Vector::any_missing(seen)) break;
    if (any_run) {
      for (std::size_t v = 0; v < vectors; ++v) {
        count_block(indices + v * per_vector, per_vector, runs[v], counters);
      }
    } else if (paired > kCrowded) {
      *crowded = true;
      count_crowded(indices, chunk / 2, counters);
    } else {
      count_block(indices, chunk / 2, false, counters);
    }
  }
  return at;
}

template <class Vector, class Index, class Counter>
inline std::size_t count_triples(Bytes codes, const std::uint8_t* ids, Counter* counters,
                                 bool* crowded) {
  constexpr std::size_t chunk = TripleKernels::kChunk;
  const Vector table(ids);
  std::size_t at = count_chunks<chunk, Vector, Index>(codes, 0, table, counters, crowded);
  at = count_chunks<Vector::kBytes, Vector, Index>(codes, at, table, counters, crowded);
  return at / 2;
}

template <class Vector>
inline std::size_t count_triples5(Bytes codes, const std::uint8_t* ids, std::uint16_t* counters,
                                  bool* crowded) {
  return count_triples<Vector, std::uint16_t>(codes, ids, counters, crowded);
}

template <class Vector>
inline std::size_t count_triples6(Bytes codes, const std::uint8_t* ids, std::uint32_t* counters) {
  bool crowded = false;  // never: it is told for 5 bits only
  return count_triples<Vector, std::uint32_t>(codes, ids, counters, &crowded);
}

inline std::size_t largest_counter(const std::uint16_t* counters, std::size_t size) {
  std::uint16_t largest = 0;
  for (std::size_t i = 0; i < size; ++i) largest = counters[i] > largest ? counters[i] : largest;
  return largest;
}

inline void drain_counters(std::uint16_t* counters, std::uint32_t* sums, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) sums[i] += counters[i];
  for (std::size_t i = 0; i < size; ++i) counters[i] = 0;
}

}  // namespace
}  // namespace makemore
