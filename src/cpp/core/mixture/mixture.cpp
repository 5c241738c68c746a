// Predicts: from a position's features by the paths of all chains to one row.
#include "mixture/mixture.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "mixture/fast_math.hpp"
#include "mixture/mixture_cursor.hpp"
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

MixtureModel::MixtureModel(MixtureParts parts, std::vector<ChainTable> tables)
    : LanguageModel(std::move(parts.alphabet)),
      words_(parts.words),
      classes_(std::move(parts.classes)),
      chains_(std::move(parts.chains)),
      columns_(chains_),
      tables_(std::move(tables)),
      weights_(std::move(parts.weights)),
      order_(std::move(parts.order)),
      kept_(std::make_unique<Kept>(std::move(parts.prefixes))) {
  if (!order_.changes()) return;
  by_place_.resize(weights_.by_symbol.size(), 0.0F);
  for (std::size_t at = 0; at < by_place_.size(); at += symbol_stride(size())) {
    order_.to_places(&weights_.by_symbol[at], &by_place_[at]);
  }
}

const PrefixRows& MixtureModel::prefixes(const Poll& poll) const {
  if (kept_->filled) return kept_->prefixes;
  const std::lock_guard guard(kept_->lock);
  if (kept_->filled) return kept_->prefixes;
  PrefixRows& prefixes = kept_->prefixes;
  prefixes.make_rows(symbol_stride(size()));
  Pace pace(poll);
  Room room = new_room();
  // While one prefix is followed, the next one starts.
  std::array<Position, 2> positions{new_position(), new_position()};
  for (PrefixRows::Prefix prefix = 0; prefix <= prefixes.size(); ++prefix) {
    if (prefix < prefixes.size()) {
      const std::vector<std::uint32_t> word = prefixes.word(prefix);
      start(positions[prefix % 2], word, word.size(), PrefixRows::kNotKept);
    }
    if (prefix == 0) continue;
    Position& position = positions[(prefix - 1) % 2];
    follow(position);
    std::copy_n(finish(position, room), symbol_stride(size()), prefixes.row(prefix - 1));
    pace.step(2048 + 32 * size());
  }
  kept_->filled = true;
  return prefixes;
}

MixtureModel::Position MixtureModel::new_position() const {
  return {0,
          PrefixRows::kNotKept,
          std::vector<std::uint32_t>(columns_.features.size()),
          std::vector<ChainTable::Path>(tables_.size()),
          {}};
}

MixtureModel::Room MixtureModel::new_room() const {
  const std::size_t levels = weights_.stride();
  return {&mixture_kernels(),         std::vector<float>(symbol_stride(size())),
          std::vector<float>(levels), std::vector<RowInput>(levels),
          std::vector<float>(levels), std::vector<const float*>(levels)};
}

void MixtureModel::start(Position& position, std::span<const std::uint32_t> word, std::size_t t,
                         PrefixRows::Prefix prefix) const {
  position.t = t;
  position.prefix = prefix;
  if (prefix != PrefixRows::kNotKept) return;
  for (std::size_t f = 0; f < position.values.size(); ++f) {
    position.values[f] = columns_.features[f].value(word, t, classes_);
  }
  for (std::size_t m = 0; m < tables_.size(); ++m) {
    tables_[m].start(position.values, position.paths[m]);
  }
  position.rows = weights_.rows(word, t);
}

void MixtureModel::follow(Position& position) const {
  if (position.prefix != PrefixRows::kNotKept) return;
  for (std::size_t m = 0; m < tables_.size(); ++m) tables_[m].follow(position.paths[m]);
}

const float* MixtureModel::finish(const Position& position, Room& room) const {
  if (position.prefix != PrefixRows::kNotKept) return kept_->prefixes.row(position.prefix);
  const MixtureKernels& kernels = *room.kernels;
  weights_.of_levels(position.rows, kernels, room.a.data());
  RowInput* end = room.inputs.data();
  for (std::size_t m = 0; m < tables_.size(); ++m) end = tables_[m].inputs(position.paths[m], end);
  const auto n = static_cast<std::size_t>(end - room.inputs.data());
  const std::size_t stride = symbol_stride(size());
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t slot = room.inputs[i].slot;
    const std::uint32_t level = slot / kKinds;
    room.of_input[i] = room.a[level] + weights_.by_kind[slot];
    room.weights[i] = weights_by_place(level);
  }
  std::fill(room.z.begin(), room.z.end(), 0.0F);
  kernels.add_rows(room.inputs.data(), room.of_input.data(), room.weights.data(), n, room.z.data(),
                   stride);
  room.z[0] += weights_.end(position.t);
  kernels.log_shares(room.z.data(), size());
  return room.z.data();
}

std::vector<double> MixtureModel::next(std::span<const std::uint32_t> prefix) const {
  Room room = new_room();
  Position position = new_position();
  start(position, prefix, prefix.size(), PrefixRows::kNotKept);
  follow(position);
  const float* const row = finish(position, room);
  std::vector<double> probabilities(size());
  double total = 0;
  for (std::uint32_t c = 0; c < size(); ++c) {
    probabilities[c] = static_cast<double>(fast_exp(row[order_.place(c)]));
    total += probabilities[c];
  }
  for (double& p : probabilities) p /= total;
  return probabilities;
}

std::size_t MixtureModel::batch() const {
  return std::max<std::size_t>(256, (std::size_t{1} << 14) / (1 + size() / 256));
}

// Three positions are under way at a time: one starts, one is followed, one is finished.
void MixtureModel::log_probabilities(std::span<const std::uint32_t> ids, double* out) const {
  // The rows are filled for as many symbols as pay for that.
  const bool many = 2 * ids.size() >= kept_->prefixes.size();
  const PrefixRows* const kept = many ? &prefixes() : filled_prefixes();
  Room room = new_room();
  std::array<Position, 3> positions{new_position(), new_position(), new_position()};
  std::size_t begin = 0;  // of the word
  const PrefixRows::Prefix empty = kept != nullptr ? PrefixRows::kEmpty : PrefixRows::kNotKept;
  PrefixRows::Prefix prefix = empty;
  for (std::size_t i = 0; i < ids.size() + 2; ++i) {
    if (i < ids.size()) {
      start(positions[i % 3], ids.subspan(begin), i - begin, prefix);
      if (kept != nullptr) prefix = kept->longer(prefix, ids[i]);
      if (ids[i] == 0) {
        begin = i + 1;
        prefix = empty;
      }
    }
    if (i >= 1 && i - 1 < ids.size()) follow(positions[(i - 1) % 3]);
    if (i < 2) continue;
    const std::uint32_t symbol = ids[i - 2];
    out[i - 2] =
        symbol == kUnknown
            ? -std::numeric_limits<double>::infinity()
            : static_cast<double>(finish(positions[(i - 2) % 3], room)[order_.place(symbol)]);
  }
}

std::size_t MixtureModel::window() const {
  std::size_t window = 1;
  for (const Feature& feature : columns_.features) window = std::max(window, feature.window());
  return window;
}

std::unique_ptr<Cursor> MixtureModel::cursor() const {
  return std::make_unique<MixtureCursor>(*this);
}

std::shared_ptr<const WordSampler> MixtureModel::sampler(const Truncation& truncation,
                                                         const Poll& poll) const {
  check_truncation(truncation);
  return std::make_shared<MixtureSampler>(*this, truncation, poll);
}

}  // namespace makemore
