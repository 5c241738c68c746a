// Counts pairs of neighbouring codes two at a time, as overlapping triples.
//
// One step over two codes adds one to the counter of (a, b, c), which stands for the pairs
// (a, b) and (b, c); the counters are taken apart once, at the end. That halves the work per
// symbol where few symbols occur. Codes get ids by how often they occur, and the index of a
// counter is made of the bits of its three ids in turn (Morton order), so that the counters in
// use lie close together. Where a code without an id stands, pairs are counted.
//
// The kernels exist for vector instruction sets only; plain code is faster pair by pair.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/zeroed.hpp"
#include "text/text.hpp"

namespace makemore {

// The ids of codes, as kernels look them up. The five low bits of an id stand three apart in a
// 16-bit word, so that shifted by 0, 1 and 2 the words of three ids make a 15-bit index.
struct TripleIds {
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kFew = 32;  // ids below make an index of 15 bits
  // In the high byte of a word, where no bit of an id stands:
  static constexpr std::uint8_t kBeyond = 0x40;   // an id of 32 or more
  static constexpr std::uint8_t kMissing = 0x80;  // no id

  alignas(64) std::array<std::uint8_t, 256> low{};
  alignas(64) std::array<std::uint8_t, 256> high;
  std::array<std::uint8_t, 16> groups{};  // the high halves of the codes that have ids: below 8,
  std::size_t ascii_groups = 0;           // so many, first
  std::size_t group_count = 0;
  std::vector<std::uint8_t> codes;  // by id

  TripleIds() { high.fill(kMissing); }

  // Gives the next id to a code that has none; there are fewer than kMost.
  void add(std::uint8_t code);

  bool has(std::uint32_t code) const { return high[code] != kMissing; }

  static constexpr std::uint32_t spread(std::uint32_t id) {
    std::uint32_t word = 0;
    for (unsigned bit = 0; bit < 5; ++bit) word |= (id >> bit & 1) << (3 * bit);
    return word;
  }
  // The counter of three ids: the fifth bits of ids from 32 on come on top.
  static constexpr std::size_t index(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    return spread(a) | spread(b) << 1 | spread(c) << 2 | (a >> 5) << 15 | (b >> 5) << 16 |
           (c >> 5) << 17;
  }
};

// The counters of triples, which begin as zeros.
struct TripleTables {
  static constexpr std::size_t kFew = std::size_t{1} << 15;  // where all ids are below 32
  static constexpr std::size_t kAll = std::size_t{1} << 18;

  // Where many steps follow another of the same index, four tables in turn are used, so that they
  // need not wait for one counter: the first, and three for ids below 32. These begin where
  // addresses differ in more than multiples of 4 KiB, by which processors tell addresses apart
  // when they look for a store to wait for.
  static constexpr std::size_t kOthers = 3;
  static constexpr std::size_t kStride = kFew + 272;
  static constexpr std::size_t kAllOthers = kOthers * kStride;

  std::uint32_t* first;
  std::uint32_t* others;  // null: not there yet
};

// What a kernel is given: codes, or text whose bytes below 128 are codes.
enum class CodeKind : std::uint8_t { codes, text };

// What a kernel counted. The pairs (codes[0], codes[1]) to (codes[done - 1], codes[done]).
struct TriplesDone {
  std::size_t done = 0;
  std::size_t as_pairs = 0;  // of those, the ones counted in the table of pairs
  std::size_t slow = 0;      // those in blocks that had an id of 32 or more, or none
  bool crowded = false;      // whether the other tables were used, or would have been
};

// Counts from the front of the codes until fewer than kMargin are left, or, in text, shortly
// before a byte that is not ASCII.
using CountTriples = TriplesDone (*)(Bytes codes, CodeKind kind, const TripleIds& ids,
                                     const TripleTables& tables, std::uint32_t* pairs);

// The variant of the active instruction set; null where there is none.
CountTriples triple_kernel();

class TripleCounts {
 public:
  // Codes that a kernel may leave uncounted; of fewer it counts none.
  static constexpr std::size_t kMargin = 128;

  bool possible() const { return kernel_ != nullptr; }

  using Occurrences = std::array<std::int64_t, 256>;  // of each code

  // Whether counters could overflow, or the ids do not fit what occurs: before more is added,
  // move_to() is called where anything was counted, and number().
  bool full() const { return slow_ >= patience_ || steps_ >= kMostSteps; }

  // Gives ids by how often codes occur: in `codes`, which are about to be counted, and among
  // equals, so far.
  void number(Bytes codes, const Occurrences& so_far);

  // Whether so many codes were counted as pairs that it is worth to look for those without an id.
  bool lacking() const { return lacking_ >= kLacking; }

  // Gives ids to more codes, by how often they occurred, as long as there are any.
  void add_ids(const Occurrences& so_far);

  // Counts pairs from the front of the codes; those around codes without an id in the 256 x 256
  // table `pairs`. There are fewer than 2^30 codes.
  TriplesDone add(Bytes codes, CodeKind kind, std::uint32_t* pairs);

  bool used() const { return steps_ > 0; }
  std::size_t pairs() const { return 2 * steps_; }  // counted here

  // Whether a code has an id now.
  bool has(std::uint32_t code) const { return ids_.has(code); }

  // Adds all that was counted to a 256 x 256 table of pairs, whose counters hold it.
  template <class Counter>
  void move_to(std::span<Counter> pairs);

 private:
  static constexpr std::size_t kMostSteps = std::size_t{1} << 31;  // counters hold twice as many

  template <class Rank>
  void give_ids(Rank&& rank);

  static constexpr std::size_t kLacking = std::size_t{1} << 14;

  CountTriples kernel_ = triple_kernel();
  TripleIds ids_;
  Zeroed<std::uint32_t> first_;  // the tables, made when they are needed
  Zeroed<std::uint32_t> others_;
  std::size_t steps_ = 0;
  std::size_t slow_ = 0;      // codes in slow blocks since ids were given
  std::size_t patience_ = 0;  // as many of them are enough to give others
  std::size_t lacking_ = 0;   // codes counted as pairs since add_ids()
};

}  // namespace makemore
