// The translation kernel that every machine runs, and the prefixes of symbols.
#include "counting/translate.hpp"

#include <algorithm>
#include <cstring>

#include "base/cpu.hpp"

namespace makemore {
namespace {

Translated translate_plain(Bytes text, const Prefixes& prefixes, Layout layout, std::uint8_t* out) {
  constexpr std::uint64_t high_bits = 0x8080808080808080u;
  const std::uint8_t* p = text.data();
  const std::uint8_t* const end = p + text.size();
  std::uint8_t* to = out;
  const std::uint8_t word_end = layout == Layout::packed ? kWordEnd : std::uint8_t{0};
  while (p < end) {
    while (end - p >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, p, 8);
      if ((eight & high_bits) != 0) break;
      std::memcpy(to, &eight, 8);
      p += 8;
      to += 8;
    }
    if (p == end) break;
    if (*p < 0x80 || *p == word_end) {
      *to++ = *p++;
      continue;
    }
    std::uint8_t code = 0;
    std::size_t size = 2;
    if (*p >= 0xC0 && *p < 0xE0 && end - p >= 2) {
      code = prefixes.two(p[0], p[1]);
    } else if (*p >= 0xE0) {
      for (const Prefix& prefix : prefixes.all()) {
        size = prefix.size;
        if (static_cast<std::size_t>(end - p) < size) continue;
        if (std::memcmp(prefix.bytes.data(), p, size - 1) != 0) continue;
        const std::uint8_t last = p[size - 1];
        code = (last & 0xC0) == 0x80 ? prefix.codes[last & 0x3F] : std::uint8_t{0};
        break;
      }
    }
    if (code == 0) break;
    *to++ = code;
    p += size;
  }
  return {static_cast<std::size_t>(p - text.data()), static_cast<std::size_t>(to - out)};
}

}  // namespace

#ifdef MAKEMORE_X86_KERNELS
extern const Translate kTranslateAvx2;
extern const Translate kTranslateAvx512;
#endif

Translate translate_kernel() {
  return best_of<Translate>({
#ifdef MAKEMORE_X86_KERNELS
      {Isa::avx512, kTranslateAvx512},
      {Isa::avx2, kTranslateAvx2},
#endif
      {Isa::baseline, translate_plain},
  });
}

void Prefixes::set(Bytes symbol, std::uint8_t code) {
  if (symbol.size() < 2 || symbol.size() > 4) return;
  const std::uint8_t last = symbol.back() & 0x3F;
  if (symbol.size() == 2) two_[(symbol[0] & 0x1Fu) << 6 | last] = code;
  std::array<std::uint8_t, 3> bytes{};
  std::copy(symbol.begin(), symbol.end() - 1, bytes.begin());
  auto prefix = std::find_if(prefixes_.begin(), prefixes_.end(),
                             [&](const Prefix& other) { return other.bytes == bytes; });
  if (prefix == prefixes_.end()) {
    if (prefixes_.size() == kMost) return;
    prefixes_.push_back({bytes, static_cast<std::uint8_t>(symbol.size()), 0, {}});
    prefix = prefixes_.end() - 1;
    longest_ = std::max(longest_, symbol.size());
  }
  prefix->codes[last] = code;
  prefix->quarters = static_cast<std::uint8_t>(prefix->quarters | 1u << (last >> 4));
}

}  // namespace makemore
