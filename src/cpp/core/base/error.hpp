// The one error that the core throws for bad data.
//
// Its message says what was wanted, what came and where. The bindings turn it into Python's
// ValueError. Beside it the core throws std::bad_alloc and std::length_error where memory ends,
// std::system_error and EndOfFile where a file cannot be read (text/read_text.hpp), and lets pass
// what a caller's own Poll throws (base/poll.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace makemore {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  // About one item of the input: `item` is "word" (numbered from 0) or "line" (from 1), and
  // `said` goes on after its number, as in ": what is wrong" or ", byte 3: what is wrong".
  Error(const std::string& item, std::int64_t index, const std::string& said)
      : std::runtime_error(item + " " + std::to_string(index) + said), index_(index), said_(said) {}

  // The item's number, if this is about one.
  std::optional<std::int64_t> index() const { return index_; }

  // The same about an item as the caller names it: the core sees a part of the input, and
  // not where it came from. Needs index().
  Error about(const std::string& item, std::int64_t index) const { return {item, index, said_}; }

 private:
  std::optional<std::int64_t> index_;
  std::string said_;  // behind the item's number
};

}  // namespace makemore
