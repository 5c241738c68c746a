// How torch.multinomial draws one symbol from a row of float32 probabilities, in both eras.
//
// A uniform number u is two outputs of MT19937, the high word first, of which the low 53 bits
// count. Then
//   running sums (torch before 2.0): one u a symbol; the first symbol whose running sum of the
//     row, added up in float32 and divided by its last, is not below u;
//   exponentials (torch from 2.0 on, without MKL's generators): a u for every symbol of the
//     alphabet, q = -log(1 - u) in double and then float32; the symbol with the largest p / q,
//     the first of equals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace makemore {

enum class TorchEra { running_sums, exponentials };

// The 53 bits of u.
constexpr std::uint64_t torch_bits(std::uint32_t high, std::uint32_t low) {
  constexpr std::uint32_t mask = (1U << 21) - 1;  // what of the high word is in 53 bits
  return std::uint64_t{high & mask} << 32 | low;
}

// Writes the running sums of a row.
void torch_running_sums(std::span<const float> p, std::span<float> sums);

// The symbol that running sums give for the 53 bits of u.
std::uint32_t torch_by_sums(std::span<const float> sums, std::uint64_t bits);

// For rows that are drawn from often: the symbol of each slot of u, where u's first bits decide.
class TorchGuide {
 public:
  static constexpr unsigned kBits = 10;
  static constexpr std::size_t kSlots = std::size_t{1} << kBits;
  static constexpr std::uint8_t kUndecided = 0xFF;  // or a symbol beyond

  static constexpr std::size_t slot(std::uint32_t high) {
    return static_cast<std::size_t>(torch_bits(high, 0) >> (53 - kBits));
  }
  // Writes the kSlots symbols of a row's running sums.
  static void write(std::span<const float> sums, std::uint8_t* symbols);
};

// Probabilities above zero, for bounds of quotients that shall neither be zero nor slow
// (subnormal).
void torch_limits(std::span<const float> p, std::span<float> limits);

// The symbol that exponentials give; two outputs for each symbol. `bounds` has room for one
// number a symbol.
std::uint32_t torch_by_exponentials(std::span<const float> p, const float* limits,
                                    const std::uint32_t* draws, std::int32_t* bounds);

// What an era makes of a row before it is drawn from: its running sums or its limits.
inline void torch_prepare(TorchEra era, std::span<const float> p, std::span<float> prepared) {
  era == TorchEra::running_sums ? torch_running_sums(p, prepared) : torch_limits(p, prepared);
}

}  // namespace makemore
