// Predicts from the word so far, as a mixture does for every position.
#include "mixture/mixture_cursor.hpp"

#include <algorithm>
#include <limits>

namespace makemore {

MixtureCursor::MixtureCursor(const MixtureModel& model)
    : model_(&model), room_(model.new_room()), position_(model.new_position()) {}

double MixtureCursor::step(std::uint32_t id) {
  double log = -std::numeric_limits<double>::infinity();
  if (id != kUnknown) {
    model_->start(position_, word_, word_.size(), PrefixRows::kNotKept);
    model_->follow(position_);
    log = static_cast<double>(model_->finish(position_, room_)[model_->order().place(id)]);
  }
  if (id == 0) {
    word_.clear();
  } else {
    word_.push_back(id);
  }
  return log;
}

void MixtureCursor::probabilities(std::span<double> out) const {
  const std::vector<double> row = model_->next(word_);
  std::copy(row.begin(), row.end(), out.begin());
}

// What chains look at is the first symbols, the last ones and, up to a number, how many there are.
void MixtureCursor::append_key(std::vector<std::uint32_t>& key) const {
  const std::size_t window = model_->window();
  const std::size_t settled = window + MixtureWeights::kPositions;
  key.push_back(static_cast<std::uint32_t>(std::min(word_.size(), 2 * settled)));
  if (word_.size() < 2 * settled) {
    key.insert(key.end(), word_.begin(), word_.end());
    return;
  }
  const auto size = static_cast<std::ptrdiff_t>(settled);
  key.insert(key.end(), word_.begin(), word_.begin() + size);
  key.insert(key.end(), word_.end() - size, word_.end());
}

}  // namespace makemore
