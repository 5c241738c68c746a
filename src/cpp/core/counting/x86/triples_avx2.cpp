// The triple kernel for AVX2: 32 codes at a time.
#include <immintrin.h>

#include "counting/triple_loop.hpp"

namespace makemore {
namespace {

// AVX2 looks up in 16 bytes only: one look-up for each high half of a byte that has ids. There
// is a class for each number of them, so that all tables stay in registers where they can.
template <std::size_t groups>
class Vector {
 public:
  static constexpr std::size_t kBytes = 32;
  static constexpr std::size_t kUnrolled = 2;

  struct Words {
    __m256i even;
    __m256i odd;
  };
  using Flags = __m256i;

  Vector(const TripleIds& ids, std::size_t count) {
    const auto part = [](const std::uint8_t* bytes) {
      return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
    };
    for (std::size_t i = 0; i < groups; ++i) {
      // A group that is not there is the first once more.
      const std::size_t group = ids.groups[i < count ? i : 0];
      group_[i] = _mm256_set1_epi8(static_cast<char>(group << 4));
      low_[i] = part(ids.low.data() + 16 * group);
      // Where all look-ups give nothing, kMissing is left: it is turned over here and back below.
      high_[i] = _mm256_xor_si256(part(ids.high.data() + 16 * group), missing_bit());
    }
  }

  Words words(const std::uint8_t* codes, Flags& flags) const {
    const __m256i code = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    for (std::size_t i = 0; i < groups; ++i) {
      // 0x70 and more where the code is in the group, with its low half below; else 0x80 and
      // more, where a look-up gives nothing.
      const __m256i place =
          _mm256_adds_epu8(_mm256_xor_si256(code, group_[i]), _mm256_set1_epi8(0x70));
      low = _mm256_or_si256(low, _mm256_shuffle_epi8(low_[i], place));
      high = _mm256_or_si256(high, _mm256_shuffle_epi8(high_[i], place));
    }
    high = _mm256_xor_si256(high, missing_bit());
    flags = _mm256_or_si256(flags, high);
    const __m256i low_bytes = _mm256_set1_epi16(0xFF);
    return {
        _mm256_or_si256(_mm256_and_si256(low_bytes, low), _mm256_slli_epi16(high, 8)),
        _mm256_or_si256(_mm256_srli_epi16(low, 8), _mm256_andnot_si256(low_bytes, high)),
    };
  }

  static __m256i index(const Words& here, const Words& next) {
    return _mm256_or_si256(_mm256_or_si256(here.even, _mm256_slli_epi16(here.odd, 1)),
                           _mm256_slli_epi16(third(here, next), 2));
  }

  static void store(__m256i index, std::uint16_t* out) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(out), index);
  }

  static void store_wide(const Words& here, const Words& next, std::uint32_t* out) {
    const __m256i top = _mm256_set1_epi16(0x4000);
    const auto without = [&](const Words& words) {
      return Words{_mm256_andnot_si256(top, words.even), _mm256_andnot_si256(top, words.odd)};
    };
    const __m256i low = _mm256_or_si256(index(without(here), without(next)),
                                        _mm256_slli_epi16(_mm256_and_si256(here.even, top), 1));
    const __m256i high =
        _mm256_or_si256(_mm256_srli_epi16(_mm256_and_si256(here.odd, top), 14),
                        _mm256_srli_epi16(_mm256_and_si256(third(here, next), top), 13));
    auto* const to = reinterpret_cast<__m256i*>(out);
    _mm256_store_si256(to, _mm256_unpacklo_epi16(low, high));
    _mm256_store_si256(to + 1, _mm256_unpackhi_epi16(low, high));
  }

  static unsigned repeated(__m256i index) {
    const __m256i other_step = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    const __m256i other = _mm256_shuffle_epi8(index, other_step);  // of the same pair of steps
    const int equal = _mm256_movemask_epi8(_mm256_cmpeq_epi16(index, other));
    return static_cast<unsigned>(_mm_popcnt_u32(static_cast<unsigned>(equal))) / 4;
  }

  static Flags none() { return _mm256_setzero_si256(); }
  static Flags both(Flags a, Flags b) { return _mm256_or_si256(a, b); }
  static bool slow(Flags flags) {
    return _mm256_testz_si256(flags, _mm256_set1_epi8(static_cast<char>(0xC0))) == 0;
  }
  static bool missing(Flags flags) { return _mm256_movemask_epi8(flags) != 0; }

 private:
  static __m256i missing_bit() { return _mm256_set1_epi8(static_cast<char>(TripleIds::kMissing)); }

  // The word behind each odd one.
  static __m256i third(const Words& here, const Words& next) {
    const __m256i border = _mm256_permute2x128_si256(here.even, next.even, 0x21);
    return _mm256_alignr_epi8(border, here.even, 2);
  }

  __m256i group_[groups];
  __m256i low_[groups];
  __m256i high_[groups];
};

TriplesDone count(Bytes codes, CodeKind kind, const TripleIds& ids, const TripleTables& tables,
                  std::uint32_t* pairs) {
  const auto run = [&]<std::size_t groups>() {
    return TripleLoop<Vector<groups>>(codes, kind, ids, tables, pairs).run();
  };
  switch (kind == CodeKind::text ? ids.ascii_groups : ids.group_count) {
    case 0:
    case 1:
    case 2:
    case 3: return run.template operator()<3>();
    case 4: return run.template operator()<4>();
    case 5: return run.template operator()<5>();
    case 6: return run.template operator()<6>();
    case 7:
    case 8: return run.template operator()<8>();
    default: return run.template operator()<16>();
  }
}

}  // namespace

extern const CountTriples kTriplesAvx2;
const CountTriples kTriplesAvx2 = count;

}  // namespace makemore
