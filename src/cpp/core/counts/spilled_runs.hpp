// Counts for which memory has no room: sorted runs of n-grams in a file, and their sum.
//
// A run is written as ngram_code.hpp says, with its alphabet before it, in blocks: those of several
// runs that are written at once lie between one another. In the end all runs are read side by side,
// each through a small buffer, and what they hold in common is added up.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/poll.hpp"
#include "counts/ngrams.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

class SpilledRuns {
 public:
  // A file that is open for reading and writing, and nobody else's; `path` names it in errors. To
  // read runs side by side takes as much memory as is given.
  SpilledRuns(int descriptor, std::string path, std::uint64_t memory);

  bool empty() const { return runs_.empty(); }

  // Writes a run; several threads may do so at once. All counts must be alike, and of one order.
  // Throws FileError where the file has no room.
  void add(const Ngrams& counts, const Poll& poll);

  // The sum of all that was added, which is something. In memory stands this sum alone.
  Ngrams sum(const Poll& poll);

 private:
  struct Block {
    std::uint64_t at;
    std::size_t size;
  };
  struct Run {
    Block alphabet{};
    std::vector<Block> ngrams;
    std::uint64_t size = 0;  // n-grams
    std::int64_t total = 0;
  };
  template <class Key>
  class Writer;
  template <class Key>
  class Source;

  Block append(Bytes bytes);
  void read(std::uint64_t from, std::uint8_t* to, std::size_t size) const;
  [[noreturn]] void fail_damaged() const;
  Block append_alphabet(const Alphabet& alphabet, const Poll& poll);
  Alphabet alphabet_of(const Run& run, const Poll& poll) const;
  template <class Key>
  Run written(const Ngrams& counts, const Poll& poll);
  template <class Key>
  Run merged(std::span<const Run> runs, const Poll& poll);
  template <class Key>
  Ngrams::Items all_items(const Poll& poll);

  int descriptor_;
  std::string path_;
  std::uint64_t memory_;
  std::atomic<std::uint64_t> end_{0};
  std::mutex lock_;  // of what follows
  std::vector<Run> runs_;
  std::optional<Alphabet> all_;  // of all runs
  unsigned order_ = 0;
};

}  // namespace makemore
