// WordFilter for Python: the filter of an alphabet, whatever the width of its ids.
#pragma once

#include <cstdint>
#include <utility>
#include <variant>

#include "bindings/sampled.hpp"
#include "sampling/word_filter.hpp"

namespace makemore {

class AnyWordFilter {
 public:
  AnyWordFilter(const Alphabet& alphabet, bool unique)
      : filter_(with_smallest_id(
            alphabet, [&](auto id) { return Filter(WordFilter<decltype(id)>(unique)); })) {}

  // The filter itself; Id must be the smallest that holds the alphabet.
  template <class Id>
  WordFilter<Id>& get() {
    return std::get<WordFilter<Id>>(filter_);
  }

  template <class Use>
  auto with(Use&& use) {
    return std::visit(std::forward<Use>(use), filter_);
  }

 private:
  using Filter =
      std::variant<WordFilter<std::uint8_t>, WordFilter<std::uint16_t>, WordFilter<std::uint32_t>>;
  Filter filter_;
};

}  // namespace makemore
