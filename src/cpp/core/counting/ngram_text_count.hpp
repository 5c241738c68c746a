// Counts the n-grams of a text that can be read at any place, by several threads.
#pragma once

#include <cstdint>

#include "counting/line_pieces.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/text_pieces.hpp"
#include "counts/ngrams.hpp"
#include "text/read_text.hpp"

namespace makemore {

// For one text after another; Options::poll is not used.
PieceCounters<NgramCounter> ngram_counters(const CountOptions& options, unsigned order);

// Options::layout must be lines; Options::poll is not used. Throws what NgramCounter and `read`
// throw.
Ngrams count_ngrams(const CountOptions& options, unsigned order, TextRange range,
                    const ReadText& read, unsigned threads, const Progress& progress,
                    std::size_t piece = kLinePiece);

}  // namespace makemore
