// Moves the cursors of all models, and adds up what they say.
#include "interpolation/interpolated_cursor.hpp"

#include <algorithm>
#include <limits>

namespace makemore {

InterpolatedCursor::InterpolatedCursor(const InterpolatedModel& model) : model_(&model) {
  for (std::size_t k = 0; k < model.models_.size(); ++k) {
    cursors_.push_back(model.weights_[k] > 0 ? model.models_[k]->cursor() : nullptr);
  }
}

InterpolatedCursor::InterpolatedCursor(const InterpolatedCursor& other)
    : CursorOf(other), model_(other.model_) {
  for (const auto& cursor : other.cursors_) {
    cursors_.push_back(cursor != nullptr ? cursor->clone() : nullptr);
  }
}

double InterpolatedCursor::step(std::uint32_t id) {
  std::vector<double> logs(cursors_.size(), -std::numeric_limits<double>::infinity());
  for (std::size_t k = 0; k < cursors_.size(); ++k) {
    if (cursors_[k] == nullptr) continue;
    const InterpolatedModel::Part& part = model_->parts_[k];
    const std::uint32_t own = part.id(id);
    logs[k] = cursors_[k]->step(own);
    if (own == part.unknown) logs[k] -= part.log_sharers;
  }
  return model_->combined(logs);
}

void InterpolatedCursor::probabilities(std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  std::vector<double> row;
  for (std::size_t k = 0; k < cursors_.size(); ++k) {
    if (cursors_[k] == nullptr) continue;
    const InterpolatedModel::Part& part = model_->parts_[k];
    row.resize(model_->models_[k]->size());
    cursors_[k]->probabilities(row);
    if (part.unknown != kUnknown) row[part.unknown] /= part.sharers;
    for (std::size_t symbol = 0; symbol < out.size(); ++symbol) {
      const std::uint32_t own = part.ids[symbol];
      if (own != kUnknown) out[symbol] += model_->weights_[k] * row[own];
    }
  }
}

// The keys of one model have one length or tell theirs first, so they cannot be confused.
void InterpolatedCursor::append_key(std::vector<std::uint32_t>& key) const {
  for (const auto& cursor : cursors_) {
    if (cursor != nullptr) cursor->append_key(key);
  }
}

}  // namespace makemore
