// The triple kernels for AVX2: 32 codes at a time.
#include <immintrin.h>

#include <algorithm>

#include "counting/x86/triples_x86.hpp"

namespace makemore {
namespace {

class Vector {
 public:
  static constexpr std::size_t kBytes = 32;

  // AVX2 looks up in 16 bytes only: one such table for each high half of a byte that has ids.
  explicit Vector(const std::uint8_t* ids) {
    for (int high = 0; high < 16; ++high) {
      const std::uint8_t* const part = ids + 16 * high;
      if (std::all_of(part, part + 16, [](auto id) { return id == TripleKernels::kNoId; }))
        continue;
      highs_[used_] = _mm256_set1_epi8(static_cast<char>(high));
      parts_[used_] =
          _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(part)));
      ++used_;
    }
  }

  __m256i ids_at(const std::uint8_t* codes) const {
    const __m256i code = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i low = _mm256_and_si256(code, nibble);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(code, 4), nibble);
    __m256i ids = _mm256_set1_epi8(static_cast<char>(TripleKernels::kNoId));
    for (int i = 0; i < used_; ++i) {
      ids = _mm256_blendv_epi8(ids, _mm256_shuffle_epi8(parts_[i], low),
                               _mm256_cmpeq_epi8(high, highs_[i]));
    }
    return ids;
  }

  static __m256i none() { return _mm256_setzero_si256(); }
  static __m256i both(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }
  static bool any_missing(__m256i seen) { return _mm256_movemask_epi8(seen) != 0; }

  // 5 bits: the index of TripleKernels::index in 16 bits.
  static Alike store(__m256i first, __m256i third, std::uint16_t* out) {
    const __m256i ab = _mm256_maddubs_epi16(first, _mm256_set1_epi16(0x2001));
    const __m256i row = _mm256_and_si256(_mm256_slli_epi16(third, 5), _mm256_set1_epi16(0x3E0));
    const __m256i all = _mm256_xor_si256(_mm256_or_si256(ab, _mm256_slli_epi16(third, 10)), row);
    _mm256_store_si256(reinterpret_cast<__m256i*>(out), all);
    const __m256i one = _mm256_broadcastw_epi16(_mm256_castsi256_si128(all));
    const __m256i other =  // of the same pair of steps
        _mm256_or_si256(_mm256_slli_epi32(all, 16), _mm256_srli_epi32(all, 16));
    const int equal = _mm256_movemask_epi8(_mm256_cmpeq_epi16(all, other));
    return {_mm256_movemask_epi8(_mm256_cmpeq_epi16(all, one)) == -1,
            static_cast<unsigned>(_mm_popcnt_u32(static_cast<unsigned>(equal))) / 2};
  }

  // 6 bits: the same in 32 bits.
  static Alike store(__m256i first, __m256i third, std::uint32_t* out) {
    const __m256i c = _mm256_and_si256(third, _mm256_set1_epi16(0xFF));
    const __m256i ab = _mm256_xor_si256(_mm256_maddubs_epi16(first, _mm256_set1_epi16(0x4001)),
                                        _mm256_slli_epi16(c, 6));
    const auto half = [](__m128i x, __m128i y) {
      return _mm256_or_si256(_mm256_cvtepu16_epi32(x),
                             _mm256_slli_epi32(_mm256_cvtepu16_epi32(y), 12));
    };
    const __m256i low = half(_mm256_castsi256_si128(ab), _mm256_castsi256_si128(c));
    const __m256i high = half(_mm256_extracti128_si256(ab, 1), _mm256_extracti128_si256(c, 1));
    _mm256_store_si256(reinterpret_cast<__m256i*>(out), low);
    _mm256_store_si256(reinterpret_cast<__m256i*>(out + 8), high);
    const __m256i one = _mm256_broadcastd_epi32(_mm256_castsi256_si128(low));
    const __m256i equal =
        _mm256_and_si256(_mm256_cmpeq_epi32(low, one), _mm256_cmpeq_epi32(high, one));
    return {_mm256_movemask_epi8(equal) == -1, 0};
  }

 private:
  __m256i highs_[16];
  __m256i parts_[16];
  int used_ = 0;
};

}  // namespace

extern const TripleKernels kTriplesAvx2;
const TripleKernels kTriplesAvx2 = {
    count_triples5<Vector>,
    count_triples6<Vector>,
    largest_counter,
    drain_counters,
};

}  // namespace makemore
