// Runs independent tasks on a few threads that live only as long as the call.
//
// No pool and no global state: several callers may do this at once. The caller's
// own thread works too and polls between its tasks; when it is told to stop, or a
// task throws, the others finish the task they are in and the error is rethrown.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "core/interrupt.hpp"

namespace makemore {

// Resolves the `threads` a user gave: 0 means all cores; more than kMostThreads never help.
inline constexpr unsigned kMostThreads = 256;
inline unsigned thread_count(unsigned asked) {
  if (asked != 0) return asked < kMostThreads ? asked : kMostThreads;
  const unsigned cores = std::thread::hardware_concurrency();
  return cores == 0 ? 1 : cores;
}

// Calls task(i) once for every i in [0, tasks), in no particular order.
template <class Task>
void parallel_for(std::size_t tasks, unsigned threads, const Poll& poll, Task&& task) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr error;
  std::mutex error_lock;
  const auto fail = [&] {
    const std::lock_guard guard(error_lock);
    if (!error) error = std::current_exception();
    next = tasks;
  };
  const auto work = [&](bool polls) {
    try {
      for (std::size_t i = next++; i < tasks; i = next++) {
        task(i);
        if (polls && poll) poll();
      }
    } catch (...) {
      fail();
    }
  };
  const std::size_t wanted = thread_count(threads);
  std::vector<std::jthread> helpers;
  for (std::size_t t = 1; t < wanted && t < tasks; ++t) {
    try {
      helpers.emplace_back(work, false);
    } catch (const std::system_error&) {
      break;  // no more threads to be had: fewer do the same work
    }
  }
  work(true);
  helpers.clear();  // joins
  if (error) std::rethrow_exception(error);
}

}  // namespace makemore
