// Numbers as decimal text, whatever the locale.
//
// The standard library's charconv where it has it for floating point; LLVM's had not for long.
// The stand-ins are always compiled, so that tests compare them (compiler.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace makemore {

// The double next to a decimal number such as -1.25e-3, or to "inf" and "-inf". None for
// anything else, for what is not all of the text, and for what no double is near.
std::optional<double> parse_double(std::string_view text);

// As printf's %.*g writes it in the C locale.
std::string format_double(double value, int digits);

namespace portable {
std::optional<double> parse_double(std::string_view text);
std::string format_double(double value, int digits);
}  // namespace portable

}  // namespace makemore
