// Draws words: those of a block take turns, so that none waits for memory alone.
#include "mixture/mixture_sampler.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <string>

#include "base/error.hpp"
#include "mixture/fast_math.hpp"
#include "mixture/mixture.hpp"

namespace makemore {
namespace {

constexpr std::size_t kWords = 8;     // words under way
constexpr std::size_t kSumLanes = 4;  // sums that are added up at the end

struct Lane {
  std::size_t word;  // of the request
  std::vector<std::uint32_t> ids;
  PrefixRows::Prefix prefix;
  PhiloxBlock bits;
  MixtureModel::Position position;
};

}  // namespace

MixtureSampler::MixtureSampler(const MixtureModel& model, const Truncation& truncation,
                               const Poll& poll)
    : WordSamplerOf(model.alphabet()),
      model_(model),
      temperature_(truncation.temperature),
      rest_(truncation) {
  rest_.temperature = 1;
  const PrefixRows& prefixes = model_.prefixes(poll);
  const std::size_t stride = symbol_stride(model_.size());
  thresholds_.resize(prefixes.size() * stride);
  std::vector<float> room(stride);
  Pace pace(poll);
  for (PrefixRows::Prefix prefix = 0; prefix < prefixes.size(); ++prefix) {
    const float* const p = shaped(prefixes.row(prefix), room.data());
    last_.push_back(add_up(p, &thresholds_[prefix * stride]));
    pace.step(16 * stride);
  }
}

// Every symbol can follow every prefix, the end too; what a truncation that leaves a choice makes
// of that shows when words are drawn.
void MixtureSampler::check(const SampleRequest& request, const Poll& poll) const {
  if (request.max_length == 0 && (temperature_ == 0 || rest_.kept(model_.size()) == 1)) {
    check_only_word(request, poll);
  }
}

// Where every symbol is the most likely one there is one word. What chains look at is the last
// symbols, the first ones and, up to a number, how many there are: so once the last symbols come
// again, they will for ever.
void MixtureSampler::check_only_word(const SampleRequest& request, const Poll& poll) const {
  const std::size_t window = model_.window();
  const std::size_t stride = symbol_stride(model_.size());
  MixtureModel::Room room = model_.new_room();
  std::vector<float> p(stride);
  std::vector<std::uint32_t> thresholds(stride);
  MixtureModel::Position position = model_.new_position();
  std::vector<std::uint32_t> ids = request.prefix;
  // Weights depend on the first positions besides.
  const std::size_t settled = window + MixtureWeights::kPositions;
  std::size_t mark = std::max(ids.size(), settled);  // doubled: R. Brent's search for a cycle
  std::size_t next_mark = mark;
  const auto again = [&] {  // whether the last symbols are those before the mark
    const auto at_mark = ids.begin() + static_cast<std::ptrdiff_t>(mark);
    const auto size = static_cast<std::ptrdiff_t>(window);
    return std::equal(at_mark - size, at_mark, ids.end() - size);
  };
  Pace pace(poll);
  while (true) {
    model_.start(position, ids, ids.size(), PrefixRows::kNotKept);
    model_.follow(position);
    const float* const row = model_.finish(position, room);
    const std::uint32_t last = add_up(shaped(row, p.data()), thresholds.data());
    const std::uint32_t symbol = search(thresholds.data(), last, 0);
    if (symbol == 0) return;
    ids.push_back(symbol);
    if (ids.size() > mark && again()) {
      throw Error("a word can come to where it never ends; give max_length= and truncate=True");
    }
    if (ids.size() >= next_mark) {
      mark = ids.size();
      next_mark = 2 * mark;
    }
    pace.step(16 * stride + 1024);
  }
}

// What the truncation makes of a row of log-probabilities: numbers in proportion to what is drawn.
const float* MixtureSampler::shaped(const float* by_place, float* room) const {
  const std::size_t v = model_.size();
  const std::size_t stride = symbol_stride(v);
  model_.order().to_symbols(by_place, room, v);
  std::fill(room + v, room + stride, kImpossible);
  const float* const row = room;
  std::vector<double> ranks;
  if (temperature_ != 1 && rest_.cuts(v)) ranks.assign(row, row + v);
  const std::uint32_t unknown = model_.alphabet().unknown();  // is never drawn
  if (temperature_ == 1) {
    for (std::size_t c = 0; c < stride; ++c) room[c] = fast_exp(row[c]);
  } else {
    std::size_t likeliest = 0;
    for (std::size_t c = 1; c < v; ++c) {
      if (row[c] > row[likeliest] && c != unknown) likeliest = c;
    }
    if (temperature_ == 0) {
      std::fill_n(room, stride, 0.0F);
      room[likeliest] = 1;
      return room;
    }
    const float most = row[likeliest];
    // Where 1 / T is beyond floats, the largest of them leaves the most likely symbols alone too.
    constexpr double most_cold = std::numeric_limits<float>::max();
    const auto cold = static_cast<float>(std::min(1 / temperature_, most_cold));
    for (std::size_t c = 0; c < stride; ++c) room[c] = fast_exp((row[c] - most) * cold);
  }
  std::fill(room + v, room + stride, 0.0F);
  if (unknown != kUnknown) room[unknown] = 0;
  if (!rest_.plain(v)) {
    std::vector<double> kept(room, room + v);
    if (!ranks.empty() && unknown != kUnknown) ranks[unknown] = kImpossible;
    truncate(rest_, kept, ranks);
    std::transform(kept.begin(), kept.end(), room, [](double p) { return static_cast<float>(p); });
  }
  return room;
}

// Writes F(c) for every symbol c, at most 2^32 - 1, and that for what fills the row up; returns
// the symbol of the draws that no F is above.
std::uint32_t MixtureSampler::add_up(const float* p, std::uint32_t* thresholds) const {
  constexpr double whole = 4294967296.0;
  const std::size_t v = model_.size();
  const std::size_t stride = symbol_stride(v);
  double lanes[kSumLanes] = {};
  for (std::size_t c = 0; c < stride; c += kSumLanes) {
    for (std::size_t k = 0; k < kSumLanes; ++k) lanes[k] += static_cast<double>(p[c + k]);
  }
  const double scale = whole / ((lanes[0] + lanes[2]) + (lanes[1] + lanes[3]));
  double up_to = 0;
  std::uint32_t last = 0;
  for (std::uint32_t c = 0; c < v; ++c) {
    const bool full = up_to * scale >= whole;
    if (p[c] > 0 && !full) last = c;
    up_to += static_cast<double>(p[c]);
    const double below = up_to * scale;
    thresholds[c] = below < whole - 1 ? static_cast<std::uint32_t>(below) : 0xFFFFFFFF;
  }
  std::fill(thresholds + v, thresholds + stride, 0xFFFFFFFF);
  return last;
}

// The first symbol whose F is above the draw.
std::uint32_t MixtureSampler::search(const std::uint32_t* thresholds, std::uint32_t last,
                                     std::uint32_t bits) const {
  constexpr std::size_t few = 128;  // numbers that are compared sooner than searched
  const std::size_t stride = symbol_stride(model_.size());
  std::uint32_t below = 0;
  if (stride <= few) {
    for (std::size_t c = 0; c < stride; ++c) below += thresholds[c] <= bits;
  } else {
    below = static_cast<std::uint32_t>(std::upper_bound(thresholds, thresholds + stride, bits) -
                                       thresholds);
  }
  return std::min(below, last);
}

template <class Id>
void MixtureSampler::draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                                SampledWords<Id>& out, const Poll& pause) const {
  const std::size_t stride = symbol_stride(model_.size());
  MixtureModel::Room room = model_.new_room();
  std::vector<float> p(stride);
  std::vector<std::uint32_t> thresholds(stride);
  PrefixRows::Prefix prefix = PrefixRows::kEmpty;  // that of the request
  for (const std::uint32_t id : request.prefix) prefix = model_.prefixes().longer(prefix, id);
  struct Drawn {
    std::size_t begin;
    std::size_t size;
  };
  std::vector<Drawn> drawn(end - begin);
  Buffer<Id> ids;  // of the words in the order in which they ended
  std::vector<Lane> lanes;
  std::size_t next = begin;
  const auto take_next = [&](Lane& lane) {
    lane.word = next++;
    lane.ids = request.prefix;
    lane.prefix = prefix;
  };
  while (lanes.size() < kWords && next < end) {
    lanes.push_back({0, {}, 0, {}, model_.new_position()});
    take_next(lanes.back());
  }

  Pace pace(pause);
  while (!lanes.empty()) {
    pace.step(lanes.size() * (8 * stride + 512));
    for (Lane& lane : lanes) {
      if (!request.is_full(lane.ids.size())) {
        model_.start(lane.position, lane.ids, lane.ids.size(), lane.prefix);
      }
    }
    for (Lane& lane : lanes) {
      if (!request.is_full(lane.ids.size())) model_.follow(lane.position);
    }
    for (std::size_t i = 0; i < lanes.size();) {
      Lane& lane = lanes[i];
      std::uint32_t symbol = 0;
      if (!request.is_full(lane.ids.size())) {
        const std::size_t step = lane.ids.size() - request.prefix.size();
        if (step % 4 == 0) {
          lane.bits = WordBits(request.seed, request.start + lane.word).block(step / 4);
        }
        const std::uint32_t bits = lane.bits[step % 4];
        if (lane.prefix != PrefixRows::kNotKept) {
          symbol = search(&thresholds_[lane.prefix * stride], last_[lane.prefix], bits);
        } else {
          const float* const row = model_.finish(lane.position, room);
          const std::uint32_t last = add_up(shaped(row, p.data()), thresholds.data());
          symbol = search(thresholds.data(), last, bits);
        }
      }
      if (symbol != 0) {
        lane.ids.push_back(symbol);
        lane.prefix = model_.prefixes().longer(lane.prefix, symbol);
        ++i;
        continue;
      }
      drawn[lane.word - begin] = {ids.size(), lane.ids.size()};
      for (const std::uint32_t id : lane.ids) ids.push_back(static_cast<Id>(id));
      if (next < end) {
        take_next(lane);
        ++i;
      } else {
        std::swap(lane, lanes.back());
        lanes.pop_back();
      }
    }
  }

  out.ids.reserve(out.ids.size() + ids.size());
  for (const Drawn& word : drawn) {
    const auto from = ids.begin() + static_cast<std::ptrdiff_t>(word.begin);
    out.ids.insert(out.ids.end(), from, from + static_cast<std::ptrdiff_t>(word.size));
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
  }
}

template void MixtureSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                         SampledWords<std::uint8_t>&, const Poll&) const;
template void MixtureSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                         SampledWords<std::uint16_t>&, const Poll&) const;
template void MixtureSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                         SampledWords<std::uint32_t>&, const Poll&) const;

}  // namespace makemore
