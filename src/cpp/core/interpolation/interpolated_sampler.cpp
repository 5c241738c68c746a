// Walks from place to place; a place is found when a word first comes there.
#include "interpolation/interpolated_sampler.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "base/hash_table.hpp"
#include "interpolation/interpolated_model.hpp"

namespace makemore {
namespace {

constexpr std::size_t kMostStarts = std::size_t{1} << 16;  // prefixes that are remembered
constexpr std::uint32_t kOthers = std::uint32_t{1} << 31;  // numbers of other places

}  // namespace

InterpolatedSampler::InterpolatedSampler(const InterpolatedModel& model,
                                         const Truncation& truncation)
    : WordSamplerOf(model.alphabet()), model_(model), truncation_(truncation) {}

std::uint32_t InterpolatedSampler::Place::drawn(std::uint32_t bits) const {
  const auto found = std::upper_bound(thresholds.begin(), thresholds.end(), bits);
  return std::min(static_cast<std::uint32_t>(found - thresholds.begin()), last);
}

bool InterpolatedSampler::Place::possible(std::uint32_t symbol) const {
  return symbol == last ||
         (symbol < last && thresholds[symbol] > (symbol == 0 ? 0 : thresholds[symbol - 1]));
}

std::unique_ptr<InterpolatedSampler::Place> InterpolatedSampler::place_of(
    std::unique_ptr<Cursor> cursor) const {
  constexpr double whole = 4294967296.0;
  auto place = std::make_unique<Place>();
  std::vector<double> p(model_.size());
  cursor->probabilities(p);
  const std::uint32_t unknown = model_.alphabet().unknown();
  if (unknown != kUnknown) leave_out(unknown, p);
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  place->cursor = std::move(cursor);
  place->stuck = !(sum > 0);
  if (place->stuck) return place;
  if (unknown == kUnknown) {
    for (double& one : p) one /= sum;
  }
  truncate(truncation_, p);
  double up_to = 0;
  for (std::uint32_t c = 0; c < p.size(); ++c) {
    if (p[c] > 0 && up_to * whole < whole) place->last = c;
    up_to += p[c];
    place->thresholds.push_back(
        up_to * whole < whole - 1 ? static_cast<std::uint32_t>(up_to * whole) : 0xFFFFFFFF);
  }
  return place;
}

std::unique_ptr<Cursor> InterpolatedSampler::after(const std::vector<std::uint32_t>& prefix) const {
  std::unique_ptr<Cursor> cursor = model_.cursor();
  for (const std::uint32_t id : prefix) cursor->step(id);
  return cursor;
}

// What is ahead of a place. `number` is its own in endings_, if `begun` names what led there;
// others are looked at without being remembered.
void InterpolatedSampler::ahead(const Cursor& start, std::uint32_t number, bool must_end,
                                const std::string* begun, const Poll& poll) const {
  std::map<std::vector<std::uint32_t>, std::uint32_t> number_of;
  std::vector<std::unique_ptr<Cursor>> cursors;
  std::unordered_map<std::uint32_t, std::size_t> place_of_number;
  const auto met = [&](std::unique_ptr<Cursor> cursor, std::uint32_t wanted) {
    std::vector<std::uint32_t> key;
    cursor->append_key(key);
    const auto [found, fresh] = number_of.try_emplace(std::move(key), wanted);
    if (fresh) {
      place_of_number[wanted] = cursors.size();
      cursors.push_back(std::move(cursor));
    }
    return found->second;
  };
  met(start.clone(), number);
  const StepsFrom steps_from = [&](std::uint32_t state, Steps& steps) {
    const auto place = this->place_of(cursors[place_of_number.at(state)]->clone());
    steps.work = model_.size() * model_.models().size();
    if (place->stuck) return;
    for (std::uint32_t symbol = 0; symbol <= place->last; ++symbol) {
      if (!place->possible(symbol)) continue;
      if (symbol == 0) {
        steps.ends = true;
        continue;
      }
      std::unique_ptr<Cursor> next = place->cursor->clone();
      next->step(symbol);
      steps.next.push_back(
          met(std::move(next), kOthers + static_cast<std::uint32_t>(cursors.size())));
    }
  };
  if (begun != nullptr) {
    endings_.check(number, must_end, steps_from, *begun, poll);
  } else {
    check_ahead(number, steps_from, poll);
  }
}

void InterpolatedSampler::check(const SampleRequest& request, const Poll& poll) const {
  std::uint32_t number = 0;
  {
    const std::lock_guard guard(lock_);
    if (starts_.size() >= kMostStarts) starts_.clear();
    const auto [found, fresh] = starts_.try_emplace(request.prefix, next_start_);
    if (fresh) next_start_ = (next_start_ + 1) % kOthers;
    number = found->second;
  }
  const std::string begun = name_of_prefix(alphabet(), request.prefix);
  ahead(*after(request.prefix), number, request.max_length == 0, &begun, poll);
}

std::size_t InterpolatedSampler::Places::HashArc::operator()(const Arc& arc) const {
  return hash_of(reinterpret_cast<std::uintptr_t>(arc.from) * 31 + arc.symbol);
}

const InterpolatedSampler::Place* InterpolatedSampler::Places::find(const Place* place,
                                                                    std::uint32_t symbol) const {
  const std::shared_lock guard(lock_);
  const auto found = arcs_.find({place, symbol});
  return found == arcs_.end() ? nullptr : found->second;
}

const InterpolatedSampler::Place* InterpolatedSampler::Places::at(const Cursor& cursor) const {
  std::vector<std::uint32_t> key;
  cursor.append_key(key);
  const std::shared_lock guard(lock_);
  const auto found = places_.find(key);
  return found == places_.end() ? nullptr : found->second.get();
}

const InterpolatedSampler::Place* InterpolatedSampler::Places::add(const Place* before,
                                                                   std::uint32_t symbol,
                                                                   std::unique_ptr<Place>& place) {
  constexpr std::size_t overhead = 64;
  std::vector<std::uint32_t> key;
  place->cursor->append_key(key);
  const std::unique_lock guard(lock_);
  const std::size_t size = 4 * place->thresholds.size() + 2 * key.size() + overhead;
  const auto known = places_.find(key);
  if (known == places_.end() && used_ + size > kMost) return nullptr;
  const Place* kept = nullptr;
  if (known != places_.end()) {
    kept = known->second.get();
  } else {
    used_ += size;
    kept = places_.emplace(std::move(key), std::move(place)).first->second.get();
  }
  if (before != nullptr && used_ + overhead / 2 <= kMost &&
      arcs_.emplace(Arc{before, symbol}, kept).second) {
    used_ += overhead / 2;
  }
  return kept;
}

template <class Id>
void InterpolatedSampler::draw_words(const SampleRequest& request, std::size_t begin,
                                     std::size_t end, SampledWords<Id>& out,
                                     const Poll& pause) const {
  const std::size_t work = 64 * model_.size() * model_.models().size();  // of a new place
  Pace pace(pause);
  std::unique_ptr<Place> own_start;
  std::unique_ptr<Cursor> at_start = after(request.prefix);
  const Place* start = places_.at(*at_start);
  if (start == nullptr) {
    std::unique_ptr<Place> made = place_of(std::move(at_start));
    start = places_.add(nullptr, 0, made);
    if (start == nullptr) {
      own_start = std::move(made);
      start = own_start.get();
    }
    pace.step(work);
  }
  for (std::size_t i = begin; i < end; ++i) {
    const WordBits word(request.seed, request.start + i);
    for (const std::uint32_t id : request.prefix) out.ids.push_back(static_cast<Id>(id));
    std::unique_ptr<Place> own;  // where there is no room
    const Place* place = start;
    bool kept = own_start == nullptr;
    std::size_t length = request.prefix.size();
    std::uint64_t look = EndCheck::kFirstLook;
    for (std::uint64_t step = 0; !request.is_full(length); ++step, ++length) {
      if (step == look && request.max_length == 0) {
        ahead(*place->cursor, 0, true, nullptr, pause);
        look *= 2;
      }
      if (place->stuck) fail_stuck();
      const std::uint32_t symbol = place->drawn(word.at(step));
      if (symbol == 0) break;
      out.ids.push_back(static_cast<Id>(symbol));
      const Place* next = kept ? places_.find(place, symbol) : nullptr;
      if (next == nullptr) {
        std::unique_ptr<Cursor> cursor = place->cursor->clone();
        cursor->step(symbol);
        std::unique_ptr<Place> made = place_of(std::move(cursor));
        next = kept ? places_.add(place, symbol, made) : nullptr;
        kept = next != nullptr;
        if (!kept) {
          own = std::move(made);
          next = own.get();
        }
        pace.step(work);
      }
      place = next;
      pace.step(128);
    }
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
    pace.step(32);
  }
}

template void InterpolatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                              SampledWords<std::uint8_t>&, const Poll&) const;
template void InterpolatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                              SampledWords<std::uint16_t>&, const Poll&) const;
template void InterpolatedSampler::draw_words(const SampleRequest&, std::size_t, std::size_t,
                                              SampledWords<std::uint32_t>&, const Poll&) const;

}  // namespace makemore
