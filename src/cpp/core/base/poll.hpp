// How long-running work lets its caller stop it (Ctrl-C).
//
// The core calls `poll` often enough that a stop is noticed well within 0.1 s,
// and always from the thread that called the core. To stop, poll throws.
#pragma once

#include <cstddef>
#include <functional>

namespace makemore {

using Poll = std::function<void()>;

// Polls once in so many steps of work, each of which takes some nanoseconds.
class Pace {
 public:
  static constexpr std::size_t kSteps = std::size_t{1} << 19;

  // The poll must outlive the pace; it may be empty.
  explicit Pace(const Poll& poll) : poll_(poll) {}

  void step(std::size_t steps = 1) {
    done_ += steps;
    if (done_ < kSteps) return;
    done_ = 0;
    if (poll_) poll_();
  }

 private:
  const Poll& poll_;
  std::size_t done_ = 0;
};

}  // namespace makemore
