// The loop of the triple kernels. Each file that includes it defines its vectors and is compiled
// for one instruction set. `Vector` has:
//   kBytes                    how many codes it holds
//   kUnrolled                 how many vectors are translated before the steps of those before
//                             are counted, which gives the processor work for both at once
//   Words                     the words of the ids at even places and at odd places
//   Flags                     the high bytes of words, gathered
//   Vector(ids, groups)       the ids of codes in the first so many groups, ready for look-ups
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
#include "text/ascii.hpp"

namespace makemore {
namespace {

// Counts steps by their indices, in four tables in turn or in one.
template <std::size_t n>
inline void count_steps(const std::uint16_t* indices, std::uint32_t* first, std::uint32_t* others) {
  std::uint32_t* const second = others != nullptr ? others : first;
  std::uint32_t* const third = others != nullptr ? others + TripleTables::kStride : first;
  std::uint32_t* const fourth = others != nullptr ? others + 2 * TripleTables::kStride : first;
  const auto count_four = [&](const std::uint16_t* at) {
    std::uint64_t four = 0;
    std::memcpy(&four, at, sizeof four);
    ++first[four & 0xFFFF];
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
  TripleLoop(Bytes codes, CodeKind kind, const TripleIds& ids, const TripleTables& tables,
             std::uint32_t* pairs)
      : codes_(codes),
        is_text_(kind == CodeKind::text),
        vector_(ids, is_text_ ? ids.ascii_groups : ids.group_count),
        tables_(tables),
        pairs_(pairs) {}

  TriplesDone run() {
    go<Vector::kUnrolled>();
    go<1>();
    return result_;
  }

 private:
  static constexpr std::size_t kSteps = Vector::kBytes / 2;  // of a vector
  static constexpr std::size_t kAhead = 16 * 1024;        // a prefetch beyond the text does no harm
  static constexpr unsigned kMostRepeated = kSteps / 16;  // names have one in thirty

  // The steps of n vectors, to be counted after the next vectors were translated.
  template <std::size_t n>
  struct Block {
    alignas(64) std::uint16_t indices[n * kSteps];
    alignas(64) std::uint32_t wide[n * kSteps];
    unsigned wide_vectors = 0;     // bit v: vector v has an id of 32 or more, and wide indices
    unsigned missing_vectors = 0;  // bit v: it has a code without an id, and was counted as pairs
    bool crowded = false;
  };

  // Takes blocks of n vectors as long as another vector stands behind them.
  template <std::size_t n>
  void go() {
    constexpr std::size_t size = n * Vector::kBytes;
    const auto fits = [&] { return result_.done + size + Vector::kBytes <= codes_.size(); };
    if (!fits()) return;
    Block<n> blocks[2];
    Block<n>* now = &blocks[0];
    Block<n>* waiting = nullptr;
    auto here_flags = Vector::none();
    auto here = vector_.words(codes_.data() + result_.done, here_flags);
    for (; fits(); result_.done += size) {
      const std::uint8_t* const p = codes_.data() + result_.done;
      now->wide_vectors = 0;
      now->missing_vectors = 0;
      for (std::size_t v = 0; v < n; ++v) {
        prefetch(p + v * Vector::kBytes + kAhead);
        auto next_flags = Vector::none();
        const auto next = vector_.words(p + (v + 1) * Vector::kBytes, next_flags);
        const auto index = Vector::index(here, next);
        Vector::store(index, now->indices + v * kSteps);
        if (v == 0) now->crowded = Vector::repeated(index) > kMostRepeated;
        const auto flags = Vector::both(here_flags, next_flags);
        if (Vector::slow(flags)) {
          if (Vector::missing(flags)) {
            now->missing_vectors |= 1u << v;
          } else {
            now->wide_vectors |= 1u << v;
            Vector::store_wide(here, next, now->wide + v * kSteps);
          }
        }
        here = next;
        here_flags = next_flags;
      }
      if (now->missing_vectors != 0) {
        if (is_text_ && !all_ascii({p, size + Vector::kBytes})) break;
        for (std::size_t v = 0; v < n; ++v) {
          if ((now->missing_vectors >> v & 1) == 0) continue;
          const std::uint8_t* const codes = p + v * Vector::kBytes;
          count_byte_pairs(codes[0], {codes + 1, Vector::kBytes}, pairs_);
          result_.as_pairs += Vector::kBytes;
        }
      }
      if (waiting != nullptr) count(*waiting);
      waiting = now;
      now = &blocks[now == blocks ? 1 : 0];
    }
    if (waiting != nullptr) count(*waiting);
  }

  template <std::size_t n>
  void count(const Block<n>& block) {
    const unsigned slow = block.wide_vectors | block.missing_vectors;
    if (slow == 0) {
      result_.crowded = result_.crowded || block.crowded;
      count_steps<n * kSteps>(block.indices, tables_.first,
                              block.crowded ? tables_.others : nullptr);
      return;
    }
    for (std::size_t v = 0; v < n; ++v) {
      if ((slow >> v & 1) == 0) {
        count_steps<kSteps>(block.indices + v * kSteps, tables_.first, nullptr);
        continue;
      }
      result_.slow += Vector::kBytes;
      if ((block.wide_vectors >> v & 1) != 0) count_wide(block.wide + v * kSteps);
    }
  }

  void count_wide(const std::uint32_t* indices) {
    for (std::size_t i = 0; i < kSteps; i += 2) {
      std::uint64_t two = 0;
      std::memcpy(&two, indices + i, sizeof two);
      ++tables_.first[two & 0xFFFFFFFF];
      ++tables_.first[two >> 32];
    }
  }

  Bytes codes_;
  bool is_text_;
  Vector vector_;
  TripleTables tables_;
  std::uint32_t* pairs_;
  TriplesDone result_;
};

}  // namespace
}  // namespace makemore
