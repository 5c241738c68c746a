// Predicts: from a position's features by the paths of all chains to one row.
#include "mixture/mixture.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "mixture/fast_math.hpp"
#include "mixture/float_rows.hpp"
#include "mixture/mixture_sampler.hpp"

namespace makemore {
MixtureModel::Columns::Columns(std::span<const Chain> chains) {
  for (const Chain& chain : chains) {
    std::vector<std::size_t>& columns = of_chain.emplace_back();
    for (const Feature& feature : chain.features()) {
      const auto found = std::find(features.begin(), features.end(), feature);
      columns.push_back(static_cast<std::size_t>(found - features.begin()));
      if (found == features.end()) features.push_back(feature);
    }
  }
}

MixtureModel::MixtureModel(std::shared_ptr<const WordList> words, std::vector<Chain> chains,
                           std::vector<ChainTable> tables, MixtureWeights weights, const Poll& poll)
    : LanguageModel(words->alphabet()),
      words_(std::move(words)),
      chains_(std::move(chains)),
      columns_(chains_),
      tables_(std::move(tables)),
      weights_(std::move(weights)),
      prefixes_(*words_, row_stride(size()), poll) {
  Pace pace(poll);
  std::vector<float> room(2 * row_stride(size()));
  Position position = new_position();
  for (PrefixRows::Prefix prefix = 0; prefix < prefixes_.size(); ++prefix) {
    const std::vector<std::uint32_t> word = prefixes_.word(prefix);
    start(position, word, word.size(), PrefixRows::kNotKept);
    follow(position);
    std::copy_n(finish(position, room.data()), row_stride(size()), prefixes_.row(prefix));
    pace.step(1024 + 32 * size());
  }
}

MixtureModel::Position MixtureModel::new_position() const {
  return {0, PrefixRows::kNotKept, std::vector<std::uint32_t>(columns_.features.size()),
          std::vector<ChainTable::Path>(tables_.size())};
}

void MixtureModel::start(Position& position, std::span<const std::uint32_t> word, std::size_t t,
                         PrefixRows::Prefix prefix) const {
  position.t = t;
  position.prefix = prefix;
  if (prefix != PrefixRows::kNotKept) return;
  for (std::size_t f = 0; f < position.values.size(); ++f) {
    position.values[f] = columns_.features[f].value(word, t);
  }
  for (std::size_t m = 0; m < tables_.size(); ++m) {
    tables_[m].start(position.values, position.paths[m]);
  }
}

void MixtureModel::follow(Position& position) const {
  if (position.prefix != PrefixRows::kNotKept) return;
  for (std::size_t m = 0; m < tables_.size(); ++m) tables_[m].follow(position.paths[m]);
}

const float* MixtureModel::finish(const Position& position, float* room) const {
  if (position.prefix != PrefixRows::kNotKept) return prefixes_.row(position.prefix);
  const std::size_t stride = row_stride(size());
  clear_row(room, size());
  for (std::size_t m = 0; m < tables_.size(); ++m) {
    const ChainTable::Path& path = position.paths[m];
    tables_[m].add(path, weights_.of_chain(position.t, m, path.bucket), room);
  }
  room[0] += weights_.of_end(position.t);
  // What fills the row up is not to be the largest, and not to count in the sum.
  std::fill(room + size(), room + stride, room[0]);
  const float most = largest(room, stride);
  std::fill(room + size(), room + stride, most + kImpossible);
  float* const exponentials = room + stride;
  for (std::size_t c = 0; c < stride; ++c) exponentials[c] = fast_exp(room[c] - most);
  const float log_of_sum = most + fast_log(sum(exponentials, stride));
  for (std::size_t c = 0; c < stride; ++c) room[c] -= log_of_sum;
  return room;
}

std::vector<double> MixtureModel::next(std::span<const std::uint32_t> prefix) const {
  std::vector<float> room(2 * row_stride(size()));
  Position position = new_position();
  start(position, prefix, prefix.size(), PrefixRows::kNotKept);
  follow(position);
  const float* const row = finish(position, room.data());
  std::vector<double> probabilities(size());
  double total = 0;
  for (std::size_t c = 0; c < size(); ++c) {
    probabilities[c] = static_cast<double>(fast_exp(row[c]));
    total += probabilities[c];
  }
  for (double& p : probabilities) p /= total;
  return probabilities;
}

// Three positions are under way at a time: one starts, one is followed, one is finished.
void MixtureModel::log_probabilities(std::span<const std::uint32_t> ids, double* out) const {
  std::vector<float> room(2 * row_stride(size()));
  std::array<Position, 3> positions{new_position(), new_position(), new_position()};
  std::size_t begin = 0;  // of the word
  PrefixRows::Prefix prefix = PrefixRows::kEmpty;
  for (std::size_t i = 0; i < ids.size() + 2; ++i) {
    if (i < ids.size()) {
      start(positions[i % 3], ids.subspan(begin), i - begin, prefix);
      prefix = prefixes_.longer(prefix, ids[i]);
      if (ids[i] == 0) {
        begin = i + 1;
        prefix = PrefixRows::kEmpty;
      }
    }
    if (i >= 1 && i - 1 < ids.size()) follow(positions[(i - 1) % 3]);
    if (i < 2) continue;
    const std::uint32_t symbol = ids[i - 2];
    out[i - 2] = symbol == kUnknown
                     ? -std::numeric_limits<double>::infinity()
                     : static_cast<double>(finish(positions[(i - 2) % 3], room.data())[symbol]);
  }
}

std::shared_ptr<const WordSampler> MixtureModel::sampler(const Truncation& truncation,
                                                         const Poll& poll) const {
  check_truncation(truncation);
  return std::make_shared<MixtureSampler>(*this, truncation, poll);
}

}  // namespace makemore
