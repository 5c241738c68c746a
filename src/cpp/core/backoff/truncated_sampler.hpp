// Draws words from a back-off model by whole distributions.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "backoff/backoff.hpp"
#include "models/language_model.hpp"
#include "sampling/alias.hpp"
#include "sampling/ending.hpp"
#include "sampling/sampling.hpp"

namespace makemore {

// Draws from truncated distributions, or from tables that are not drawn by levels: all these need
// what can follow a context, which is found when it is first needed, one draw of level 0 a
// symbol. Of an alphabet of up to kWrittenOut symbols, or where all are kept, that is its whole
// distribution; of a larger one the symbols that are kept, by id.
class TruncatedSampler final : public WordSamplerOf<TruncatedSampler> {
 public:
  static constexpr std::size_t kWrittenOut = 1024;

  TruncatedSampler(const Alphabet& alphabet, std::shared_ptr<const Backoff> backoff,
                   Truncation truncation, const Poll& poll = {});

  void check(const SampleRequest& request, const Poll& poll) const override;
  template <class Id>
  void draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                  SampledWords<Id>& out, const Poll& pause) const;

 private:
  struct Likely {
    std::uint32_t symbol;
    double probability;
  };
  // What can be drawn, and how likely; `symbols` are none where they are all of the alphabet.
  struct Choice {
    std::vector<std::uint32_t> symbols;
    std::vector<double> probabilities;
  };
  // 2^bits entries of an alias table (alias.hpp) behind the number of bits, and then the symbols
  // that they stand for, unless these are all of the alphabet. One piece of memory, since waiting
  // for it is what a draw costs.
  using Row = std::vector<std::uint32_t>;

  // The rows that were needed so far, whichever thread made them: up to so many numbers. Memory
  // is taken by pages of states, of which a large model's words come to few.
  class Rows {
   public:
    explicit Rows(std::size_t states) : pages_(states / kPage + 1) {}
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    // nullptr: none so far.
    const std::uint32_t* find(std::uint32_t state) const {
      const Page* const page = pages_[state / kPage].load(std::memory_order_acquire);
      return page == nullptr ? nullptr : (*page)[state % kPage].load(std::memory_order_acquire);
    }
    // Keeps a row, or another thread's for the same state; returns what is kept, or the row that
    // was given where there is no room for it.
    const std::uint32_t* add(std::uint32_t state, const Row& row);

   private:
    static constexpr std::size_t kMost = std::size_t{1} << 24;
    static constexpr std::size_t kPage = 512;
    using Page = std::array<std::atomic<const std::uint32_t*>, kPage>;

    std::vector<std::atomic<Page*>> pages_;
    std::atomic<std::size_t> used_ = 0;
  };

  Choice choice(std::uint32_t state) const;
  Choice all(std::uint32_t state) const;
  std::vector<Likely> likeliest(std::uint32_t state, std::size_t most) const;
  Row row_of(std::uint32_t state, AliasMaker& maker) const;
  void steps(std::uint32_t state, Steps& out) const;

  std::shared_ptr<const Backoff> backoff_;
  Truncation truncation_;
  bool listed_;                        // whether symbols are kept by id
  std::vector<std::uint32_t> ranked_;  // if top_k keeps some of many: all, the likeliest first
  mutable Rows rows_;
  EndCheck endings_;
};

}  // namespace makemore
