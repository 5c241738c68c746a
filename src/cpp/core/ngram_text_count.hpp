// Counts the n-grams of a text that can be read at any place, by several threads.
#pragma once

#include <cstdint>

#include "core/line_pieces.hpp"
#include "core/ngram_counter.hpp"
#include "core/ngrams.hpp"
#include "core/read_text.hpp"
#include "core/text_pieces.hpp"

namespace makemore {

// Options::layout must be lines; Options::poll is not used. Throws what NgramCounter and `read`
// throw.
Ngrams count_ngrams(const NgramCounter::Options& options, unsigned order, std::uint64_t size,
                    const ReadText& read, unsigned threads, const Progress& progress,
                    std::size_t piece = kLinePiece);

}  // namespace makemore
