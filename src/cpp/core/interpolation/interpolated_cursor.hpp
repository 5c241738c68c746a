// A place in a word for several models at once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "interpolation/interpolated_model.hpp"
#include "models/cursor.hpp"

namespace makemore {

class InterpolatedCursor final : public CursorOf<InterpolatedCursor> {
 public:
  explicit InterpolatedCursor(const InterpolatedModel& model);
  InterpolatedCursor(const InterpolatedCursor& other);

  double step(std::uint32_t id) override;
  void probabilities(std::span<double> out) const override;
  void append_key(std::vector<std::uint32_t>& key) const override;

 private:
  const InterpolatedModel* model_;
  std::vector<std::unique_ptr<Cursor>> cursors_;  // of the models with a weight, null of others
};

}  // namespace makemore
