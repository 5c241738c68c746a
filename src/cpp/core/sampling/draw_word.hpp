// Draws the words of a stream one after another, from tables that take 32 bits a symbol.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sampling/sampling.hpp"

namespace makemore {

// Appends one word. Tables have draw(row, bits).
template <class Id, class Tables>
void draw_word(const Tables& tables, const SampleRequest& request, std::uint64_t word,
               Buffer<Id>& out, Pace& pace) {
  const std::size_t begin = out.size();
  for (const std::uint32_t id : request.prefix) out.push_back(static_cast<Id>(id));
  std::uint32_t state = request.prefix.empty() ? 0 : request.prefix.back();
  const WordBits bits(request.seed, word);
  for (std::uint64_t quarter = 0;; ++quarter) {
    pace.step(64);
    for (const std::uint32_t draw : bits.block(quarter)) {
      if (request.is_full(out.size() - begin)) return;
      state = tables.draw(state, draw);
      if (state == 0) return;
      out.push_back(static_cast<Id>(state));
    }
  }
}

// Appends the words begin to end - 1 of the request and the end of each.
template <class Id, class Tables>
void draw_one_by_one(const Tables& tables, const SampleRequest& request, std::size_t begin,
                     std::size_t end, SampledWords<Id>& out, const Poll& pause) {
  Pace pace(pause);
  for (std::size_t i = begin; i < end; ++i) {
    draw_word(tables, request, request.start + i, out.ids, pace);
    out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
  }
}

}  // namespace makemore
