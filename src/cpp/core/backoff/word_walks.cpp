// A walk takes a few instructions at a time and ends each part by asking for memory.
#include "backoff/word_walks.hpp"

#include <array>
#include <cstddef>

#include "base/compiler.hpp"

namespace makemore {
namespace {

constexpr std::size_t kSideBySide = 16;
constexpr std::uint32_t kNear = 16;  // so many symbols of a row are one or two lines of a cache

class Walks {
 public:
  Walks(const Backoff& model, std::span<const std::uint32_t> ids, double* out)
      : model_(model), ids_(ids), out_(out) {}

  void run() {
    std::array<Walk, kSideBySide> walks;
    std::size_t n = 0;
    while (n < walks.size() && take_word(walks[n])) ++n;
    while (n > 0) {
      for (std::size_t i = 0; i < n;) {
        if (go_on(walks[i])) {
          ++i;
        } else {
          walks[i] = walks[--n];
        }
      }
    }
  }

 private:
  enum class Waits { kForRow, kForSymbols, kForFollower };  // what was asked for

  struct Walk {
    std::size_t at;       // of the symbol that is looked for
    double log;           // what back-off took from it so far
    std::uint32_t state;  // where it is looked for
    std::uint32_t begin;  // the part of the row that may hold it
    std::uint32_t size;
    Waits waits;
  };

  // Begins the next word, if there is one.
  bool take_word(Walk& walk) {
    if (word_ == ids_.size()) return false;
    walk.at = word_;
    while (ids_[word_++] != 0) {
    }
    look_in(walk, Backoff::kStart, 0);
    return true;
  }

  // One part of the way; false when the word has ended and no other is left.
  bool go_on(Walk& walk) {
    if (walk.waits == Waits::kForFollower) {
      const Backoff::Follower& follower = model_.followers[walk.begin];
      return write(walk, walk.log + follower.log, follower.next);
    }
    if (walk.waits == Waits::kForRow) {
      if (walk.state == Backoff::kNone) return write_shortest(walk);
      walk.begin = model_.follow[walk.state];
      walk.size = model_.follow[walk.state + 1] - walk.begin;
      if (walk.size > 0) {
        ask_for_symbols(walk);
        return true;
      }
    } else if (walk.size > kNear) {
      narrow(walk);
      return true;
    } else if (found(walk)) {
      const Backoff::Follower* const follower = &model_.followers[walk.begin];
      prefetch(follower);
      prefetch(&follower->next);
      walk.waits = Waits::kForFollower;
      return true;
    }
    look_in(walk, model_.parent[walk.state], walk.log + model_.log_weight[walk.state]);
    return walk.state != Backoff::kNone || write_shortest(walk);
  }

  void look_in(Walk& walk, std::uint32_t state, double log) {
    walk.log = log;
    walk.state = state;
    walk.waits = Waits::kForRow;
    if (state == Backoff::kNone) return;
    prefetch(&model_.follow[state]);
    prefetch(&model_.parent[state]);
    prefetch(&model_.log_weight[state]);
  }

  void ask_for_symbols(Walk& walk) {
    const std::uint32_t* const row = &model_.symbol[walk.begin];
    if (walk.size > kNear) {
      const std::uint32_t quarter = walk.size / 4;
      for (std::uint32_t i = 1; i < 4; ++i) prefetch(row + i * quarter);
    } else {
      prefetch(row);
      prefetch(row + walk.size - 1);
    }
    walk.waits = Waits::kForSymbols;
  }

  // Keeps the quarter of a large row that may hold the symbol.
  void narrow(Walk& walk) {
    const std::uint32_t* const row = &model_.symbol[walk.begin];
    const std::uint32_t wanted = ids_[walk.at];
    const std::uint32_t quarter = walk.size / 4;
    std::uint32_t before = 0;
    for (std::uint32_t i = 1; i < 4; ++i) before += row[i * quarter] <= wanted ? quarter : 0;
    walk.size = before == 3 * quarter ? walk.size - before : quarter;
    walk.begin += before;
    ask_for_symbols(walk);
  }

  bool found(Walk& walk) const {
    const std::uint32_t wanted = ids_[walk.at];
    for (std::uint32_t size = walk.size; size > 1;) {
      const std::uint32_t half = size / 2;
      walk.begin += model_.symbol[walk.begin + half] <= wanted ? half : 0;
      size -= half;
    }
    return model_.symbol[walk.begin] == wanted;
  }

  bool write_shortest(Walk& walk) {
    const std::uint32_t wanted = ids_[walk.at];
    if (wanted == kUnknown) return write(walk, -kInfinity, Backoff::kNone);
    return write(walk, walk.log + model_.log_shortest[wanted], wanted);
  }

  bool write(Walk& walk, double log, std::uint32_t state) {
    out_[walk.at] = log;
    if (ids_[walk.at] == 0) return take_word(walk);
    ++walk.at;
    look_in(walk, state, 0);
    return true;
  }

  const Backoff& model_;
  const std::span<const std::uint32_t> ids_;
  double* const out_;
  std::size_t word_ = 0;  // where the next word begins
};

}  // namespace

void walk_words(const Backoff& model, std::span<const std::uint32_t> ids, double* out) {
  Walks(model, ids, out).run();
}

}  // namespace makemore
