// Counts the bigrams of a text that arrives in blocks, cut anywhere.
//
// The text is counted as it stands, line ends and all; what a line end means is
// decided once, at the end, on the table. So universal newlines, blank lines and
// the boundary cost nothing per symbol. Bad data is noticed block by block, and
// only then is its place looked for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "counting/count_options.hpp"
#include "counting/pairs.hpp"
#include "counting/translate.hpp"
#include "counting/wide_translate.hpp"
#include "counts/ngrams.hpp"
#include "text/alphabet.hpp"
#include "text/symbol_codes.hpp"
#include "text/text.hpp"

namespace makemore {

class BigramCounter {
 public:
  explicit BigramCounter(CountOptions options);

  // Counts a block. In the packed layout it holds whole words. After an Error the
  // counter is of no more use.
  void add(Bytes bytes, bool ascii = false);

  // Counts words from where they lie (packed layout only), a stretch at a time, as far as they
  // are ASCII, do not end in a line end, and their offsets go up and stay inside the values; a
  // longer word than a stretch is left too. Returns how many words that was. What is counted is
  // a copy of each stretch, so it does not matter what others do to the words meanwhile.
  template <class Offset>
  std::size_t add(const Joined<Offset>& words);

  // Goes on at another place of the text (lines only): `before` is what stands before it
  // there, as far back as a symbol reaches, or nothing at the start. Counts of lines, and so
  // the line numbers of errors, are then no longer known.
  void continue_at(std::uint64_t offset, Bytes before);
  void continue_at_line(std::uint64_t offset) { continue_at(offset, {}); }

  // Ends the text (a file): its last line may lack a newline. Another may follow.
  void end_text();

  // What was counted so far.
  Ngrams counts();

  // As of NgramCounter.
  std::size_t memory() const { return pairs_.memory(); }
  void forget();

 private:
  bool starts_with_mark(Bytes bytes) const;
  std::size_t add_ascii(Bytes bytes, bool known);
  std::size_t add_utf8(Bytes bytes, std::size_t from, std::size_t to);
  std::size_t add_narrow(Bytes bytes, std::size_t from, std::size_t to);
  std::size_t add_wide(Bytes bytes, std::size_t from, std::size_t to);
  struct Found {
    std::uint32_t code;
    std::size_t size;  // bytes; 0: none, as when it is cut by the end of the block
  };
  Found look_up(Bytes bytes, std::size_t counted, std::size_t at);
  std::int64_t ends();
  template <class F>
  void for_each_wide(F&& f) const {
    if (pairs_.wide() != nullptr) pairs_.wide()->for_each(f);
  }
  struct Place {
    const char* item;  // "word" or "line"
    std::int64_t number;
    Bytes word;
  };
  // Where something is in the block, of which the first `counted` bytes were counted.
  Place place(Bytes bytes, std::size_t counted, std::size_t at);
  [[noreturn]] void fail_symbol(const Place& place, char32_t symbol) const;
  [[noreturn]] void fail_encoding(const Place& place, std::size_t at, const char* problem) const;
  void check_forbidden(Bytes counted);
  bool may_hold_forbidden() const;
  template <class Offset>
  [[noreturn]] void fail_forbidden(const Joined<Offset>& counted);
  void fail_earlier(Bytes bytes, std::size_t counted, std::size_t before);

  CountOptions options_;
  SymbolCodes codes_;
  PairCounts pairs_;
  std::array<bool, SymbolCodes::kAscii> forbidden_{};  // ASCII symbols that no word may hold
  std::array<bool, SymbolCodes::kAscii> last_{};       // stood last where a piece of text ended
  std::uint32_t previous_;                             // the code before the next symbol
  std::uint32_t previous_block_end_ = 0;               // that code when the block began
  std::vector<std::uint8_t> tail_;                     // a symbol cut by the end of a block
  std::uint64_t offset_ = 0;                           // bytes of this text before the block
  std::int64_t ends_before_text_ = 0;                  // word ends before this text
  Prefixes prefixes_;                                  // the codes once more, for translation
  Translate translate_ = translate_kernel();
  Buffer<std::uint8_t> narrow_codes_;
  ByteCodes byte_codes_{};  // codes of the bytes that may stand alone
  Buffer<std::uint32_t> wide_codes_;
};

}  // namespace makemore
