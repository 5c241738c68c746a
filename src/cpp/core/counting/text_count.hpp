// Counts the bigrams of a text that can be read at any place, by several threads.
//
// The text is cut into pieces at symbols, not at words: a piece takes the last symbol before
// it as its start, so that no pair is lost or counted twice and one word of any length is
// shared out as well as many.
#pragma once

#include <cstdint>
#include <optional>

#include "counting/bigram_counter.hpp"
#include "counting/text_pieces.hpp"
#include "counts/ngrams.hpp"
#include "text/read_text.hpp"

namespace makemore {

// Large enough to hide what a piece costs, small enough to stay in the second cache.
inline constexpr std::size_t kPiece = std::size_t{1} << 18;

// Options::layout must be lines; Options::poll is not used. Pieces have at least as many bytes as a
// symbol, four. Throws what BigramCounter and `read` throw. What is spilled is missing in what is
// returned.
Ngrams count_text(const CountOptions& options, TextRange range, const ReadText& read,
                  unsigned threads, const Progress& progress, std::size_t piece = kPiece,
                  const std::optional<Spilling>& spilling = {});

}  // namespace makemore
