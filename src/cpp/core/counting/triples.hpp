// Counts pairs of neighbouring codes two at a time, as overlapping triples.
//
// One step over two codes adds one to the counter of (a, b, c), which stands for the pairs
// (a, b) and (b, c); the counters are taken apart once, at the end. That halves the work per
// symbol where few symbols occur: they get ids of 5 or 6 bits when they first appear, so the
// counters of 32 symbols take 64 KiB. Beyond 64 symbols the rest get no ids, and what stands
// near them is left to the caller.
//
// The kernels exist for vector instruction sets only; plain code is faster pair by pair.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "text/text.hpp"

namespace makemore {

// What a kernel works on. It takes steps of two codes from the front of `codes` until fewer
// than kWindow codes are left or a code without an id is among the next kWindow; and returns
// the steps done.
struct TripleKernels {
  static constexpr std::size_t kChunk = 512;  // codes taken together where there are as many
  static constexpr std::size_t kMargin = 2;   // read behind them
  static constexpr std::size_t kWindow = 64 + kMargin;
  static constexpr std::uint8_t kNoId = 0x80;

  static constexpr std::size_t kCounters5 = std::size_t{1} << 15;
  static constexpr std::size_t kTables5 = 4;
  // From one table to the next: not a multiple of 4 KiB, by which processors tell addresses
  // apart when they look for a store that a load must wait for.
  static constexpr std::size_t kStride5 = kCounters5 + 544;

  // The counter of (a, b, c). The row is b ^ c and not b: where all b are the same, as the line
  // end between words of one letter, the counters would lie 2 KiB apart, where they get into
  // each other's way in the first cache.
  static constexpr std::size_t index(std::size_t a, std::size_t b, std::size_t c, unsigned bits) {
    return (c << bits | (b ^ c)) << bits | a;
  }

  // Has four tables of counters: sets `crowded` where it used more than the first.
  std::size_t (*count5)(Bytes codes, const std::uint8_t* ids, std::uint16_t* counters,
                        bool* crowded);
  std::size_t (*count6)(Bytes codes, const std::uint8_t* ids, std::uint32_t* counters);
  std::size_t (*largest)(const std::uint16_t* counters, std::size_t size);
  void (*drain)(std::uint16_t* counters, std::uint32_t* sums,
                std::size_t size);  // sums += counters = 0
};

// The variant of the active instruction set; null where there is none.
const TripleKernels* triple_kernels();

class TripleCounts {
 public:
  static constexpr std::size_t kWindow = TripleKernels::kWindow;

  TripleCounts() : kernels_(triple_kernels()) { ids_.fill(TripleKernels::kNoId); }

  // Counts the pairs (codes[0], codes[1]) to (codes[n - 1], codes[n]) and returns n. It stops
  // before a code that gets no id, at the latest kWindow before the end.
  std::size_t add(Bytes codes);

  bool possible() const { return kernels_ != nullptr; }
  bool used() const { return !sums_.empty(); }

  // Whether a code was met; it may have been counted elsewhere.
  bool has(std::uint32_t code) const { return ids_[code] != TripleKernels::kNoId; }

  // Moves all that was counted to a 256 x 256 table of pairs.
  void move_to(std::span<std::int64_t> pairs);

 private:
  bool assign_ids(Bytes codes);
  void make_room();
  void drain();
  void widen();
  void flush();

  const TripleKernels* kernels_;       // null: there are none here
  std::array<std::uint8_t, 256> ids_;  // of each code; kNoId: none yet
  std::vector<std::uint8_t> codes_;    // by id
  unsigned bits_ = 5;
  std::vector<std::uint16_t> small_;  // 5 bits: four tables of counters, to be drained
  bool crowded_ = false;              // whether more than the first was used
  std::vector<std::uint32_t> sums_;   // 5 bits: what was drained; 6 bits: the counters
  std::vector<std::int64_t> pairs_;   // 256 x 256, what was flushed so far
  std::size_t most_in_small_ = 0;     // no 16-bit counter is above this
  std::size_t steps_in_sums_ = 0;
};

}  // namespace makemore
