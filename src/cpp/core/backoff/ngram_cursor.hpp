// A place in a word for a back-off model: the longest context that it knows.
#pragma once

#include "backoff/backoff.hpp"
#include "models/cursor.hpp"

namespace makemore {

class NgramCursor final : public CursorOf<NgramCursor> {
 public:
  explicit NgramCursor(const Backoff& backoff) : backoff_(&backoff) {}

  double step(std::uint32_t id) override {
    const double log = backoff_->step(state_, id);
    if (id == 0) state_ = Backoff::kStart;
    return log;
  }
  void probabilities(std::span<double> out) const override { backoff_->probabilities(state_, out); }
  void append_key(std::vector<std::uint32_t>& key) const override {
    key.push_back(backoff_->order == 1 ? Backoff::kStart : state_);  // all of order 1 are alike
  }

 private:
  const Backoff* backoff_;
  std::uint32_t state_ = Backoff::kStart;
};

}  // namespace makemore
