// The loop of the triple kernels. Each file that includes it defines its vectors and is compiled
// for one instruction set. `Vector` has:
//   kBytes                    how many codes it holds
//   kUnrolled                 how many vectors are translated before the steps of those before
//                             are counted, which gives the processor work for both at once
//   Words                     the words of the ids at even places and at odd places
//   Flags                     the high bytes of words, gathered
//   Vector(ids)               the ids, ready for look-ups
//   words(codes, flags)       those of kBytes codes; adds to the flags
//   index(words, next)        the indices of the steps that start at the even places
//   store(...), store_wide(...)
//   repeated(indices)         how many steps follow one of the same index; some are not seen
//   slow(flags), missing(flags)  whether an id is kBeyond or kMissing; kMissing
// Everything here has internal linkage: code made for one instruction set must never be what
// the linker picks for another.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/compiler.hpp"
#include "counting/byte_pairs.hpp"
#include "counting/triples.hpp"

namespace makemore {
namespace {

// Counts steps by their indices, in four tables in turn if they are crowded.
template <std::size_t n>
inline void count_steps(const std::uint16_t* indices, bool crowded, std::uint32_t* counters) {
  const auto table = [&](std::size_t i) {
    return counters + (crowded ? TripleTables::begin(i) : std::size_t{0});
  };
  std::uint32_t* const second = table(1);
  std::uint32_t* const third = table(2);
  std::uint32_t* const fourth = table(3);
  const auto count_four = [&](const std::uint16_t* at) {
    std::uint64_t four = 0;
    std::memcpy(&four, at, sizeof four);
    ++counters[four & 0xFFFF];
    ++second[four >> 16 & 0xFFFF];
    ++third[four >> 32 & 0xFFFF];
    ++fourth[four >> 48];
  };
  static_assert(n % 16 == 0);
  for (std::size_t i = 0; i < n; i += 16) {
    count_four(indices + i);
    count_four(indices + i + 4);
    count_four(indices + i + 8);
    count_four(indices + i + 12);
  }
}

template <class Vector>
class TripleLoop {
 public:
  TripleLoop(Bytes codes, const TripleIds& ids, std::uint32_t* counters, std::uint32_t* pairs)
      : codes_(codes), vector_(ids), counters_(counters), pairs_(pairs) {}

  TriplesDone run() {
    go<Vector::kUnrolled>();
    go<1>();
    return result_;
  }

 private:
  static constexpr std::size_t kSteps = Vector::kBytes / 2;  // of a vector
  static constexpr std::size_t kAhead = 16 * 1024;  // a prefetch beyond the text does no harm
  static constexpr unsigned kMostRepeated = kSteps / 16;  // names have one in thirty

  // Takes blocks of n vectors as long as another vector stands behind them.
  template <std::size_t n>
  void go() {
    constexpr std::size_t block = n * Vector::kBytes;
    const auto fits = [&] { return result_.done + block + Vector::kBytes <= codes_.size(); };
    if (!fits()) return;
    alignas(64) std::uint16_t indices[2][n * kSteps];
    const std::uint16_t* waiting = nullptr;  // indices to be counted after the next translation
    bool waiting_crowded = false;
    const auto count = [&] {
      if (waiting != nullptr) count_steps<n * kSteps>(waiting, waiting_crowded, counters_);
    };
    bool side = false;
    typename Vector::Flags here_flags = Vector::none();
    auto here = vector_.words(codes_.data() + result_.done, here_flags);
    for (; fits(); result_.done += block) {
      const std::uint8_t* const p = codes_.data() + result_.done;
      auto flags = here_flags;
      unsigned repeated = 0;
      for (std::size_t v = 0; v < n; ++v) {
        here_flags = Vector::none();
        // Whoever comes next looks at the text before it is counted: let it find that near.
        prefetch(p + v * Vector::kBytes + kAhead);
        const auto next = vector_.words(p + (v + 1) * Vector::kBytes, here_flags);
        const auto index = Vector::index(here, next);
        Vector::store(index, indices[side] + v * kSteps);
        if (v == 0) repeated = Vector::repeated(index);
        flags = Vector::both(flags, here_flags);
        here = next;
      }
      if (Vector::slow(flags)) {
        for (std::size_t v = 0; v < n; ++v) count_slowly(p + v * Vector::kBytes);
        continue;
      }
      count();
      waiting = indices[side];
      waiting_crowded = repeated > kMostRepeated;
      result_.crowded = result_.crowded || waiting_crowded;
      side = !side;
    }
    count();
  }

  // One vector that may hold any codes.
  void count_slowly(const std::uint8_t* p) {
    typename Vector::Flags flags = Vector::none();
    const auto here = vector_.words(p, flags);
    const auto next = vector_.words(p + Vector::kBytes, flags);
    if (Vector::missing(flags)) {
      count_byte_pairs(p[0], {p + 1, Vector::kBytes}, pairs_);
      result_.as_pairs += Vector::kBytes;
      result_.slow += Vector::kBytes;
    } else if (Vector::slow(flags)) {
      alignas(64) std::uint32_t wide[kSteps];
      Vector::store_wide(here, next, wide);
      for (std::size_t i = 0; i < kSteps; i += 2) {
        std::uint64_t two = 0;
        std::memcpy(&two, wide + i, sizeof two);
        ++counters_[two & 0xFFFFFFFF];
        ++counters_[two >> 32];
      }
      result_.slow += Vector::kBytes;
    } else {
      alignas(64) std::uint16_t indices[kSteps];
      Vector::store(Vector::index(here, next), indices);
      count_steps<kSteps>(indices, false, counters_);
    }
  }

  Bytes codes_;
  Vector vector_;
  std::uint32_t* counters_;
  std::uint32_t* pairs_;
  TriplesDone result_;
};

}  // namespace
}  // namespace makemore
