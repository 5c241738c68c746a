// Sharing out pieces.
#include "core/text_count.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <optional>
#include <system_error>

#if !defined(_WIN32)
#include <unistd.h>
#endif

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

// Large enough to hide what a piece costs, small enough to stay in the second cache.
constexpr std::size_t kPiece = std::size_t{1} << 18;
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

void count_piece(BigramCounter& counter, std::uint64_t size, const ReadText& read,
                 std::uint64_t from, Buffer<std::uint8_t>& buffer) {
  const std::uint64_t to = std::min<std::uint64_t>(size, from + kPiece);
  const std::uint64_t first = from - std::min<std::uint64_t>(from, kLongest);
  const std::uint64_t last = std::min<std::uint64_t>(size, to + kLongest);
  const Bytes bytes = read(first, static_cast<std::size_t>(last - first), buffer);
  const std::size_t begin = next_symbol(bytes, static_cast<std::size_t>(from - first));
  const std::size_t end = next_symbol(bytes, static_cast<std::size_t>(to - first));
  counter.continue_at(first + begin, bytes.first(begin));
  counter.add(bytes.subspan(begin, end - begin));
  if (to == size) counter.end_text();
}

Bigrams count_in_order(const BigramCounter::Options& options, std::uint64_t size,
                       const ReadText& read, const Progress& progress) {
  BigramCounter counter(options);
  Buffer<std::uint8_t> buffer;
  for (std::uint64_t from = 0; from < size; from += kPiece) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size - from));
    counter.add(read(from, now, buffer));
    if (progress) progress(from + now);
  }
  counter.end_text();
  return counter.bigrams();
}

}  // namespace

Bigrams count_text(const BigramCounter::Options& options, std::uint64_t size, const ReadText& read,
                   unsigned threads, const Progress& progress) {
  const std::uint64_t pieces = (size + kPiece - 1) / kPiece;
  const auto workers = static_cast<std::size_t>(
      std::min<std::uint64_t>(thread_count(threads), pieces));
  if (workers <= 1) return count_in_order(options, size, read, progress);

  std::vector<std::optional<BigramCounter>> counters(workers);
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> counted{0};
  const Poll poll = [&] {
    if (progress) progress(counted);
  };
  try {
    parallel_for(workers, static_cast<unsigned>(workers), poll,
                 [&](std::size_t worker, const Poll& pause) {
                   BigramCounter& counter = counters[worker].emplace(options);
                   Buffer<std::uint8_t> buffer;
                   for (std::uint64_t piece = next++; piece < pieces; piece = next++) {
                     count_piece(counter, size, read, piece * kPiece, buffer);
                     counted += std::min<std::uint64_t>(kPiece, size - piece * kPiece);
                     pause();
                   }
                 });
  } catch (const Error&) {
    // A piece does not know how many lines stand before it. Counting once more from the
    // start finds the first error, with its line.
    count_in_order(options, size, read, progress);
    throw;
  }
  Bigrams all = counters[0]->bigrams();
  for (std::size_t i = 1; i < workers; ++i) all = added(all, counters[i]->bigrams());
  return all;
}

ReadText reader_of(Bytes text) {
  return [text](std::uint64_t from, std::size_t size, Buffer<std::uint8_t>&) {
    return text.subspan(static_cast<std::size_t>(from), size);
  };
}

ReadText reader_of_file([[maybe_unused]] int descriptor) {
#if defined(_WIN32)
  throw Error("this system has no reading at a place");
#else
  return [descriptor](std::uint64_t from, std::size_t size, Buffer<std::uint8_t>& buffer) -> Bytes {
    if (buffer.size() < size) buffer.resize(size);
    std::size_t got = 0;
    while (got < size) {
      const ssize_t now =
          ::pread(descriptor, buffer.data() + got, size - got, static_cast<off_t>(from + got));
      if (now < 0 && errno == EINTR) continue;
      if (now < 0) throw std::system_error(errno, std::generic_category());
      if (now == 0) throw EndOfFile("the file was cut short while it was read");
      got += static_cast<std::size_t>(now);
    }
    return {buffer.data(), size};
  };
#endif
}

}  // namespace makemore
