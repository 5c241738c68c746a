// What a model makes of many words: sums from which the loss of all, and of what is known, follow.
#pragma once

#include <cstdint>

#include "base/compiler.hpp"
#include "base/error.hpp"

namespace makemore {

// How many things there are, where one may count several times.
class Total {
 public:
  void add(std::int64_t things, std::int64_t times = 1) {
    std::int64_t all = 0;
    if (multiply_overflows(things, times, all) || add_overflows(number_, all, number_)) {
      throw Error("the symbols of the words go beyond 64 bits");
    }
  }
  operator std::int64_t() const { return number_; }  // NOLINT: it is that number

 private:
  std::int64_t number_ = 0;
};

// A sum of log-probabilities (nats), and how many symbols it is of, ends included.
struct LikelihoodSum {
  double logs = 0;
  Total symbols;

  void add(double more_logs, std::int64_t more_symbols, std::int64_t times) {
    symbols.add(more_symbols, times);
    logs += static_cast<double>(times) * more_logs;
  }
};

struct Evaluation {
  std::int64_t seen = 0;  // words, those too that count 0 times
  Total words;
  LikelihoodSum all;       // -inf if a word is impossible
  LikelihoodSum possible;  // of the words that are possible
  LikelihoodSum known;     // without the symbols that are unknown or impossible, one by one
  Total unknown_symbols;
  Total unknown_words;  // that hold such a symbol
  Total impossible_words;

  // The first word that has an unknown symbol, and the first that is impossible: its number, from
  // 0, and the place of the symbol in it. Word -1 stands for none.
  struct First {
    std::int64_t word = -1;
    std::int64_t place = 0;
  };
  First unknown{};
  First impossible{};
};

}  // namespace makemore
