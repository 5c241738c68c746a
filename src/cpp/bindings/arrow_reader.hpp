// Words of Arrow arrays, chunk by chunk, as blocks; and the weights that stand beside them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/buffer.hpp"
#include "bindings/arrow_abi.hpp"
#include "bindings/arrow_column.hpp"
#include "bindings/arrow_lists.hpp"
#include "bindings/arrow_numbers.hpp"
#include "bindings/word_source.hpp"

namespace makemore {

class ArrowReader : public WordSource {
 public:
  void give_back(std::int64_t words) override;

  // Appends the weights of the block's words from number `from` on, but for those of nulls. A
  // block then has the words of one chunk only. Throws Error or WrongType about a bad weight.
  void weights(std::int64_t from, std::vector<std::int64_t>& out) const;

 protected:
  // `weights` names the column of a table that holds them.
  ArrowReader(const ArrowSchema& schema, const WordOptions& options,
              const std::optional<std::string>& weights);

  // Goes on with the rows of an array.
  void take(Arrow<ArrowArray> array);

  // The next array, or one that is released at the end; called until then.
  virtual Arrow<ArrowArray> next_array() { return {}; }

  // Called often; may throw.
  virtual void poll() {}

 private:
  ArrowReader(const ArrowSchema& schema, const WordOptions& options,
              std::optional<ArrowNumbersColumn> weights);

  // Words looked at together: they stay in the cache from the copy to the checks.
  static constexpr std::int64_t kRun = 1 << 12;
  static constexpr std::int64_t kRunBytes = 1 << 16;
  static constexpr std::uint32_t kMostInline = 12;      // bytes of a word in a view
  static constexpr std::int64_t kMostJoined = 1 << 18;  // words of a block
  static constexpr std::int64_t kWorthJoining = 256;    // and the fewest

  bool next_chunk();
  std::int64_t rows() const {
    return column_.list != ListKind::none ? lists_.rows() : chunk_.rows();
  }
  std::optional<Block> in_place() override;
  template <class Offset>
  std::optional<Block> joined(const ArrowStrings& strings);
  void fill(std::size_t block) override;
  void pack_views(const ArrowStrings& strings, std::int64_t stop);
  void pack_each(std::int64_t stop, std::size_t block);
  void pack_lists(std::int64_t stop, std::size_t block);
  void pack_plain(const ArrowStrings& strings, std::int64_t stop, std::size_t block);

  const ArrowColumn column_;
  const std::optional<ArrowNumbersColumn> weights_column_;
  Arrow<ArrowArray> array_;
  ArrowChunk chunk_;              // looks into array_
  ArrowLists lists_;              // so do these, in place of the chunk if words are lists
  ArrowNumbers numbers_;          // and these
  std::int64_t row_ = 0;          // the next of the chunk
  std::int64_t chunk_index_ = 0;  // the number of the chunk's first row
  bool ended_ = false;
  std::size_t most_packed_ = SIZE_MAX;
  bool gave_back_ = false;  // the next words must be packed
  std::vector<std::int64_t> offsets_ = std::vector<std::int64_t>(kRun + 1);  // of a run
  Buffer<std::uint8_t> values_;                                              // and its bytes
};

}  // namespace makemore
