// How long-running work lets its caller stop it (Ctrl-C).
//
// The core calls `poll` often enough that a stop is noticed well within 0.1 s,
// and always from the thread that called the core. To stop, poll throws.
#pragma once

#include <functional>

namespace makemore {

using Poll = std::function<void()>;

}  // namespace makemore
