// Weights as Python has them, made the core's: one int64 for each word of a block.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "bindings/python.hpp"
#include "bindings/words.hpp"

namespace makemore {

class WeightSource {
 public:
  virtual ~WeightSource() = default;
  WeightSource(const WeightSource&) = delete;
  WeightSource& operator=(const WeightSource&) = delete;

  // The weights of the words in the source's block; those of nulls are left out. Raises
  // TypeError for what is no integer, ValueError for one that 64 bits do not hold or where
  // there are fewer weights than words.
  std::span<const std::int64_t> next(const WordSource& words);

  // Raises ValueError if there are more weights than words.
  void end(std::int64_t words);

 protected:
  WeightSource() = default;

  // Appends the weights of the numbers from index_ to end - 1 to `out`, but for those of
  // nulls that were left out; stops early where there are no more.
  virtual void fill(std::int64_t end, std::span<const std::int64_t> skipped,
                    std::vector<std::int64_t>& out) = 0;

  std::int64_t index_ = 0;  // of the next weight

 private:
  std::vector<std::int64_t> weights_;
};

// A 1-D array of integers (NumPy's, or what NumPy makes one of: series, Arrow's arrays) or
// any iterable of int. Floats and decimals that are whole are integers too.
std::unique_ptr<WeightSource> open_weights(py::handle weights);

// Those of the words of a table, which must outlive them.
std::unique_ptr<WeightSource> weights_of(const ArrowReader& table);

}  // namespace makemore
