// Checks a request, and draws its words block by block.
#include "sampling/sampling.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "sampling/meeting.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

// Words that one thread draws at a time: they fit into the first cache. Those that have to meet
// conditions may take many tries each.
constexpr std::size_t kBlock = 2048;
constexpr std::size_t kFewWords = 64;

// Blocks of words that several threads draw, put together in their order.
template <class Id>
class Assembly {
 public:
  // `room`: how many ids are expected; what comes beyond takes longer.
  Assembly(std::size_t words, std::size_t room, bool tries) {
    result_.ids.resize(room);
    if (tries) result_.tries.resize(words);
    result_.offsets.resize(words + 1);
    result_.offsets[0] = 0;
  }

  // Takes block number `block`, whose first word is `begin`, after all before it were taken.
  // Until then it waits, and pauses now and then.
  void take(std::size_t block, std::size_t begin, const SampledWords<Id>& part, const Poll& pause) {
    const std::size_t base = reserve(block, part.ids.size(), pause);
    if (base + part.ids.size() <= result_.ids.size()) {
      std::copy(part.ids.begin(), part.ids.end(), result_.ids.begin() + as_distance(base));
    } else {
      const std::lock_guard guard(lock_);
      late_.emplace_back(base, part.ids);
    }
    std::transform(part.offsets.begin(), part.offsets.end(),
                   result_.offsets.begin() + as_distance(begin + 1),
                   [&](std::int64_t offset) { return static_cast<std::int64_t>(base) + offset; });
    std::copy(part.tries.begin(), part.tries.end(), result_.tries.begin() + as_distance(begin));
  }

  SampledWords<Id> finish() && {
    result_.ids.resize(total_);
    for (const auto& [base, ids] : late_) {
      std::copy(ids.begin(), ids.end(), result_.ids.begin() + as_distance(base));
    }
    return std::move(result_);
  }

 private:
  static std::ptrdiff_t as_distance(std::size_t n) { return static_cast<std::ptrdiff_t>(n); }

  // Where the ids of a block begin.
  std::size_t reserve(std::size_t block, std::size_t size, const Poll& pause) {
    std::unique_lock guard(lock_);
    while (
        !taken_.wait_for(guard, std::chrono::milliseconds(20), [&] { return blocks_ == block; })) {
      guard.unlock();
      pause();
      guard.lock();
    }
    ++blocks_;
    taken_.notify_all();
    return std::exchange(total_, total_ + size);
  }

  SampledWords<Id> result_;
  std::mutex lock_;  // of what follows
  std::condition_variable taken_;
  std::size_t blocks_ = 0;                                // taken so far
  std::size_t total_ = 0;                                 // their ids
  std::vector<std::pair<std::size_t, Buffer<Id>>> late_;  // for which there was no room
};

}  // namespace

void SampleRequest::fail_too_long() {
  throw Error("a word has not ended after " + std::to_string(kLongestWord) +
              " symbols; give max_length= and truncate=True");
}

std::string name_of_prefix(const Alphabet& alphabet, std::span<const std::uint32_t> prefix) {
  return quoted(alphabet, prefix);
}

void check_request(const WordSampler& sampler, const SampleRequest& request, const Poll& poll) {
  for (const std::uint32_t id : request.prefix) {
    if (id == 0 || id >= sampler.alphabet().size()) {
      throw Error("prefix= holds an id that is no symbol of a word");
    }
  }
  sampler.check(request, poll);
  const WordConditions& conditions = request.conditions;
  const std::size_t most = conditions.max_length != 0 ? conditions.max_length : request.max_length;
  if (most == 0) return;
  const auto check_fits = [&](std::size_t size, const char* name) {
    if (size > most) throw Error(std::string(name) + " is longer than max_length=");
  };
  check_fits(request.prefix.size(), "prefix=");
  check_fits(conditions.suffix.size(), "suffix=");
  check_fits(conditions.contains.size(), "contains=");
  if (conditions.min_length > most) throw Error("min_length= is above max_length=");
}

template <class Id>
SampledWords<Id> sample_words(const WordSampler& sampler, const SampleRequest& request,
                              const Poll& poll) {
  check_request(sampler, request, poll);
  const std::size_t size = request.conditions.any() ? kFewWords : kBlock;  // of a block
  const auto draw = [&](std::size_t block, SampledWords<Id>& part, const Poll& pause) {
    part.ids.clear();
    part.offsets.clear();
    part.tries.clear();
    const std::size_t begin = block * size;
    const std::size_t end = std::min(request.words, begin + size);
    if (request.conditions.any()) {
      draw_meeting(sampler, request, begin, end, part, pause);
    } else {
      sampler.draw(request, begin, end, part, pause);
    }
  };
  const std::size_t blocks = request.words / size + (request.words % size != 0);
  SampledWords<Id> first;
  parallel_for(std::min<std::size_t>(blocks, 1), 1, poll,
               [&](std::size_t, const Poll& pause) { draw(0, first, pause); });
  if (blocks <= 1) {
    first.offsets.insert(first.offsets.begin(), 0);
    return first;
  }

  // The first block tells how long the words are.
  Assembly<Id> assembly(request.words, blocks * (first.ids.size() + first.ids.size() / 16),
                        request.conditions.any());
  assembly.take(0, 0, first, poll);
  std::atomic<std::size_t> next{1};
  const std::size_t workers = std::min<std::size_t>(thread_count(request.threads), blocks - 1);
  parallel_for(workers, request.threads, poll, [&](std::size_t, const Poll& pause) {
    SampledWords<Id> part;  // stays in the cache
    for (std::size_t block = next++; block < blocks; block = next++) {
      draw(block, part, pause);
      assembly.take(block, block * size, part, pause);
      pause();
    }
  });
  return std::move(assembly).finish();
}

template SampledWords<std::uint8_t> sample_words(const WordSampler&, const SampleRequest&,
                                                 const Poll&);
template SampledWords<std::uint16_t> sample_words(const WordSampler&, const SampleRequest&,
                                                  const Poll&);
template SampledWords<std::uint32_t> sample_words(const WordSampler&, const SampleRequest&,
                                                  const Poll&);

}  // namespace makemore
