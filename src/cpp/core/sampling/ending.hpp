// Whether words can end, wherever they come to.
//
// A word walks from state to state. One that comes to where no end is ahead would be drawn for
// ever; one that comes to where nothing can be drawn has no next symbol. Both are looked for
// before a request is drawn, over the states that its words can reach, nearest first. A model of
// many states is not searched whole: there it is enough that an end is ahead of the start. What
// is further off is looked at if a word really comes to it, which shows by its length: so every
// request has its words or an error, and none waits for a search that outgrows the drawing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/poll.hpp"

namespace makemore {

// What one draw from a state can do; neither: nothing can be drawn.
struct Steps {
  bool ends = false;
  std::vector<std::uint32_t> next;  // states, some perhaps twice
  std::size_t work = 1;             // what it took to find out, about as many symbols
};

// Writes the steps from a state into `steps`, which are empty.
using StepsFrom = std::function<void(std::uint32_t state, Steps& steps)>;

enum class Outlook {
  good,     // from every state that can be reached, an end can be
  unknown,  // an end can be reached, and there are more states than were looked at
  endless,  // a state can be reached from which no end can be
  stuck,    // a state can be reached where nothing can be drawn
};

// What is ahead of a state. Without `must_end` only stuck states matter.
Outlook outlook(std::uint32_t start, bool must_end, const StepsFrom& steps_from, const Poll& poll);

// The outlooks of a sampler's starts, each found once; several threads may ask.
class EndCheck {
 public:
  // Throws Error if the outlook is bad. `begun` is the name of the prefix.
  Outlook check(std::uint32_t start, bool must_end, const StepsFrom& steps_from,
                const std::string& begun, const Poll& poll) const;

  // Symbols after which a word is to be looked after, if the outlook of its start is not good.
  static constexpr std::size_t kFirstLook = std::size_t{1} << 14;

 private:
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::uint64_t, Outlook> known_;
};

// Throws Error for a bad outlook of a state that a word has come to.
void check_ahead(std::uint32_t state, const StepsFrom& steps_from, const Poll& poll);

[[noreturn]] void fail_stuck();

}  // namespace makemore
