// Words as Python has them, made the core's view: what every adapter is, and which one it takes.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "bindings/packer.hpp"
#include "bindings/python.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace makemore {

enum class Nulls : std::uint8_t {
  raise,
  skip,
  never,  // raise, where there is no nulls= to name
};

struct WordOptions {
  std::optional<std::string> column = std::nullopt;  // of a table
  Nulls nulls = Nulls::never;
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
  // TypeError for a thing that is no word, ValueError for a bad word or null.
  bool next(std::size_t block = kBlock);

  Text text() const { return packer_.text(); }

  // The number of the first thing behind this block, nulls counted; and the numbers of the
  // nulls in this block that were left out.
  std::int64_t end() const { return index_; }
  std::span<const std::int64_t> skipped() const { return skipped_; }

  // The next block as its words lie in memory, if that will do, or else packed; nothing if no
  // words are left.
  std::optional<Block> next_block();

  // Says that the last words of that block could not be dealt with as they lie.
  virtual void give_back(std::int64_t /*words*/) {}

  // The core's error about one of the words of this block, numbered as the input is: the
  // core does not see the nulls that were left out.
  Error renumbered(const Error& error) const;

 protected:
  explicit WordSource(Nulls nulls) : nulls_(nulls) {}

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

  Nulls nulls_;
  std::int64_t skipped_before_ = 0;    // nulls before this block
  std::vector<std::int64_t> skipped_;  // this block's: the index of each
};

// The adapters. A null in an array is an error or left out; one in a list is no word.
std::unique_ptr<WordSource> open_python_words(py::handle words);
std::unique_ptr<WordSource> open_numpy_words(const py::array& words, const WordOptions& options);
std::unique_ptr<WordSource> open_string_dtype_words(const py::array& words,
                                                    const WordOptions& options);
std::unique_ptr<WordSource> open_arrow_stream(py::handle words, const WordOptions& options);
std::unique_ptr<WordSource> open_arrow_array(py::handle words, const WordOptions& options);

// The adapter for an object, chosen by what it offers and not by its type's name: list or
// tuple, NumPy array, Arrow's capsules, what NumPy can make an array of, any iterable.
std::unique_ptr<WordSource> open_words(py::handle words, const WordOptions& options = {});

// The options as the package spells them; ValueError for others than those above.
WordOptions word_options(const std::optional<std::string>& column, const std::string& nulls);

}  // namespace makemore
