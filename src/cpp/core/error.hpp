// The one error that the core throws for bad data.
//
// Its message says what was wanted, what came and where. The bindings turn it
// into Python's ValueError; nothing else in the core throws but std::bad_alloc
// and what a caller's own Poll throws (interrupt.hpp).
#pragma once

#include <stdexcept>

namespace makemore {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace makemore
