// Cuts a text between symbols for several threads.
#include "counting/text_count.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kLongest = 4;  // bytes of a symbol

// The first place from `at` on that is not inside a valid symbol which begins before it.
std::size_t next_symbol(Bytes bytes, std::size_t at) {
  for (std::size_t back = 1; back < kLongest && back <= at; ++back) {
    const std::uint8_t byte = bytes[at - back];
    if (byte < 0x80) break;
    if (byte < 0xC0) continue;
    const Decoded decoded = decode_checked(bytes, at - back);
    if (decoded.kind == Decoded::Kind::symbol && decoded.size > back) {
      return at - back + decoded.size;
    }
    break;
  }
  return at;
}

// Whether the bytes end in the first bytes of a symbol.
bool ends_inside(Bytes bytes) {
  for (std::size_t back = 1; back < kLongest && back <= bytes.size(); ++back) {
    const std::size_t at = bytes.size() - back;
    if (bytes[at] < 0x80) return false;
    if (bytes[at] < 0xC0) continue;
    return decode_checked(bytes, at).kind == Decoded::Kind::incomplete;
  }
  return false;
}

}  // namespace

Ngrams count_text(const CountOptions& options, TextRange range, const ReadText& read,
                  unsigned threads, const Progress& progress, std::size_t piece,
                  const std::optional<Spilling>& spilling) {
  const PiecedText text{range, read, piece};
  PieceCounters<BigramCounter> counters(
      [&](const Poll& poll) { return BigramCounter(with_poll(options, poll)); });
  if (spilling) counters.spill_to(*spilling);
  counters.count(text, threads, progress,
                 [&](BigramCounter& counter, const auto& add, std::uint64_t from,
                     Buffer<std::uint8_t>& buffer, const Poll&) {
                   const std::uint64_t to = text.end_of(from);
                   const std::uint64_t first = from - std::min<std::uint64_t>(from, kLongest);
                   const std::uint64_t last = std::min<std::uint64_t>(range.end, to + kLongest);
                   const Bytes bytes = read(first, static_cast<std::size_t>(last - first), buffer);
                   const std::size_t begin =
                       next_symbol(bytes, static_cast<std::size_t>(from - first));
                   const std::size_t end = next_symbol(bytes, static_cast<std::size_t>(to - first));
                   counter.continue_at(first + begin, bytes.first(begin));
                   const Bytes symbols = bytes.subspan(begin, end - begin);
                   add(symbols);
                   // A valid symbol does not go on behind a piece: where one seems to, that is an
                   // error.
                   if (to == range.end || ends_inside(symbols)) counter.end_text();
                 });
  return counters.counts([&] {
    if (progress) progress(range.end - range.begin);
  });
}

}  // namespace makemore
