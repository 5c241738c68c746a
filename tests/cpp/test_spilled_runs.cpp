// Sorted runs in a file, compared with the sum of the same counts in memory.
#include <doctest/doctest.h>

#include <cstdio>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/file_at.hpp"
#include "counting/line_pieces.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/ngram_text_count.hpp"
#include "counts/merged.hpp"
#include "counts/spilled_runs.hpp"

#if defined(_WIN32)
#include <io.h>
#define fileno _fileno
#endif

using namespace makemore;

namespace {

struct Scratch {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};
  int descriptor() const { return fileno(file.get()); }
};

Ngrams counts_of(unsigned order, unsigned seed, std::size_t words, const std::string& letters) {
  std::mt19937 random(seed);
  std::string text;
  for (std::size_t i = 0; i < words; ++i) {
    for (auto n = random() % 9; n > 0; --n) text += letters[random() % letters.size()];
    text += static_cast<char>(kWordEnd);
  }
  NgramCounter counter({}, order);
  counter.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return counter.counts();
}

void check_sum(const std::vector<Ngrams>& parts, std::uint64_t memory) {
  const Scratch scratch;
  SpilledRuns runs(scratch.descriptor(), "here", memory);
  CHECK(runs.empty());
  std::vector<const Ngrams*> all;
  for (const Ngrams& part : parts) {
    runs.add(part, {});
    all.push_back(&part);
  }
  CHECK(!runs.empty());
  CHECK(runs.sum({}) == merged(all));
  CHECK(runs.empty());
}

}  // namespace

TEST_CASE("runs add up to the sum") {
  for (const unsigned order : {1u, 2u, 5u, 12u, 20u}) {
    std::vector<Ngrams> parts;
    for (unsigned i = 0; i < 9; ++i) {
      parts.push_back(counts_of(order, i, i == 4 ? 0 : 400, std::string("xyzabcdefgh", 3 + i)));
    }
    for (const std::uint64_t memory : {std::uint64_t{1}, std::uint64_t{1} << 30}) {
      check_sum(parts, memory);
      check_sum({parts[0]}, memory);
      check_sum({parts[4]}, memory);
      check_sum({parts[4], parts[4], parts[4]}, memory);
    }
  }
}

TEST_CASE("runs of many blocks") {
  std::vector<Ngrams> parts;
  for (unsigned i = 0; i < 3; ++i) parts.push_back(counts_of(8, i, 120'000, "abcdefghijklmnopq"));
  check_sum(parts, 1);
  check_sum(parts, std::uint64_t{1} << 30);
}

TEST_CASE("runs that several threads write") {
  const Scratch scratch;
  SpilledRuns runs(scratch.descriptor(), "here", 1 << 20);
  std::vector<Ngrams> parts;
  for (unsigned i = 0; i < 8; ++i) parts.push_back(counts_of(6, i, 3000, "abcdefghijklmnopq"));
  std::vector<std::thread> threads;
  for (const Ngrams& part : parts) threads.emplace_back([&] { runs.add(part, {}); });
  for (std::thread& thread : threads) thread.join();
  std::vector<const Ngrams*> all;
  for (const Ngrams& part : parts) all.push_back(&part);
  CHECK(runs.sum({}) == merged(all));
}

TEST_CASE("counters of several threads spill what they have no room for") {
  std::mt19937 random(5);
  std::string text;
  while (text.size() < 3'000'000) {
    for (auto n = random() % 20; n > 0; --n) text += "abcdefghijklmnopqrstuvwxyz"[random() % 26];
    text += '\n';
  }
  const ReadText read =
      reader_of({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  CountOptions options;
  options.layout = Layout::lines;
  for (const unsigned threads : {1u, 4u}) {
    const Scratch scratch;
    SpilledRuns runs(scratch.descriptor(), "here", 1 << 20);
    auto counters = ngram_counters(options, 5);
    counters.spill_to({1, [&](Ngrams counts, const Poll& poll) { runs.add(counts, poll); }});
    const PiecedText pieced{text.size(), read, std::size_t{1} << 17};
    count_lines(counters, pieced, threads, {});
    count_lines(counters, pieced, threads, {});
    CHECK(!runs.empty());
    counters.spill_all({});
    const Ngrams once = count_ngrams(options, 5, text.size(), read, 1, {});
    CHECK(runs.sum({}) == added(once, once));
  }
}

TEST_CASE("counts that go beyond 64 bits") {
  const Scratch scratch;
  SpilledRuns runs(scratch.descriptor(), "here", 1 << 20);
  const Ngrams large(Alphabet(U'.', {U'a'}), 2, {{0, std::int64_t{1} << 62}});
  runs.add(large, {});
  CHECK(runs.sum({}) == large);
  runs.add(large, {});
  runs.add(large, {});
  CHECK_THROWS_WITH_AS((void)runs.sum({}), "a count went beyond 64 bits", Error);
}

TEST_CASE("a file that fails is named") {
  SpilledRuns runs(-1, "the folder", 1);
  try {
    runs.add(counts_of(3, 1, 10, "ab"), {});
    FAIL("nothing was thrown");
  } catch (const FileError& error) {
    CHECK(error.path == "the folder");
    CHECK(runs.empty());
  }
}
