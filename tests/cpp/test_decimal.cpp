// Decimal text and doubles: the library's way and the stand-in, in every locale.
#include "base/decimal.hpp"

#include <bit>
#include <clocale>
#include <cmath>
#include <limits>
#include <string>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

using Parse = std::optional<double> (*)(std::string_view);
constexpr Parse kParsers[] = {&parse_double, &portable::parse_double};

}  // namespace

TEST_CASE("numbers are read to the last bit") {
  for (const Parse parse : kParsers) {
    CHECK(parse("0") == 0.0);
    CHECK(parse("-99") == -99.0);
    CHECK(parse("-0.30103") == -0.30103);
    CHECK(parse(".5") == 0.5);
    CHECK(parse("5.") == 5.0);
    CHECK(parse("1e22") == 1e22);
    CHECK(parse("1E+23") == 1e23);
    CHECK(parse("-1.25e-3") == -1.25e-3);
    CHECK(parse("9007199254740993") == 9007199254740992.0);
    CHECK(parse("0.1000000000000000055511151231257827") == 0.1);
    CHECK(parse("2.2250738585072011e-308") == 2.2250738585072011e-308);
    CHECK(parse("4.9406564584124654e-324") == 4.9406564584124654e-324);
    CHECK(parse("1.7976931348623157e308") == std::numeric_limits<double>::max());
    CHECK(parse("0e999") == 0.0);
    CHECK(parse("inf") == std::numeric_limits<double>::infinity());
    CHECK(parse("-Infinity") == -std::numeric_limits<double>::infinity());
    CHECK(std::signbit(parse("-0").value()));
  }
}

TEST_CASE("what is no number, not all of the text, or near no double is none") {
  for (const char* const text :
       {"",     "-",     "+1",     ".",      "e5",  "1e",    "1e+",      "1 ",
        " 1",   "1,5",   "0x10",   "1.2.3",  "--1", "1e5.0", "infinite", "nan",
        "-nan", "1e400", "-1e400", "1e-400", "12a", "1_000"}) {
    CAPTURE(text);
    for (const Parse parse : kParsers) CHECK(parse(text) == std::nullopt);
  }
  for (const Parse parse : kParsers) CHECK(parse(std::string_view("1\0", 2)) == std::nullopt);
}

TEST_CASE("any double that is written is read again, and both ways agree") {
  Random random(11);
  for (int i = 0; i < 4000; ++i) {
    const double value = i % 2 == 0 ? std::bit_cast<double>(random())
                                    : static_cast<double>(random()) * 0x1p-64 * (i % 4 - 2);
    if (!std::isfinite(value)) continue;
    for (const int digits : {6, 12, 17}) {
      const std::string text = format_double(value, digits);
      CAPTURE(text);
      CHECK(portable::format_double(value, digits) == text);
      CHECK(portable::parse_double(text) == parse_double(text));
      if (digits == 17) CHECK(parse_double(text) == value);
    }
  }
}

TEST_CASE("a locale with a decimal comma changes nothing") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const char* const name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "C"}) {
    if (std::setlocale(LC_ALL, name) == nullptr) continue;
    for (const Parse parse : kParsers) {
      CHECK(parse("-1.5") == -1.5);
      CHECK(parse("1.2345678901234567890123e-30") == 1.2345678901234567890123e-30);
    }
    CHECK(format_double(-1.5, 12) == "-1.5");
    CHECK(portable::format_double(-1.5, 12) == "-1.5");
  }
  std::setlocale(LC_ALL, before.c_str());
}
