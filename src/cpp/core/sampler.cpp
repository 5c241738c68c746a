// What a bigram model can draw, and drawing it: in lanes, or word by word.
#include "core/sampler.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "core/draw_word.hpp"
#include "core/error.hpp"
#include "core/lanes.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

// Marks every state that can be reached from `start` over arcs that `next` lists.
template <class Next>
std::vector<bool> reached(std::size_t states, std::size_t start, Next&& next) {
  std::vector<bool> seen(states);
  std::vector<std::size_t> open{start};
  seen[start] = true;
  while (!open.empty()) {
    const std::size_t from = open.back();
    open.pop_back();
    for (std::size_t to = 0; to < states; ++to) {
      if (!seen[to] && next(from, to)) {
        seen[to] = true;
        open.push_back(to);
      }
    }
  }
  return seen;
}

}  // namespace

BigramSampler::BigramSampler(const Alphabet& alphabet, const std::vector<double>& probabilities)
    : WordSampler(alphabet),
      tables_(probabilities, alphabet.size()),
      possible_(alphabet.size() * alphabet.size()) {
  // By the draws, not by the probabilities: what is too unlikely for any draw never comes.
  const std::size_t v = alphabet.size();
  for (std::size_t a = 0; a < v; ++a) {
    const auto row = std::span(probabilities).subspan(a * v, v);
    if (std::all_of(row.begin(), row.end(), [](double p) { return p == 0; })) continue;
    const std::vector<std::uint64_t> weights = tables_.weights(a);
    for (std::size_t b = 0; b < v; ++b) possible_[a * v + b] = weights[b] > 0;
  }
}

void BigramSampler::check(const SampleRequest& request) const {
  const std::size_t v = alphabet().size();
  const auto possible = [&](std::size_t a, std::size_t b) { return possible_[a * v + b]; };
  const std::size_t start = request.prefix.empty() ? 0 : request.prefix.back();
  // A word that has ended goes nowhere, but one without a prefix starts at the boundary.
  const std::vector<bool> visited = reached(v, start, [&](std::size_t a, std::size_t b) {
    return b != 0 && possible(a, b);
  });
  const std::vector<bool> can_end =
      reached(v, 0, [&](std::size_t a, std::size_t b) { return possible(b, a); });
  for (std::size_t state = 0; state < v; ++state) {
    if (!visited[state]) continue;
    const std::string name = "'" + to_utf8(alphabet().symbols()[state]) + "'";
    const auto row = possible_.begin() + static_cast<std::ptrdiff_t>(state * v);
    if (std::find(row, row + static_cast<std::ptrdiff_t>(v), true) ==
        row + static_cast<std::ptrdiff_t>(v)) {
      throw Error("nothing was ever seen after " + name +
                  ", so no symbol can be drawn there; use smoothing=");
    }
    if (!can_end[state] && request.max_length == 0) {
      throw Error("a word that reaches " + name + " can never end; give max_length=");
    }
  }
}

// Many words at once.
void BigramSampler::draw(const SampleRequest& request, std::size_t begin, std::size_t end,
                         SampledWords<std::uint8_t>& out, const Poll& pause) const {
  const std::size_t words = end - begin;
  const std::size_t prefix = request.prefix.size();
  const std::size_t limit = request.max_length == 0 ? SIZE_MAX : request.max_length - prefix;
  // Room for a copy in whole vectors behind the last word.
  Buffer<std::uint8_t> staging((words + 1) * LaneBlock::kStride);
  Buffer<std::uint32_t> lengths(words);
  const std::size_t quarters = std::min(LaneBlock::kStride / 4, limit / 4 + 1);
  draw_lanes()({.entries = tables_.entries(),
                .bits = tables_.bits(),
                .seed = request.seed,
                .first = request.start + begin,
                .words = static_cast<std::uint32_t>(words),
                .start_row = prefix == 0 ? 0 : request.prefix.back(),
                .quarters = static_cast<std::uint32_t>(quarters),
                .staging = staging.data(),
                .lengths = lengths.data()});

  std::size_t total = 0;
  for (std::uint32_t& length : lengths) {
    if (length == LaneBlock::kTooLong && limit < 4 * quarters) {
      length = static_cast<std::uint32_t>(limit);
    }
    if (length != LaneBlock::kTooLong) {
      length = static_cast<std::uint32_t>(std::min<std::size_t>(length, limit));
      total += prefix + length;
    }
  }
  constexpr std::size_t vector = 16;
  out.ids.resize(total + LaneBlock::kStride);
  std::size_t at = 0;
  for (std::size_t i = 0; i < words; ++i) {
    if (lengths[i] == LaneBlock::kTooLong) {
      Buffer<std::uint8_t> word;
      draw_word(tables_, request, request.start + begin + i, word, pause);
      out.ids.resize(out.ids.size() + word.size());
      std::copy(word.begin(), word.end(), out.ids.begin() + static_cast<std::ptrdiff_t>(at));
      at += word.size();
    } else {
      for (const std::uint32_t id : request.prefix) out.ids[at++] = static_cast<std::uint8_t>(id);
      const std::uint8_t* const from = &staging[i * LaneBlock::kStride];
      std::uint8_t* const to = &out.ids[at];
      for (std::size_t j = 0; j < lengths[i]; j += vector) std::memcpy(to + j, from + j, vector);
      at += lengths[i];
    }
    out.offsets.push_back(static_cast<std::int64_t>(at));
  }
  out.ids.resize(at);
}

void BigramSampler::draw(const SampleRequest& request, std::size_t begin, std::size_t end,
                         SampledWords<std::uint16_t>& out, const Poll& pause) const {
  draw_one_by_one(tables_, request, begin, end, out, pause);
}

void BigramSampler::draw(const SampleRequest& request, std::size_t begin, std::size_t end,
                         SampledWords<std::uint32_t>& out, const Poll& pause) const {
  draw_one_by_one(tables_, request, begin, end, out, pause);
}

}  // namespace makemore
