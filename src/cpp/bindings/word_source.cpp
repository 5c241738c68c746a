// What the adapters share: blocks, nulls, and words that still carry their line ends.
#include "bindings/word_source.hpp"

#include <algorithm>

#include "text/quoted.hpp"

namespace makemore {
namespace {

// Whether there may be a line end: few words hold a symbol that is not above them.
bool may_hold_line_end(Bytes bytes) {
  std::uint8_t least = 0xFF;
  for (const std::uint8_t byte : bytes) least = std::min(least, byte);
  return least <= '\r';
}

}  // namespace

WordSource::WordSource(const WordOptions& options)
    : nulls_(options.nulls), cutter_(options.cutter) {
  may_end_[0] = options.meant.find(U'\n') != options.meant.npos;
  may_end_[1] = options.meant.find(U'\r') != options.meant.npos;
}

void WordSource::begin_block() {
  packer_.clear();
  skipped_before_ += static_cast<std::int64_t>(skipped_.size());
  skipped_.clear();
}

bool WordSource::pack(std::size_t block) {
  const std::int64_t first = index_;
  fill(block);
  check_line_ends(first);
  if (cutter_) {
    try {
      cut_ = cutter_->cut(packer_.text());
    } catch (const Error& error) {
      throw renumbered(error);
    }
  }
  return index_ > first;
}

bool WordSource::next(std::size_t block) {
  begin_block();
  return pack(block);
}

std::optional<Block> WordSource::next_block() {
  begin_block();
  if (!cutter_) {
    if (const auto block = in_place()) return block;
  }
  if (pack(kBlock)) return text();
  return std::nullopt;
}

// Lines of a file are no words: they would be counted with their line ends as symbols.
void WordSource::check_line_ends(std::int64_t first) const {
  const Bytes bytes = packer_.text().bytes;
  if (may_end_[0] && may_end_[1]) return;
  if (!may_hold_line_end(bytes)) return;
  std::int64_t index = first;  // of the word that begins at `word`
  auto skipped = skipped_.begin();
  for (auto word = bytes.begin(); word != bytes.end(); ++index) {
    for (; skipped != skipped_.end() && *skipped == index; ++skipped) ++index;
    const auto end = std::find(word, bytes.end(), kWordEnd);
    const bool newline = end != word && end[-1] == '\n';
    const bool carriage_return = end != word && end[-1] == '\r';
    if ((newline && !may_end_[0]) || (carriage_return && !may_end_[1])) {
      const bool both = carriage_return || (end - word > 1 && end[-2] == '\r');
      fail_word(index, quoted(Bytes(word, end)) +
                           " ends in a line end; strip it with line.rstrip(" +
                           (both ? R"("\r\n")" : R"("\n")") +
                           "), or count the file with count_file(path)");
    }
    word = end + 1;
  }
}

void WordSource::null() {
  switch (nulls_) {
    case Nulls::skip: break;
    case Nulls::raise_or_nan:
      fail_word(index_, "null; pass nulls=\"nan\" for NaN in its place, or nulls=\"skip\"");
    case Nulls::raise: fail_word(index_, "null; pass nulls=\"skip\" to leave nulls out");
    case Nulls::never: fail_word(index_, "null; leave nulls out before");
  }
  skipped_.push_back(index_);
  ++index_;
}

Error WordSource::renumbered(const Error& error) const {
  if (!error.index()) return error;
  std::int64_t index = *error.index() + skipped_before_;
  for (const std::int64_t skipped : skipped_) {
    if (skipped > index) break;
    ++index;
  }
  return error.about("word", index);
}

}  // namespace makemore
