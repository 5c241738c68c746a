// Counts the n-grams of a text that arrives in blocks, cut anywhere.
//
// Symbols get small numbers in the order in which they appear, and an n-gram's numbers are
// packed into one key of as few bits as they take; the keys are counted (gram_counts.hpp). When
// a new symbol needs more bits, all keys are packed anew. Memory grows with the distinct
// n-grams, not with the text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "counting/count_options.hpp"
#include "counting/gram_counts.hpp"
#include "counts/ngrams.hpp"
#include "text/alphabet.hpp"
#include "text/symbol_codes.hpp"
#include "text/text.hpp"

namespace makemore {

class NgramCounter {
 public:
  NgramCounter(CountOptions options, unsigned order);

  // Counts a block. In the packed layout it holds whole words. After an Error the counter
  // is of no more use.
  void add(Bytes bytes);

  // Counts packed words, each as if it stood there as often as its weight says. A word of
  // weight 0 is checked like any other, and adds nothing.
  void add(Text packed, std::span<const std::int64_t> weights);

  // Goes on at another place of a text (lines only), or of another one: there a line begins. Line
  // numbers in errors are counted from there.
  void continue_at_line(std::uint64_t offset);

  // Ends the text (a file): its last line may lack a newline. Another may follow.
  void end_text();

  // The symbols so far; whether keys have room for so many, of which Error tells if not.
  Alphabet alphabet() const;
  void check_order(const Alphabet& alphabet) const { (void)key_layout(order_, alphabet.size()); }

  // What was counted so far. Throws Error, with the order that is possible, where the order is too
  // high for the symbols of all that was added: only now, when all of them are known.
  Ngrams counts();

  // Bytes that counts() takes at most, with the counts so far, if these grow with the text.
  std::size_t memory() const;

  // Lets go of the counts so far, but not of where in the text this is.
  void forget() { counts_ = GramCounts(layout_.size(), options_.poll); }

  // The same over another alphabet, in which the symbols of alphabet() have these ids by theirs.
  Ngrams counts_in(Alphabet alphabet, std::span<const std::uint32_t> ids);

 private:
  static constexpr char32_t kShort = 0x800;          // symbols below take one byte or two in UTF-8
  static constexpr std::uint32_t kOther = kUnknown;  // of a byte that is no plain symbol or end

  template <class Key>
  std::size_t encode(Bytes bytes, std::size_t at, Buffer<Key>& keys, std::int64_t weight = 1);
  void add_word(Bytes& bytes, std::int64_t weight);
  std::size_t add_to_table(Bytes& bytes, std::span<const std::int64_t> weights);
  void add_to_total(std::int64_t symbols, std::int64_t weight);
  void grow_ids(std::size_t ids, std::int64_t weight);
  void give_up();
  template <class Key>
  void count(Buffer<Key>& keys, std::int64_t weight);
  void check_symbol(char32_t symbol, Bytes bytes, std::size_t at) const;
  std::uint32_t id_of(char32_t symbol, Bytes bytes, std::size_t at);
  std::uint32_t new_id(char32_t symbol);
  bool is_wide() const { return layout_.size() > 64; }
  [[noreturn]] void fail(Bytes bytes, std::size_t at, char32_t symbol) const;
  [[noreturn]] void fail_encoding(std::size_t at, const char* problem) const;
  [[noreturn]] void fail(const std::string& said) const;

  CountOptions options_;
  unsigned order_;
  bool too_high_;     // the order, for the symbols so far: from then on only these are collected
  KeyLayout layout_;  // of keys; of order 2 where the order is too high
  std::array<std::uint32_t, 256> byte_ids_;  // of ASCII symbols that have an id, and of ends
  std::array<std::uint32_t, kShort> short_ids_;
  SymbolCodes codes_;                    // of symbols from kShort on
  std::vector<std::uint32_t> code_ids_;  // by code - kAscii
  std::vector<char32_t> symbols_;        // by id; without a given alphabet
  GramCounts counts_;
  Buffer<std::uint64_t> keys_;
  Buffer<WideKey> wide_keys_;
  WideKey previous_ = 0;            // the last key of a word that has not ended; 0 at its start
  bool after_return_ = false;       // the text so far ends in \r: a \n would belong to it
  std::vector<std::uint8_t> tail_;  // a symbol cut by the end of a block
  std::uint64_t offset_ = 0;        // bytes of this text before the block
  std::int64_t ends_ = 0;           // words or lines of this text so far
  std::int64_t total_ = 0;          // of weighted words, to see that it fits
};

}  // namespace makemore
