// Runs independent tasks on a few threads that live only as long as the call.
//
// No pool and no global state: several callers may do this at once. The caller's own
// thread works too; it polls between its tasks and while it waits for the others. When
// poll or a task throws, the others stop at their next pause and the error is rethrown.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/poll.hpp"

namespace makemore {

// Resolves the `threads` a user gave: 0 means all cores; more than kMostThreads never help.
inline constexpr unsigned kMostThreads = 256;
inline unsigned thread_count(unsigned asked) {
  if (asked != 0) return asked < kMostThreads ? asked : kMostThreads;
  const unsigned cores = std::thread::hardware_concurrency();
  return cores == 0 ? 1 : cores;
}

// Threads that are waited for, whatever happens.
class Helpers {
 public:
  explicit Helpers(std::size_t most) { threads_.reserve(most); }
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;
  ~Helpers() { join(); }

  // Whether a thread could be had.
  template <class Work>
  bool start(const Work& work) {
    try {
      threads_.emplace_back(work);
      return true;
    } catch (const std::system_error&) {
      return false;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;  // not std::jthread: LLVM's library has none before 18
};

// Calls task(i), or task(i, pause), once for every i in [0, tasks), in no particular order.
// A long task calls pause() now and then, which throws when the work is to stop.
template <class Task>
void parallel_for(std::size_t tasks, unsigned threads, const Poll& poll, Task&& task) {
  struct Stopped {};
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  std::exception_ptr error;
  std::size_t helping = 0;
  std::mutex lock;  // of error and helping
  std::condition_variable helper_left;

  const auto fail = [&] {
    const std::lock_guard guard(lock);
    if (!error) error = std::current_exception();
    stopped = true;
  };
  const Poll stop_if_asked = [&] {
    if (stopped) throw Stopped{};
  };
  const Poll poll_or_stop = [&] {
    if (stopped) throw Stopped{};
    if (poll) poll();
  };
  const auto work = [&](const Poll& pause) {
    try {
      for (std::size_t i = next++; i < tasks; i = next++) {
        if constexpr (std::is_invocable_v<Task&, std::size_t, const Poll&>) {
          task(i, pause);
        } else {
          task(i);
        }
        pause();
      }
    } catch (const Stopped&) {
    } catch (...) {
      fail();
    }
  };

  const auto help = [&] {
    work(stop_if_asked);
    const std::lock_guard leaving(lock);
    --helping;
    helper_left.notify_one();
  };
  const std::size_t wanted = std::min<std::size_t>(thread_count(threads), tasks);
  Helpers helpers(wanted);
  for (std::size_t t = 1; t < wanted; ++t) {
    const std::lock_guard guard(lock);
    if (!helpers.start(help)) break;  // fewer do the same work
    ++helping;
  }
  work(poll_or_stop);
  std::unique_lock waiting(lock);
  while (helping > 0) {
    helper_left.wait_for(waiting, std::chrono::milliseconds(20));
    if (!poll || stopped) continue;
    waiting.unlock();
    try {
      poll();
    } catch (...) {
      fail();
    }
    waiting.lock();
  }
  waiting.unlock();
  helpers.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace makemore
