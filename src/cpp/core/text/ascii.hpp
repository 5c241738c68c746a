// Whether text is ASCII, so that its bytes are its symbols.
#pragma once

#include "text/text.hpp"

namespace makemore {

bool all_ascii(Bytes bytes);

}  // namespace makemore
