// What narrows a distribution before a symbol is drawn from it, in this order: top_k, the
// temperature, top_p, min_p.
//
// A new way to narrow is one more member, which `cuts` and `truncate` look at.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace makemore {

struct Truncation {
  double temperature = 1;  // p^(1/temperature); 0: the most likely symbol alone
  std::size_t top_k = 0;   // only the most likely, of equals the lower id; 0: all
  double top_p = 1;        // only the fewest most likely that have this share together
  double min_p = 0;        // only those with this share of the most likely one's probability

  // The most symbols that are kept by their ranks; of an alphabet of so many.
  std::size_t kept(std::size_t symbols) const {
    return temperature == 0 ? 1 : top_k == 0 ? symbols : std::min(top_k, symbols);
  }
  bool cuts_by_share() const { return top_p < 1 || min_p > 0; }
  bool cuts(std::size_t symbols) const { return kept(symbols) < symbols || cuts_by_share(); }
  bool plain(std::size_t symbols) const { return temperature == 1 && !cuts(symbols); }
};

// Truncates numbers in proportion to probabilities. They sum to one then, or are all zero still.
// Which are the most likely is told by other numbers, if there are any: those from before a
// temperature, which makes equal what floats cannot tell apart.
void truncate(const Truncation& truncation, std::span<double> probabilities,
              std::span<const double> ranks = {});

// Takes a symbol's probability away; the others sum to one then, or are all zero.
void leave_out(std::size_t symbol, std::span<double> probabilities);

// Throws Error for a temperature, top_p or min_p that is none.
void check_truncation(const Truncation& truncation);

}  // namespace makemore
