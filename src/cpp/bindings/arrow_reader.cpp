// Packing words of Arrow's layouts: copied first, then checked.
#include "bindings/arrow_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace makemore {
namespace {

// The column of weights is found first: it is not one of words.
std::optional<ArrowNumbersColumn> find_weights(const ArrowSchema& schema,
                                               const std::optional<std::string>& weights) {
  if (!weights) return std::nullopt;
  return find_numbers(schema, *weights);
}

std::optional<std::int64_t> child_of_weights(const std::optional<ArrowNumbersColumn>& weights) {
  return weights ? std::optional(weights->child) : std::nullopt;
}

// Copies words that lie one behind the other and ends each. Most are short, and 16 bytes
// then go over at once where as many can be read, which is all but at the very end.
std::uint8_t* copy_ended(const std::uint8_t* values, const std::int64_t* offsets, std::int64_t n,
                         std::uint8_t* out) {
  constexpr std::ptrdiff_t step = Packer::kSlack;
  const std::ptrdiff_t end = offsets[n];
  std::ptrdiff_t begin = offsets[0];
  for (std::int64_t i = 0; i < n; ++i) {
    const std::ptrdiff_t next = offsets[i + 1];
    const std::ptrdiff_t size = next - begin;
    if (size <= step && begin + step <= end) {
      std::memcpy(out, values + begin, step);
    } else {
      std::memcpy(out, values + begin, static_cast<std::size_t>(size));
    }
    out[size] = kWordEnd;
    out += size + 1;
    begin = next;
  }
  return out;
}

}  // namespace

ArrowReader::ArrowReader(const ArrowSchema& schema, const WordOptions& options,
                         const std::optional<std::string>& weights)
    : ArrowReader(schema, options, find_weights(schema, weights)) {}

ArrowReader::ArrowReader(const ArrowSchema& schema, const WordOptions& options,
                         std::optional<ArrowNumbersColumn> weights)
    : WordSource(options),
      column_(find_column(schema, options.column, child_of_weights(weights))),
      weights_column_(weights) {
  if (options.listed() && column_.list == ListKind::none) {
    throw WrongType("expected lists of tokens (str), got an Arrow array of strings");
  }
  if (!options.listed() && column_.list != ListKind::none) {
    throw WrongType("expected strings, got an Arrow array of lists");
  }
}

void ArrowReader::take(Arrow<ArrowArray> array) {
  chunk_ = ArrowChunk();
  lists_ = ArrowLists();
  numbers_ = ArrowNumbers();
  array_ = std::move(array);
  row_ = 0;
  chunk_index_ = index_;
  if (column_.list != ListKind::none) {
    lists_ = ArrowLists(*array_, column_);
  } else {
    chunk_ = ArrowChunk(*array_, column_);
  }
  if (weights_column_) numbers_ = ArrowNumbers(*array_, *weights_column_);
}

bool ArrowReader::next_chunk() {
  if (ended_) return false;
  Arrow<ArrowArray> array = next_array();
  if (array) {
    take(std::move(array));
    return true;
  }
  ended_ = true;
  chunk_ = ArrowChunk();
  lists_ = ArrowLists();
  numbers_ = ArrowNumbers();
  row_ = 0;
  array_.reset();
  return false;
}

void ArrowReader::weights(std::int64_t from, std::vector<std::int64_t>& out) const {
  auto null = std::lower_bound(skipped().begin(), skipped().end(), from);
  for (std::int64_t index = from; index < index_; ++index) {
    if (null != skipped().end() && *null == index) {
      ++null;  // whatever it is
    } else {
      out.push_back(numbers_.at(index - chunk_index_, index));
    }
  }
}

// Runs of words without nulls stay where they are, as far as they can be counted there. What
// is packed then is little, so that the next run is found soon.
std::optional<Block> ArrowReader::in_place() {
  most_packed_ = kBlock / 16;
  if (std::exchange(gave_back_, false)) return std::nullopt;
  poll();
  while (row_ == rows()) {
    if (!next_chunk()) return std::nullopt;
  }
  if (column_.list != ListKind::none) return std::nullopt;
  const ArrowStrings* const plain = chunk_.plain();
  if (plain == nullptr) return std::nullopt;
  switch (plain->kind()) {
    case StringKind::utf8: return joined<std::int32_t>(*plain);
    case StringKind::large_utf8: return joined<std::int64_t>(*plain);
    default: return std::nullopt;
  }
}

template <class Offset>
std::optional<Block> ArrowReader::joined(const ArrowStrings& strings) {
  const std::int64_t stop = strings.next_null(row_, std::min(chunk_.rows(), row_ + kMostJoined));
  const std::int64_t n = stop - row_;
  if (n < kWorthJoining) return std::nullopt;
  const Offset* const offsets = strings.offsets<Offset>(row_);
  row_ = stop;
  index_ += n;
  return Joined<Offset>{strings.values(),
                        {offsets, static_cast<std::size_t>(n) + 1},
                        static_cast<std::size_t>(strings.size())};
}

void ArrowReader::give_back(std::int64_t words) {
  row_ -= words;
  index_ -= words;
  gave_back_ = words > 0;
}

void ArrowReader::fill(std::size_t block) {
  block = std::min(block, most_packed_);
  const std::int64_t first = index_;
  while (!full(block)) {
    poll();
    if (row_ == rows()) {
      if ((weights_column_ && index_ > first) || !next_chunk()) return;
      continue;
    }
    const std::int64_t stop = std::min(rows(), row_ + kRun);
    if (column_.list != ListKind::none) {
      pack_lists(stop, block);
      continue;
    }
    const ArrowStrings* const plain = chunk_.plain();
    if (plain != nullptr && plain->has_offsets()) {
      pack_plain(*plain, stop, block);
    } else if (plain != nullptr && plain->kind() == StringKind::view) {
      pack_views(*plain, stop);
      pack_each(std::min(stop, row_ + 1), block);  // what ended it
    } else {
      pack_each(stop, block);
    }
  }
}

// Views without nulls, most of them of short words, which stand in the view itself: as long as
// they do and are ASCII. Two loads of eight bytes take all of it, and what follows a word.
void ArrowReader::pack_views(const ArrowStrings& strings, std::int64_t stop) {
  stop = strings.next_null(row_, stop);
  std::uint8_t* out = packer_.room(static_cast<std::size_t>(stop - row_) * (kMostInline + 1));
  for (; row_ < stop; ++row_, ++index_) {
    const std::uint8_t* const view = strings.view(row_);
    std::uint32_t size = 0;
    std::uint64_t head = 0;
    std::uint32_t tail = 0;
    std::memcpy(&size, view, 4);
    std::memcpy(&head, view + 4, 8);
    std::memcpy(&tail, view + 12, 4);
    // The bytes behind an inline word are zero, or else the slower way is taken for nothing.
    if (size > kMostInline || ((head | tail) & Packer::kHighBits) != 0) break;
    std::memcpy(out, &head, 8);
    std::memcpy(out + 8, &tail, 4);
    out += size;
    *out++ = kWordEnd;
  }
  packer_.take(out);
}

void ArrowReader::pack_each(std::int64_t stop, std::size_t block) {
  while (row_ < stop && !full(block)) {
    const std::optional<ArrowWord> word = chunk_.at(row_, index_);
    if (word) {
      packer_.append(word->data, word->size, word->readable, index_);
      ++index_;
    } else {
      null();
    }
    ++row_;
  }
}

// Words that are lists of tokens, of which none is null or empty.
void ArrowReader::pack_lists(std::int64_t stop, std::size_t block) {
  for (; row_ < stop && !full(block); ++row_) {
    const std::optional<ArrowLists::Span> span = lists_.at(row_, index_);
    if (!span) {
      null();
      continue;
    }
    for (std::int64_t number = span->begin; number < span->end; ++number) {
      const std::optional<ArrowWord> token = lists_.token(number, index_);
      if (!token || token->size == 0) {
        fail_word(index_, "token " + std::to_string(number - span->begin) +
                              (token ? " is an empty str" : " is null"));
      }
      packer_.append(token->data, token->size, token->readable, index_);
      packer_.end_token();
    }
    packer_.end_word(packer_.room(0));
    ++index_;
  }
}

// The rows up to `stop` or a null that fit the block, at least one.
void ArrowReader::pack_plain(const ArrowStrings& strings, std::int64_t stop, std::size_t block) {
  stop = strings.next_null(row_, stop);
  if (stop == row_) {
    null();
    ++row_;
    return;
  }
  std::int64_t n = stop - row_;
  strings.copy_offsets(row_, n, index_, offsets_.data());
  std::int64_t* const offsets = offsets_.data();
  const std::int64_t first = offsets[0];
  const std::int64_t most = std::min(kRunBytes, static_cast<std::int64_t>(block - packer_.size()));
  if (offsets[n] - first > most) {
    n = std::upper_bound(offsets + 1, offsets + n, first + most) - (offsets + 1);
  }
  if (n == 0) {  // a word that is longer
    packer_.append(strings.values() + first, static_cast<std::size_t>(offsets[1] - first), index_);
    ++row_;
    ++index_;
    return;
  }

  const auto size = static_cast<std::size_t>(offsets[n] - first);
  if (values_.size() <= size) values_.resize(size + 1);  // never null
  std::memcpy(values_.data(), strings.values() + first, size);
  for (std::int64_t i = 0; i <= n; ++i) offsets[i] -= first;
  if (is_ascii(values_.data(), size)) {
    std::uint8_t* const out = packer_.room(size + static_cast<std::size_t>(n));
    packer_.take(copy_ended(values_.data(), offsets, n, out));
    index_ += n;
  } else {
    for (std::int64_t i = 0; i < n; ++i) {
      packer_.append(values_.data() + offsets[i],
                     static_cast<std::size_t>(offsets[i + 1] - offsets[i]),
                     size - static_cast<std::size_t>(offsets[i]), index_);
      ++index_;
    }
  }
  row_ += n;
}

}  // namespace makemore
