// Words as a block of the core's view, and what every adapter shares. No Python here: a word of
// Arrow's is read, and fuzzed, without it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "bindings/packer.hpp"
#include "text/text.hpp"
#include "text/tokens/token_cutter.hpp"

namespace makemore {

enum class Nulls : std::uint8_t {
  raise,
  raise_or_nan,  // raise, where nulls="nan" is there too
  skip,
  never,  // raise, where there is no nulls= to name
};

struct WordOptions {
  std::optional<std::string> column = std::nullopt;  // of a table
  Nulls nulls = Nulls::never;
  // Symbols that are meant: a word may end in a line end that is one of them. Those of the
  // boundary and of an alphabet that was given.
  std::u32string meant = {};
  // Cuts words into tokens, if symbols are tokens.
  std::optional<TokenCutter> cutter = std::nullopt;

  bool listed() const { return cutter && cutter->rules().cut == TokenRules::Cut::listed; }
};

// An input of another type than is wanted: Python's TypeError.
class WrongType : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Words that are to be counted: packed, or where they lie.
using Block = std::variant<Text, Joined<std::int32_t>, Joined<std::int64_t>>;

// Packs words, a block at a time, while the GIL is held; the block can then be worked on
// without it. Every block is looked at anew, so that an input that other threads change
// meanwhile gives what is there when its turn comes.
class WordSource {
 public:
  static constexpr std::size_t kBlock = std::size_t{1} << 20;  // bytes

  virtual ~WordSource() = default;
  WordSource(const WordSource&) = delete;
  WordSource& operator=(const WordSource&) = delete;

  // Packs the next block of about `block` bytes; false if no words are left. Raises
  // TypeError for a thing that is no word, ValueError for a bad word or null, and for a word
  // that still carries its line end.
  bool next(std::size_t block = kBlock);

  // The words of this block, cut into tokens if they are to be; and as they came.
  Text text() const { return cutter_ ? cut_ : packer_.text(); }
  Text uncut() const { return packer_.text(); }

  // What has cut the words so far; null where symbols are characters.
  const TokenCutter* cutter() const { return cutter_ ? &*cutter_ : nullptr; }

  // The number of the first thing behind this block, nulls counted; and the numbers of the
  // nulls in this block that were left out.
  std::int64_t end() const { return index_; }
  std::span<const std::int64_t> skipped() const { return skipped_; }

  // The next block as its words lie in memory, if that will do, or else packed; nothing if no
  // words are left. The words where they lie are not checked.
  std::optional<Block> next_block();

  // Says that the last words of that block could not be dealt with as they lie.
  virtual void give_back(std::int64_t /*words*/) {}

  // The core's error about one of the words of this block, numbered as the input is: the
  // core does not see the nulls that were left out.
  Error renumbered(const Error& error) const;

 protected:
  explicit WordSource(const WordOptions& options);

  static constexpr std::int64_t kCheckAfter = 1 << 15;  // words between two looks for Ctrl-C

  // Packs words until full(block) or the end, and counts each in index_.
  virtual void fill(std::size_t block) = 0;

  // The next words as they lie in memory, if that will do, and counts each in index_.
  virtual std::optional<Block> in_place() { return std::nullopt; }

  bool full(std::size_t block) const {
    return packer_.size() >= block || skipped_.size() >= std::size_t{1} << 16;
  }

  // What to do at a null: raises, or leaves it out.
  void null();

  Packer packer_;
  std::int64_t index_ = 0;  // of the next word

 private:
  void begin_block();
  bool pack(std::size_t block);
  void check_line_ends(std::int64_t first) const;

  Nulls nulls_;
  std::optional<TokenCutter> cutter_;
  Text cut_{};
  bool may_end_[2] = {false, false};   // in \n, in \r
  std::int64_t skipped_before_ = 0;    // nulls before this block
  std::vector<std::int64_t> skipped_;  // this block's: the index of each
};

}  // namespace makemore
