// Numbers codes for the triple kernels, and empties their counters before they overflow.
#include "counting/triples.hpp"

#include <algorithm>

#include "base/cpu.hpp"

namespace makemore {

#ifdef MAKEMORE_X86_KERNELS
extern const TripleKernels kTriplesAvx2;
extern const TripleKernels kTriplesAvx512;
#endif

const TripleKernels* triple_kernels() {
  return best_of<const TripleKernels*>({
#ifdef MAKEMORE_X86_KERNELS
      {Isa::avx512, &kTriplesAvx512},
      {Isa::avx2, &kTriplesAvx2},
#endif
      {Isa::baseline, nullptr},
  });
}

namespace {

constexpr std::size_t kMostSmall = 65535;               // what a 16-bit counter holds
constexpr std::size_t kMostSum = std::size_t{1} << 31;  // and a 32-bit one, with room to spare
constexpr std::size_t kStepsPerCall = std::size_t{1} << 13;

// pairs[code of a][code of b] += how often (a, b) stands in the triples.
void take_apart(std::span<const std::uint32_t> triples, unsigned bits,
                std::span<const std::uint8_t> codes, std::span<std::int64_t> pairs) {
  const std::size_t n = codes.size();
  for (std::size_t c = 0; c < n; ++c) {
    for (std::size_t b = 0; b < n; ++b) {
      const std::uint32_t* const row = &triples[TripleKernels::index(0, b, c, bits)];
      std::int64_t with_any_first = 0;
      for (std::size_t a = 0; a < n; ++a) {
        with_any_first += row[a];
        pairs[codes[a] * std::size_t{256} + codes[b]] += row[a];
      }
      pairs[codes[b] * std::size_t{256} + codes[c]] += with_any_first;
    }
  }
}

}  // namespace

std::size_t TripleCounts::add(Bytes codes) {
  std::size_t done = 0;
  while (kernels_ != nullptr && codes.size() - done > kWindow) {
    const Bytes now = codes.subspan(done, std::min(codes.size() - done, 2 * kStepsPerCall));
    std::size_t steps = 0;
    if (bits_ == 5) {
      if (small_.empty()) {
        small_.resize(TripleKernels::kTables5 * TripleKernels::kStride5);
        sums_.resize(TripleKernels::kCounters5);
      }
      if (most_in_small_ + kStepsPerCall > kMostSmall) make_room();
      steps = kernels_->count5(now, ids_.data(), small_.data(), &crowded_);
      most_in_small_ += steps;
    } else {
      steps = kernels_->count6(now, ids_.data(), sums_.data());
    }
    steps_in_sums_ += steps;
    if (steps_in_sums_ > kMostSum) flush();
    done += 2 * steps;
    const bool stopped = now.size() - 2 * steps >= kWindow;  // by a code without an id
    if (stopped && !assign_ids(now.subspan(2 * steps, kWindow))) break;
  }
  return done;
}

// Makes sure that no 16-bit counter overflows in the next call. Draining them costs as much as
// some 20,000 steps, and where many triples occur they are far from full when that many steps
// were done: a look at the largest puts it off.
void TripleCounts::make_room() {
  most_in_small_ = kernels_->largest(small_.data(), crowded_ ? small_.size() : sums_.size());
  if (most_in_small_ > kMostSmall / 2) drain();
}

void TripleCounts::drain() {
  for (std::size_t table = 0; table < (crowded_ ? TripleKernels::kTables5 : 1); ++table) {
    kernels_->drain(&small_[table * TripleKernels::kStride5], sums_.data(), sums_.size());
  }
  crowded_ = false;
  most_in_small_ = 0;
}

// Gives ids to new codes; false if there are none left.
bool TripleCounts::assign_ids(Bytes codes) {
  for (const std::uint8_t code : codes) {
    if (ids_[code] != TripleKernels::kNoId) continue;
    if (codes_.size() == 64) return false;
    if (codes_.size() == 32) widen();
    ids_[code] = static_cast<std::uint8_t>(codes_.size());
    codes_.push_back(code);
  }
  return true;
}

void TripleCounts::widen() {
  flush();
  bits_ = 6;
  small_ = {};
  sums_.assign(std::size_t{1} << 18, 0);
}

void TripleCounts::flush() {
  if (pairs_.empty()) pairs_.resize(256 * 256);
  if (!small_.empty()) drain();
  take_apart(sums_, bits_, codes_, pairs_);
  std::fill(sums_.begin(), sums_.end(), 0);
  steps_in_sums_ = 0;
}

void TripleCounts::move_to(std::span<std::int64_t> pairs) {
  flush();
  for (std::size_t i = 0; i < pairs_.size(); ++i) pairs[i] += pairs_[i];
  std::fill(pairs_.begin(), pairs_.end(), 0);
}

}  // namespace makemore
