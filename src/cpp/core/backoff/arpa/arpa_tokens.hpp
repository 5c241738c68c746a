// What stands in an ARPA file for symbols and for numbers.
#pragma once

#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>

#include "text/alphabet.hpp"

namespace makemore::arpa {

inline constexpr std::string_view kStart = "<s>", kEnd = "</s>", kUnknownToken = "<unk>";

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kLogZero = -99;  // and what is below

// Whether a logarithm to base 10 is that of zero, or would be if it was written.
inline bool is_log_zero(double log10) { return log10 < kLogZero + 1e-7; }

// Nats, or the power, of a logarithm to base 10.
inline double nats(double log10) {
  return is_log_zero(log10) ? -kInfinity : log10 * std::numbers::ln10;
}
inline double power(double log10) { return is_log_zero(log10) ? 0 : std::pow(10, log10); }

// The symbol that a token stands for, if it is one; and the token of a symbol. <unk> is the unknown
// symbol.
std::optional<char32_t> symbol_of(std::string_view token);
std::string token_of(char32_t symbol);

// The token of an id. Throws Error for one that could not be read again, as it holds a blank or is
// one of those above.
std::string token_of(const Alphabet& alphabet, std::uint32_t id);

}  // namespace makemore::arpa
