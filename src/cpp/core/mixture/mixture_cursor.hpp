// A place in a word for a mixture, whose chains look at the whole word so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mixture/mixture.hpp"
#include "models/cursor.hpp"

namespace makemore {

class MixtureCursor final : public CursorOf<MixtureCursor> {
 public:
  explicit MixtureCursor(const MixtureModel& model);

  double step(std::uint32_t id) override;
  void probabilities(std::span<double> out) const override;
  void append_key(std::vector<std::uint32_t>& key) const override;

 private:
  const MixtureModel* model_;
  MixtureModel::Room room_;
  MixtureModel::Position position_;
  std::vector<std::uint32_t> word_;  // so far
};

}  // namespace makemore
