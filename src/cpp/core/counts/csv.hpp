// Counts as text: a line for each n-gram, its symbols and its count between separators.
//
// A symbol that is the separator, a quotation mark or a line end stands in quotation marks, a
// quotation mark doubled (RFC 4180); lines end in \n.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "base/poll.hpp"
#include "text/alphabet.hpp"

namespace makemore {

// `ids` has `order` for each count. Calls sink(text) with one part after another.
void write_csv(const Alphabet& alphabet, unsigned order, std::span<const std::uint32_t> ids,
               std::span<const std::int64_t> counts, char separator,
               const std::function<void(std::string_view)>& sink, const Poll& poll = {});

}  // namespace makemore
