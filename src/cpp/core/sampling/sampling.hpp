// Drawing words from any model: what is asked for, what a model adds, and the shared driver.
//
// The symbol at step t of word i under a seed is decided by output t mod 4 of
// Philox4x32-10 with the seed as key and the counter (i, t div 4, level); steps count the
// symbols drawn, not those of a prefix. The level is 0, but for a model that needs more
// than one draw for a symbol. So every word can be drawn by itself, and the words are the
// same for any number of threads, any batch and any machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "sampling/philox.hpp"
#include "sampling/word_conditions.hpp"
#include "text/alphabet.hpp"

namespace makemore {

// Without max_length, a word that comes to this many symbols is an error: its end is so unlikely
// that memory would end sooner.
constexpr std::size_t kLongestWord = std::size_t{1} << 22;

struct SampleRequest {
  std::size_t words = 1;
  std::uint64_t seed = 0;
  std::uint64_t start = 0;            // the number of the first word in the stream
  std::vector<std::uint32_t> prefix;  // ids that every word begins with
  std::size_t max_length = 0;         // where a word is cut, prefix included; 0: kLongestWord
  unsigned threads = 0;
  WordConditions conditions{};

  // Whether a word of so many symbols takes no more. Throws Error at kLongestWord.
  bool is_full(std::size_t length) const {
    if (max_length != 0) return length >= max_length;
    if (length >= kLongestWord) fail_too_long();
    return false;
  }

 private:
  [[noreturn]] static void fail_too_long();
};

// Symbol ids without boundaries: word i is ids[offsets[i] .. offsets[i + 1]).
template <class Id>
struct SampledWords {
  Buffer<Id> ids;
  Buffer<std::int64_t> offsets;
  Buffer<std::uint32_t> tries{};  // of each word, where there are conditions to meet
};

// The random bits of one word of a stream.
class WordBits {
 public:
  WordBits(std::uint64_t seed, std::uint64_t word) : seed_(seed), word_(word) {}

  std::uint32_t at(std::uint64_t step, std::uint32_t level = 0) const {
    return block(step / 4, level)[step % 4];
  }
  // Steps 4 * quarter to 4 * quarter + 3.
  PhiloxBlock block(std::uint64_t quarter, std::uint32_t level = 0) const {
    return philox4x32({static_cast<std::uint32_t>(word_), static_cast<std::uint32_t>(word_ >> 32),
                       static_cast<std::uint32_t>(quarter), level},
                      seed_);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t word_;
};

// A prefix as a message names it.
std::string name_of_prefix(const Alphabet& alphabet, std::span<const std::uint32_t> prefix);

// A model that words are drawn from. Immutable, so that threads can share it.
class WordSampler {
 public:
  explicit WordSampler(Alphabet alphabet) : alphabet_(std::move(alphabet)) {}
  virtual ~WordSampler() = default;

  const Alphabet& alphabet() const { return alphabet_; }

  // Throws Error if a word of the request could come to where nothing can be drawn or,
  // without max_length, to where it can never end; what is too far off to be found here, draw
  // throws if a word comes to it. The prefix is known to be good.
  virtual void check(const SampleRequest& request, const Poll& poll) const = 0;

  // Appends the words begin to end - 1 of the request and the end of each.
  virtual void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
                    SampledWords<std::uint8_t>& out, const Poll& pause) const = 0;
  virtual void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
                    SampledWords<std::uint16_t>& out, const Poll& pause) const = 0;
  virtual void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
                    SampledWords<std::uint32_t>& out, const Poll& pause) const = 0;

 protected:
  WordSampler(const WordSampler&) = default;
  WordSampler(WordSampler&&) = default;

 private:
  Alphabet alphabet_;
};

// A sampler that has one way to draw, draw_words, for ids of any width.
template <class Self>
class WordSamplerOf : public WordSampler {
 public:
  using WordSampler::WordSampler;

  void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
            SampledWords<std::uint8_t>& out, const Poll& pause) const final {
    static_cast<const Self&>(*this).draw_words(request, begin, end, out, pause);
  }
  void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
            SampledWords<std::uint16_t>& out, const Poll& pause) const final {
    static_cast<const Self&>(*this).draw_words(request, begin, end, out, pause);
  }
  void draw(const SampleRequest& request, std::size_t begin, std::size_t end,
            SampledWords<std::uint32_t>& out, const Poll& pause) const final {
    static_cast<const Self&>(*this).draw_words(request, begin, end, out, pause);
  }
};

// Checks a request before anything is drawn.
void check_request(const WordSampler& sampler, const SampleRequest& request, const Poll& poll);

// Draws the words of a request by its threads. Id must hold the alphabet.
template <class Id>
SampledWords<Id> sample_words(const WordSampler& sampler, const SampleRequest& request,
                              const Poll& poll);

}  // namespace makemore
