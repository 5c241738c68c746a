// A place in a word for a bigram model: the last symbol.
#pragma once

#include <algorithm>
#include <cstddef>

#include "bigram/bigram_model.hpp"
#include "models/cursor.hpp"

namespace makemore {

class BigramCursor final : public CursorOf<BigramCursor> {
 public:
  explicit BigramCursor(const BigramModel& model) : model_(&model) {}

  double step(std::uint32_t id) override { return model_->step(last_, id); }
  void probabilities(std::span<double> out) const override {
    const std::uint32_t prefix[] = {last_};
    const std::vector<double> row = model_->next(std::span(prefix).first(last_ == 0 ? 0 : 1));
    std::copy(row.begin(), row.end(), out.begin());
  }
  void append_key(std::vector<std::uint32_t>& key) const override { key.push_back(last_); }

 private:
  const BigramModel* model_;
  std::uint32_t last_ = 0;  // kUnknown: a symbol that was never seen
};

}  // namespace makemore
