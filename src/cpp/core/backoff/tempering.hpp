// A back-off model at another temperature, as a back-off model.
#pragma once

#include <cstdint>

#include "backoff/backoff.hpp"
#include "base/poll.hpp"

namespace makemore {

// P(w | context)^(1/temperature), for each context divided by its sum over the alphabet without one
// symbol, which has no share (kUnknown: all have). A symbol that never followed a context has the
// power of the context's weight times the power of the shorter context's probability, so the result
// backs off as the model does, and takes time by what was seen. The temperature is above 0, and the
// model must have by_levels.
Backoff tempered(const Backoff& model, double temperature, std::uint32_t without,
                 const Poll& poll = {});

}  // namespace makemore
