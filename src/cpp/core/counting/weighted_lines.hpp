// From a text with a word and its weight a line to packed words and their weights.
//
// A line is `word<TAB>weight`, split at its last tab, or holds both in other columns
// (line_columns.hpp); the weight is a whole number in decimal digits. Lines end as in the lines
// layout (text.hpp), blank ones count for nothing, and the text may arrive in blocks cut anywhere.
// At most a block and a line are held.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "counting/line_columns.hpp"
#include "text/text.hpp"

namespace makemore {

// If not `skip_blank`, a blank line is an error like any line with too few columns.
struct LineRules {
  LineRules(bool skip = true, LineColumns where = LineColumns())  // NOLINT: a bool says it all
      : skip_blank(skip), columns(std::move(where)) {}
  bool skip_blank;
  LineColumns columns;
  bool weighted = true;  // if not, a line is a word, of weight 1
};

class WeightedLines {
 public:
  explicit WeightedLines(LineRules rules) : rules_(std::move(rules)) {}

  // Takes the lines that end in a block, up to the first bad one. What stands in text() and
  // weights() is then to be counted, before check().
  void take(Bytes block);

  // Ends the text: takes its last line, which may lack a line end. Another text may follow.
  void end_text();

  // Goes on at another place of a text, or of another one: there a line begins. Line numbers in
  // errors are counted from there.
  void continue_at_line(std::uint64_t offset);

  Text text() const { return {words_, Layout::packed, false}; }
  std::span<const std::int64_t> weights() const { return weights_; }

  // Throws Error, with its line, for the bad line that ended the last take().
  void check() const;

  // An error about one of the words, of which the first of all has the number 0, as one
  // about its line.
  Error located(const Error& error) const;

 private:
  void take_lines(Bytes lines);
  void take_line(Bytes line, std::uint64_t offset);
  void take_word(Bytes word, std::int64_t weight, Bytes line, std::uint64_t offset);
  void fail(const std::string& said) { bad_ = Error("line", line_, said); }

  LineRules rules_;
  std::vector<std::uint8_t> rest_;  // the start of a line whose end did not come yet
  bool after_return_ = false;       // the last line ended in \r: a \n that follows is part of it
  std::uint64_t offset_ = 0;        // bytes of this text before rest_
  std::int64_t line_ = 1;           // the number of the next line
  std::int64_t words_before_ = 0;   // words of earlier blocks
  std::vector<std::uint8_t> words_;
  std::vector<std::int64_t> weights_;
  std::vector<std::int64_t> line_of_;  // by word of the block
  std::optional<Error> bad_;
};

}  // namespace makemore
