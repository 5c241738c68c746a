// Parses by std::from_chars or, where it is missing, small numbers exactly and others by a stream.
#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <locale>
#include <sstream>

namespace makemore {
namespace {

// A decimal number in its parts, if the text is one.
struct Parts {
  bool negative = false;
  bool exact = true;  // whether `digits` holds all of them
  std::uint64_t digits = 0;
  long exponent = 0;
};

std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  std::size_t at = 0;
  const auto digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  if (at < text.size() && text[at] == '-') {
    parts.negative = true;
    ++at;
  }
  bool any = false;
  const auto take_digits = [&](long each) {
    for (; digit(); ++at) {
      any = true;
      if (parts.digits >= std::uint64_t{1} << 53) parts.exact = false;
      if (!parts.exact) continue;
      parts.digits = parts.digits * 10 + static_cast<std::uint64_t>(text[at] - '0');
      parts.exponent += each;
    }
  };
  take_digits(0);
  if (at < text.size() && text[at] == '.') {
    ++at;
    take_digits(-1);
  }
  if (!any) return std::nullopt;
  if (parts.digits > std::uint64_t{1} << 53) parts.exact = false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool minus = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (!digit()) return std::nullopt;
    long exponent = 0;
    for (; digit(); ++at) exponent = std::min(100'000L, exponent * 10 + (text[at] - '0'));
    parts.exponent += minus ? -exponent : exponent;
  }
  if (at != text.size()) return std::nullopt;
  return parts;
}

bool same_word(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace

std::optional<double> portable::parse_double(std::string_view text) {
  const bool minus = text.starts_with('-');
  const std::string_view rest = text.substr(minus);
  if (same_word(rest, "inf") || same_word(rest, "infinity")) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return minus ? -infinity : infinity;
  }
  const std::optional<Parts> parts = parts_of(text);
  if (!parts) return std::nullopt;
  // Both numbers are exact, so one operation rounds once (W. Clinger, 1990).
  constexpr std::array powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const auto size = static_cast<std::size_t>(std::abs(parts->exponent));
  if (parts->exact && size < powers.size()) {
    const auto digits = static_cast<double>(parts->digits);
    const double value = parts->exponent < 0 ? digits / powers[size] : digits * powers[size];
    return parts->negative ? -value : value;
  }
  std::istringstream stream{std::string(text)};
  stream.imbue(std::locale::classic());
  double value = 0;
  stream >> value;
  const bool zero = parts->exact && parts->digits == 0;
  // Libraries differ in whether what is subnormal is a failure; what overflows is the largest.
  const bool over = stream.fail() && std::abs(value) >= std::numeric_limits<double>::max();
  if (over || !std::isfinite(value) || (value == 0 && !zero)) return std::nullopt;
  return value;
}

std::string portable::format_double(double value, int digits) {
  std::ostringstream stream;
  stream.imbue(std::locale::classic());
  stream.precision(digits);
  stream << value;
  return stream.str();
}

#if !defined(MAKEMORE_PORTABLE) && defined(__cpp_lib_to_chars)
std::optional<double> parse_double(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || std::isnan(value)) return std::nullopt;
  return value;
}

std::string format_double(double value, int digits) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.begin(), text.end(), value, std::chars_format::general,
                                 std::min(digits, 40))
                       .ptr;
  return {text.begin(), end};
}
#else
std::optional<double> parse_double(std::string_view text) { return portable::parse_double(text); }

std::string format_double(double value, int digits) {
  return portable::format_double(value, digits);
}
#endif

}  // namespace makemore
