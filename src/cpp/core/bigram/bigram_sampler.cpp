// Checks what a bigram model can draw, and draws: in lanes, or word by word.
#include "bigram/bigram_sampler.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "base/error.hpp"
#include "sampling/draw_word.hpp"
#include "sampling/lanes.hpp"
#include "text/quoted.hpp"

namespace makemore {
namespace {

// Marks every state that can be reached from `start` over arcs that `next` lists.
template <class Next>
std::vector<bool> reached(std::size_t states, std::size_t start, const Poll& poll, Next&& next) {
  Pace pace(poll);
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
    pace.step(2 * states);
  }
  return seen;
}

// How many symbols a slot holds before its first boundary, the byte 0. Without a branch, which
// would often be guessed wrong.
std::uint32_t symbols_in(const std::uint8_t* slot) {
  static_assert(LaneBlock::kSlot == 16);
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(slot));
  const int zeros = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
  return static_cast<std::uint32_t>(std::countr_zero(static_cast<std::uint32_t>(zeros) | 1U << 16));
#else
  const auto before_zero = [](const std::uint8_t* eight) {
    std::uint64_t bytes;
    std::memcpy(&bytes, eight, 8);
    constexpr std::uint64_t ones = 0x0101010101010101;
    const std::uint64_t zeros = (bytes - ones) & ~bytes & (ones << 7);  // right up to the first
    return static_cast<std::uint32_t>(std::countr_zero(zeros)) / 8;
  };
  const std::uint32_t first = before_zero(slot);
  return first + (before_zero(slot + 8) & (0 - first / 8));
#endif
}

// Copies the symbols of a word that go beyond its first slot; returns how many there are.
std::size_t copy_rest(const LaneBlock& block, std::uint32_t word, std::uint8_t* out) {
  std::size_t length = 0;
  for (std::uint32_t layer = 1; layer < LaneBlock::kLayers; ++layer) {
    const std::uint8_t* const slot = block.slot(layer, word);
    std::memcpy(out + length, slot, LaneBlock::kSlot);
    length += symbols_in(slot);
    if (length < layer * LaneBlock::kSlot) break;
  }
  return length;
}

}  // namespace

BigramSampler::BigramSampler(const Alphabet& alphabet, const std::vector<double>& probabilities,
                             const Poll& poll)
    : WordSampler(alphabet),
      tables_(probabilities, alphabet.size(), poll),
      possible_(alphabet.size() * alphabet.size()),
      stuck_(alphabet.size(), true) {
  // By the draws, not by the probabilities: what is too unlikely for any draw never comes.
  const std::size_t v = alphabet.size();
  Pace pace(poll);
  for (std::size_t a = 0; a < v; ++a) {
    const auto row = std::span(probabilities).subspan(a * v, v);
    if (std::all_of(row.begin(), row.end(), [](double p) { return p == 0; })) continue;
    const std::vector<std::uint64_t> weights = tables_.weights(a);
    for (std::size_t b = 0; b < v; ++b) possible_[a * v + b] = weights[b] > 0;
    stuck_[a] = false;
    pace.step(4 * v);
  }
  can_end_ =
      reached(v, 0, poll, [&](std::size_t a, std::size_t b) { return possible_[b * v + a]; });
  const auto all = [](const std::vector<bool>& symbols, bool value) {
    return std::find(symbols.begin(), symbols.end(), !value) == symbols.end();
  };
  safe_ = all(can_end_, true) && all(stuck_, false);
}

void BigramSampler::check(const SampleRequest& request, const Poll& poll) const {
  if (safe_) return;
  const std::size_t v = alphabet().size();
  const std::size_t start = request.prefix.empty() ? 0 : request.prefix.back();
  // A word that has ended goes nowhere, but one without a prefix starts at the boundary.
  const std::vector<bool> visited = reached(
      v, start, poll, [&](std::size_t a, std::size_t b) { return b != 0 && possible_[a * v + b]; });
  for (std::size_t state = 0; state < v; ++state) {
    if (!visited[state]) continue;
    const std::string name = quoted(alphabet(), static_cast<std::uint32_t>(state));
    if (stuck_[state]) {
      throw Error("nothing was ever seen after " + name +
                  ", so no symbol can be drawn there; use smoothing=");
    }
    if (!can_end_[state] && request.max_length == 0) {
      throw Error("a word that reaches " + name +
                  " can never end; give max_length= and truncate=True");
    }
  }
}

// Many words at once.
void BigramSampler::draw(const SampleRequest& request, std::size_t begin, std::size_t end,
                         SampledWords<std::uint8_t>& out, const Poll& pause) const {
  Buffer<std::uint8_t> slots;
  while (begin < end) {
    const std::uint64_t first = request.start + begin;
    const std::uint64_t before_carry = (std::uint64_t{1} << 32) - (first & 0xFFFFFFFF);
    const auto words = static_cast<std::uint32_t>(
        std::min<std::uint64_t>({end - begin, LaneBlock::kMostWords, before_carry}));
    slots.resize(LaneBlock::bytes(words));
    draw_block(request, first, words, slots.data(), out, pause);
    begin += words;
  }
}

void BigramSampler::draw_block(const SampleRequest& request, std::uint64_t first,
                               std::uint32_t words, std::uint8_t* slots,
                               SampledWords<std::uint8_t>& out, const Poll& pause) const {
  const std::vector<std::uint32_t>& prefix = request.prefix;
  const std::size_t limit = request.max_length == 0 ? SIZE_MAX : request.max_length - prefix.size();
  constexpr std::size_t most = LaneBlock::kMostSymbols;
  const LaneBlock block{.entries = tables_.entries(),
                        .bits = tables_.bits(),
                        .seed = request.seed,
                        .first = first,
                        .words = words,
                        .start_row = prefix.empty() ? 0 : prefix.back(),
                        .quarters = static_cast<std::uint32_t>(std::min(most / 4, limit / 4 + 1)),
                        .slots = slots};
  draw_lanes()(block);
  Pace pace(pause);

  // What the loop needs stands in variables of its own, which no store of a byte can change.
  std::size_t at = out.ids.size();
  out.offsets.resize(out.offsets.size() + words);
  std::int64_t* const ends = out.offsets.data() + out.offsets.size() - words;
  const std::size_t start = prefix.size();
  std::uint8_t* ids = out.ids.data();
  std::size_t room = out.ids.size();
  const std::uint8_t* slot = block.slot(0, 0);
  for (std::uint32_t i = 0; i < words; ++i, slot += LaneBlock::kSlot) {
    if (room < at + start + most) {
      out.ids.resize(room = 2 * at + start + most);
      ids = out.ids.data();
    }
    for (std::size_t j = 0; j < start; ++j) ids[at++] = static_cast<std::uint8_t>(prefix[j]);
    // All of a slot is copied; the next word overwrites what is of no use.
    std::memcpy(ids + at, slot, LaneBlock::kSlot);
    std::size_t length = symbols_in(slot);
    if (length == LaneBlock::kSlot) {
      length += copy_rest(block, i, ids + at + LaneBlock::kSlot);
      if (length == most && limit > most) {
        out.ids.resize(at - start);
        draw_word(tables_, request, first + i, out.ids, pace);
        length = out.ids.size() - at;
        room = out.ids.size();
        ids = out.ids.data();
      }
    }
    at += std::min(length, limit);
    ends[i] = static_cast<std::int64_t>(at);
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
