// Draws words from interpolated models by whole distributions.
//
// The draw u of 32 bits gives the first symbol c, in the order of ids, with u < F(c), where F(c)
// is the sum of the probabilities up to c times 2^32, rounded down: so each symbol gets a whole
// number of the 2^32 draws, within one of its share. One draw of level 0 a symbol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/language_model.hpp"
#include "sampling/ending.hpp"
#include "sampling/sampling.hpp"
#include "sampling/truncation.hpp"

namespace makemore {

class InterpolatedModel;

class InterpolatedSampler final : public WordSamplerOf<InterpolatedSampler> {
 public:
  // The model must outlive the sampler.
  InterpolatedSampler(const InterpolatedModel& model, const Truncation& truncation);

  void check(const SampleRequest& request, const Poll& poll) const override;
  template <class Id>
  void draw_words(const SampleRequest& request, std::size_t begin, std::size_t end,
                  SampledWords<Id>& out, const Poll& pause) const;

 private:
  // Where a word can be, and what is drawn there.
  struct Place {
    std::unique_ptr<Cursor> cursor;
    std::vector<std::uint32_t> thresholds;  // F of each symbol, at most 2^32 - 1
    std::uint32_t last = 0;                 // the symbol of the draws that no F is above
    bool stuck = false;                     // nothing can be drawn

    std::uint32_t drawn(std::uint32_t bits) const;
    bool possible(std::uint32_t symbol) const;
  };

  // The places that were needed so far, whichever thread found them: as many as there is room for.
  class Places {
   public:
    // That behind a symbol; null if it was not found so far.
    const Place* find(const Place* place, std::uint32_t symbol) const;
    // That of a cursor; null if it was not found so far.
    const Place* at(const Cursor& cursor) const;
    // Keeps a place, or another one for the same key; null if there is no room for it. `before` is
    // null for the place where words begin.
    const Place* add(const Place* before, std::uint32_t symbol, std::unique_ptr<Place>& place);

   private:
    struct Arc {
      const Place* from;
      std::uint32_t symbol;
      bool operator==(const Arc&) const = default;
    };
    struct HashArc {
      std::size_t operator()(const Arc& arc) const;
    };
    static constexpr std::size_t kMost = std::size_t{1} << 24;  // numbers

    mutable std::shared_mutex lock_;
    std::map<std::vector<std::uint32_t>, std::unique_ptr<Place>> places_;  // by key
    std::unordered_map<Arc, const Place*, HashArc> arcs_;
    std::size_t used_ = 0;
  };

  std::unique_ptr<Place> place_of(std::unique_ptr<Cursor> cursor) const;
  std::unique_ptr<Cursor> after(const std::vector<std::uint32_t>& prefix) const;
  void ahead(const Cursor& start, std::uint32_t number, bool must_end, const std::string* begun,
             const Poll& poll) const;

  const InterpolatedModel& model_;
  Truncation truncation_;
  mutable Places places_;
  EndCheck endings_;
  mutable std::mutex lock_;                                             // of what follows
  mutable std::map<std::vector<std::uint32_t>, std::uint32_t> starts_;  // by prefix: a number
  mutable std::uint32_t next_start_ = 0;
};

}  // namespace makemore
