// Checking a request, and drawing its words block by block.
#include "core/sampler.hpp"

#include <algorithm>
#include <string>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/philox.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kBlock = 4096;  // words that one thread draws at a time
constexpr std::size_t kRound = 1024;  // blocks drawn before they are put together

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

BigramSampler::BigramSampler(const Alphabet& alphabet, std::vector<double> probabilities)
    : alphabet_(alphabet),
      probabilities_(std::move(probabilities)),
      tables_(probabilities_, alphabet.size()) {}

void BigramSampler::check(const SampleRequest& request) const {
  const std::size_t v = alphabet_.size();
  const auto possible = [&](std::size_t a, std::size_t b) { return probabilities_[a * v + b] > 0; };
  const std::size_t start = request.prefix.empty() ? 0 : request.prefix.back();
  // A word that has ended goes nowhere, but one without a prefix starts at the boundary.
  const std::vector<bool> visited = reached(v, start, [&](std::size_t a, std::size_t b) {
    return b != 0 && possible(a, b);
  });
  const std::vector<bool> can_end =
      reached(v, 0, [&](std::size_t a, std::size_t b) { return possible(b, a); });
  for (std::size_t state = 0; state < v; ++state) {
    if (!visited[state]) continue;
    const std::string name = "'" + to_utf8(alphabet_.symbols()[state]) + "'";
    const double* row = &probabilities_[state * v];
    if (std::all_of(row, row + v, [](double p) { return p == 0; })) {
      throw Error("nothing was ever seen after " + name +
                  ", so no symbol can be drawn there; use smoothing=");
    }
    if (!can_end[state] && request.max_length == 0) {
      throw Error("a word that reaches " + name + " can never end; give max_length=");
    }
  }
}

template <class Id>
void BigramSampler::draw_word(const SampleRequest& request, std::uint64_t word,
                              std::vector<Id>& out) const {
  const std::size_t begin = out.size();
  out.insert(out.end(), request.prefix.begin(), request.prefix.end());
  const std::size_t limit = request.max_length == 0 ? SIZE_MAX : request.max_length;
  std::uint32_t state = request.prefix.empty() ? 0 : request.prefix.back();
  for (std::uint32_t quarter = 0;; ++quarter) {
    const PhiloxBlock draws =
        philox4x32({static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32),
                    quarter, 0},
                   request.seed);
    for (const std::uint32_t bits : draws) {
      if (out.size() - begin >= limit) return;
      state = tables_.draw(state, bits);
      if (state == 0) return;
      out.push_back(static_cast<Id>(state));
    }
  }
}

template <class Id>
SampledWords<Id> BigramSampler::sample(const SampleRequest& request, const Poll& poll) const {
  check(request);
  if (request.max_length != 0 && request.prefix.size() > request.max_length) {
    throw Error("the prefix is longer than max_length");
  }
  SampledWords<Id> result;
  result.offsets.reserve(request.words + 1);
  result.offsets.push_back(0);
  const std::size_t blocks = (request.words + kBlock - 1) / kBlock;
  for (std::size_t first = 0; first < blocks; first += kRound) {
    const std::size_t count = std::min(kRound, blocks - first);
    std::vector<SampledWords<Id>> parts(count);
    parallel_for(count, request.threads, poll, [&](std::size_t part) {
      const std::size_t begin = (first + part) * kBlock;
      const std::size_t end = std::min(request.words, begin + kBlock);
      for (std::size_t i = begin; i < end; ++i) {
        draw_word(request, request.start + i, parts[part].ids);
        parts[part].offsets.push_back(static_cast<std::int64_t>(parts[part].ids.size()));
      }
    });
    for (const SampledWords<Id>& part : parts) {
      const std::int64_t base = result.offsets.back();
      for (const std::int64_t offset : part.offsets) result.offsets.push_back(base + offset);
      result.ids.insert(result.ids.end(), part.ids.begin(), part.ids.end());
    }
  }
  return result;
}

template SampledWords<std::uint8_t> BigramSampler::sample(const SampleRequest&, const Poll&) const;
template SampledWords<std::uint16_t> BigramSampler::sample(const SampleRequest&, const Poll&) const;
template SampledWords<std::uint32_t> BigramSampler::sample(const SampleRequest&, const Poll&) const;

}  // namespace makemore
