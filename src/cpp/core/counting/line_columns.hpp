// Where on a line a word and its count stand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "text/text.hpp"

namespace makemore {

// Told by how a line looks: "word\tcount", "count word" as `uniq -c` writes it, "word,_,count". One
// and the same separator stands between names: a tab, a blank, a comma, a semicolon or a bar. Other
// names than these two are of columns that are passed over.
//
// The columns before the word are cut off from the left and those after it from the right, so a
// word may hold the separator. Blanks as separators may stand before the first column, and several
// between those before the word.
class LineColumns {
 public:
  // Throws Error for what shows no line with a word and its count.
  explicit LineColumns(std::string_view shown = "word\tcount");

  struct Parts {
    Bytes word;
    Bytes count;
  };

  // Nothing if the line has too few columns.
  std::optional<Parts> split(Bytes line) const;

  // What an error says of a line that has too few.
  const std::string& wanted() const { return wanted_; }

 private:
  std::uint8_t separator_ = '\t';
  std::size_t before_ = 0;  // the word, and after it
  std::size_t after_ = 0;
  std::size_t count_ = 0;  // its place among all but the word
  std::string wanted_;
};

}  // namespace makemore
