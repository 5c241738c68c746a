// Checking a request, and drawing its words block by block.
#include "core/sampling.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace makemore {
namespace {

constexpr std::size_t kBlock = 4096;  // words that one thread draws at a time

}  // namespace

void check_request(const WordSampler& sampler, const SampleRequest& request) {
  for (const std::uint32_t id : request.prefix) {
    if (id == 0 || id >= sampler.alphabet().size()) {
      throw Error("the prefix holds an id that is no symbol of a word");
    }
  }
  sampler.check(request);
  if (request.max_length != 0 && request.prefix.size() > request.max_length) {
    throw Error("the prefix is longer than max_length");
  }
}

template <class Id>
SampledWords<Id> sample_words(const WordSampler& sampler, const SampleRequest& request,
                              const Poll& poll) {
  check_request(sampler, request);
  const std::size_t blocks = request.words / kBlock + (request.words % kBlock != 0);
  std::vector<SampledWords<Id>> parts(blocks);
  parallel_for(blocks, request.threads, poll, [&](std::size_t part, const Poll& pause) {
    const std::size_t begin = part * kBlock;
    const std::size_t end = std::min(request.words, begin + kBlock);
    sampler.draw(request, begin, end, parts[part], pause);
  });

  // Put together; each part is let go as soon as it is copied.
  std::vector<std::int64_t> bases(blocks + 1);
  for (std::size_t i = 0; i < blocks; ++i) {
    bases[i + 1] = bases[i] + static_cast<std::int64_t>(parts[i].ids.size());
  }
  SampledWords<Id> result;
  result.ids.resize(static_cast<std::size_t>(bases[blocks]));
  result.offsets.resize(request.words + 1);
  result.offsets[0] = 0;
  parallel_for(blocks, request.threads, poll, [&](std::size_t i) {
    const SampledWords<Id> part = std::move(parts[i]);
    std::copy(part.ids.begin(), part.ids.end(), result.ids.begin() + bases[i]);
    std::transform(part.offsets.begin(), part.offsets.end(),
                   result.offsets.begin() + static_cast<std::ptrdiff_t>(i * kBlock + 1),
                   [&](std::int64_t offset) { return bases[i] + offset; });
  });
  return result;
}

template SampledWords<std::uint8_t> sample_words(const WordSampler&, const SampleRequest&,
                                                 const Poll&);
template SampledWords<std::uint16_t> sample_words(const WordSampler&, const SampleRequest&,
                                                  const Poll&);
template SampledWords<std::uint32_t> sample_words(const WordSampler&, const SampleRequest&,
                                                  const Poll&);

}  // namespace makemore
