// Tasks on threads: each once, errors passed on, polls on the caller's own thread.
#include "base/parallel.hpp"

#include <atomic>
#include <string>

#include "bigram/bigram_model.hpp"
#include "bigram/bigram_sampler.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

TEST_CASE("every task runs once for any number of tasks and threads") {
  for (const std::size_t tasks : {0u, 1u, 2u, 3u, 100u, 10'000u}) {
    for (const unsigned threads : {0u, 1u, 2u, 3u, 8u}) {
      std::vector<std::atomic<int>> runs(tasks);
      parallel_for(tasks, threads, nullptr, [&](std::size_t i) { ++runs[i]; });
      std::size_t once = 0;
      for (const auto& count : runs) once += count == 1;
      CAPTURE(tasks);
      CAPTURE(threads);
      CHECK(once == tasks);
    }
  }
}

TEST_CASE("what the tasks wrote can be read after the call") {
  std::vector<std::size_t> squares(5000);  // plain memory: the call itself synchronises
  parallel_for(squares.size(), 4, nullptr, [&](std::size_t i) { squares[i] = i * i; });
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < squares.size(); ++i) wrong += squares[i] != i * i;
  CHECK(wrong == 0);
}

TEST_CASE("zero threads means all cores and any other number itself") {
  CHECK(thread_count(0) >= 1);
  CHECK(thread_count(1) == 1);
  CHECK(thread_count(64) == 64);
}

TEST_CASE("an exception from a task on any thread reaches the caller as it is") {
  for (const unsigned threads : {1u, 2u, 4u}) {
    for (const std::size_t bad : {0u, 1u, 500u, 999u}) {
      const std::string message = error_of([&] {
        parallel_for(1000, threads, nullptr, [&](std::size_t i) {
          if (i == bad) throw Error("task " + std::to_string(i));
        });
      });
      CHECK(message == "task " + std::to_string(bad));
    }
  }
  CHECK_THROWS_AS(parallel_for(3, 2, nullptr, [](std::size_t) { throw 17; }), int);
}

TEST_CASE("of many exceptions one reaches the caller and the rest of the tasks is left out") {
  std::atomic<int> runs{0};
  const std::string message = error_of([&] {
    parallel_for(1'000'000, 3, nullptr, [&](std::size_t) {
      ++runs;
      throw Error("bad");
    });
  });
  CHECK(message == "bad");
  CHECK(runs <= 3);
}

TEST_CASE("the poll is called on the caller's thread alone") {
  const auto caller = std::this_thread::get_id();
  std::atomic<int> polls{0};
  std::atomic<int> elsewhere{0};
  std::atomic<bool> polled{false};
  // Helpers wait until the caller's thread has had its first task.
  parallel_for(
      200, 3,
      [&] {
        ++polls;
        elsewhere += std::this_thread::get_id() != caller;
        polled = true;
      },
      [&](std::size_t) {
        while (std::this_thread::get_id() != caller && !polled) std::this_thread::yield();
      });
  CHECK(polls >= 1);
  CHECK(elsewhere == 0);
}

TEST_CASE("with one thread the poll follows every task") {
  std::vector<std::string> events;
  parallel_for(
      2, 1, [&] { events.push_back("poll"); }, [&](std::size_t) { events.push_back("task"); });
  CHECK(events == std::vector<std::string>{"task", "poll", "task", "poll"});
}

TEST_CASE("a poll that throws stops the call") {
  struct Stop {};
  std::size_t runs = 0;
  CHECK_THROWS_AS(parallel_for(1000, 1, [] { throw Stop{}; }, [&](std::size_t) { ++runs; }), Stop);
  CHECK(runs == 1);

  // With helpers too: they go on until the caller's poll has thrown, then no task starts.
  std::atomic<bool> thrown{false};
  std::atomic<int> late{0};
  const auto caller = std::this_thread::get_id();
  CHECK_THROWS_AS(parallel_for(
                      std::size_t{1} << 40, 3,
                      [&] {
                        thrown = true;
                        throw Stop{};
                      },
                      [&](std::size_t) { late += std::this_thread::get_id() == caller && thrown; }),
                  Stop);
  CHECK(late == 0);
}

TEST_CASE("a poll that throws stops tasks on every thread at their next pause") {
  struct Stop {};
  for (const unsigned threads : {1u, 2u, 4u}) {
    int polls = 0;
    const Poll poll = [&] {
      if (++polls == 100) throw Stop{};
    };
    CHECK_THROWS_AS(parallel_for(4, threads, poll,
                                 [](std::size_t, const Poll& pause) {
                                   while (true) pause();
                                 }),
                    Stop);
    CHECK(polls == 100);
  }
}

TEST_CASE("a task that throws stops tasks on every other thread at their next pause") {
  for (const std::size_t bad : {0u, 3u}) {
    std::atomic<int> started{0};
    const std::string message = error_of([&] {
      parallel_for(4, 4, nullptr, [&](std::size_t i, const Poll& pause) {
        ++started;
        while (started < 4) pause();
        if (i == bad) throw Error("bad");
        while (true) pause();
      });
    });
    CHECK(message == "bad");
  }
}

TEST_CASE("the caller's thread polls while it waits for the others") {
  struct Stop {};
  const auto caller = std::this_thread::get_id();
  std::atomic<int> polls{0};
  std::atomic<bool> helped{false};
  const auto task = [&](std::size_t, const Poll& pause) {
    if (std::this_thread::get_id() == caller) {
      while (!helped) std::this_thread::yield();  // the other task is on the other thread
    } else {
      helped = true;
      while (polls < 3) pause();
    }
  };
  parallel_for(2, 2, [&] { ++polls; }, task);
  CHECK(polls >= 3);

  polls = 0;
  helped = false;
  const Poll third_throws = [&] {
    if (polls == 2) throw Stop{};
    ++polls;
  };
  CHECK_THROWS_AS(parallel_for(2, 2, third_throws, task), Stop);
}

TEST_CASE("a call may be made from within a task") {
  std::atomic<int> runs{0};
  parallel_for(4, 2, nullptr,
               [&](std::size_t) { parallel_for(10, 2, nullptr, [&](std::size_t) { ++runs; }); });
  CHECK(runs == 40);
}

TEST_CASE("several threads may count, score and sample at once with shared objects") {
  std::vector<Word> words;
  Random random(13);
  for (int i = 0; i < 2000; ++i) words.push_back(random_word(random, U"abcdefé中😀", 8));
  const ByteString bytes = packed(words);
  const Ngrams counts = count_words(words);
  const BigramModel model(counts, 1);
  const BigramSampler sampler(model.alphabet(), model.truncated({1, 0}));
  SampleRequest request;
  request.words = 9000;
  request.threads = 2;
  const auto expected_words = sample_words<std::uint8_t>(sampler, request, nullptr);
  std::vector<double> expected_scores;
  model.score(Text{bytes, Layout::packed, false}, expected_scores, nullptr);

  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 3; ++round) {
        wrong += count_words(words) != counts;
        wrong += added(counts, counts).total() != 2 * counts.total();
        std::vector<double> scores;
        model.score(Text{bytes, Layout::packed, false}, scores, nullptr);
        wrong += scores != expected_scores;
        wrong += BigramModel(counts, 1).log_likelihood(counts) != model.log_likelihood(counts);
        wrong += model.truncated({0.5, 3}) != model.truncated({0.5, 3});
        const auto drawn = sample_words<std::uint8_t>(sampler, request, nullptr);
        wrong += drawn.ids != expected_words.ids || drawn.offsets != expected_words.offsets;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
