// log and exp in plain arithmetic: the same bits on every machine, and loops over them
// become vector code. The libraries' own differ in the last digit from one to the next.
#pragma once

#include <bit>
#include <cstdint>

namespace makemore {

// ln x of a positive normal number. x = 2^k m with m in [2/3, 4/3) and, for
// s = (m - 1) / (m + 1), ln m = 2 (s + s^3/3 + s^5/5 + ...). The error is at most 2^-23 of
// the result, or 2^-24 where it is below one.
inline float fast_log(float x) {
  const std::uint32_t above = std::bit_cast<std::uint32_t>(x) - 0x3F2AAAAB;  // bits of 2/3
  const auto k = static_cast<float>(static_cast<std::int32_t>(above) >> 23);
  const float m = std::bit_cast<float>((above & 0x007FFFFF) + 0x3F2AAAAB);
  const float s = (m - 1) / (m + 1);
  const float q = s * s;
  const float series = 1.0F + q * (1.0F / 3 + q * (1.0F / 5 + q * (1.0F / 7 + q * (1.0F / 9))));
  return k * 0.69314718F + 2 * s * series;
}

// e^x for x up to 88; what is below -87 (or is no number) counts as -87, so the result is never
// zero, and what is above 88 counts as 88.
// x = k ln 2 + r with |r| at most ln 2 / 2, and e^r by its series. Relative error at most
// 2^-22.
inline float fast_exp(float x) {
  x = x > -87.0F ? x : -87.0F;
  x = x < 88.0F ? x : 88.0F;
  const float rounder = 12582912.0F;  // 1.5 * 2^23: adding it rounds to a whole number
  const float k = (x * 1.44269504F + rounder) - rounder;
  const float r = (x - k * 0.693145752F) - k * 1.42860677e-6F;  // ln 2 in two parts
  const float series =
      1 + r * (1 + r * (1.0F / 2 +
                        r * (1.0F / 6 + r * (1.0F / 24 + r * (1.0F / 120 + r * (1.0F / 720))))));
  const auto scale = static_cast<std::uint32_t>(static_cast<std::int32_t>(k) + 127) << 23;
  return series * std::bit_cast<float>(scale);
}

}  // namespace makemore
