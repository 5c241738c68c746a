// Numbers the levels that speak.
#include "mixture/levels.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace makemore {

Levels::Levels(std::span<const Chain> chains) {
  using Known = std::set<std::tuple<Feature::Kind, std::uint32_t>>;
  std::set<Known> seen;
  for (const Chain& chain : chains) {
    std::vector<std::uint32_t>& levels = of_chain.emplace_back();
    Known known;
    const auto add = [&] {
      const bool speaks = seen.insert(known).second;
      levels.push_back(speaks ? static_cast<std::uint32_t>(number++) : kSilent);
    };
    add();
    for (const Feature& feature : chain.features()) {
      known.insert({feature.kind, feature.index});
      add();
    }
  }
}

}  // namespace makemore
