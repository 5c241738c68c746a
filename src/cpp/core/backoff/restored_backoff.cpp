// Looks at each state once, shorter contexts first: so what a state is compared with is known to
// be good.
#include "backoff/restored_backoff.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "backoff/sum_check.hpp"
#include "base/error.hpp"

namespace makemore {
namespace {

// How far two numbers that say the same may be apart: both were rounded at some time, if the model
// came from an ARPA file to a few digits.
constexpr double kApart = 1e-3;
constexpr double kRounded = 1e-9;

[[noreturn]] void fail_table(const std::string& table, const std::string& item, std::size_t number,
                             const std::string& problem) {
  throw Error(table + ": " + item + " " + std::to_string(number) + " " + problem);
}

bool is_share(double p) { return p >= 0 && p <= 1 + kRounded; }
bool is_log(double log) { return log <= kRounded; }  // -inf too, and no NaN

// Whether a logarithm is that of a number from 0 up.
bool is_log_of(double log, double p) {
  return p == 0 ? log == -kInfinity
                : std::isfinite(log) && std::abs(std::exp(log) - p) <= kApart * p + kRounded;
}

class RestoredCheck {
 public:
  RestoredCheck(Backoff& tables, const Poll& poll) : tables_(tables), pace_(poll), poll_(poll) {}

  void run() {
    check_sizes();
    check_shortest();
    check_follow();
    depth_.resize(tables_.states());
    reached_.resize(tables_.states());
    if (tables_.symbols <= Backoff::kMasked) tables_.masks.assign(tables_.states(), 0);
    std::size_t wanted = 0;  // states of the longest contexts so far, which followers lead to
    for (std::uint32_t state = 0; state < tables_.states(); ++state) {
      check_state(state);
      check_followers(state);
      const std::uint32_t n = tables_.follow[state + 1] - tables_.follow[state];
      if (depth_[state] + 1u < tables_.order) wanted += n;
      pace_.step(32 + 32 * std::size_t{n});
    }
    if (wanted != tables_.states() - tables_.symbols) {
      throw Error("next: some followers lead to one state, or to none");
    }
    if (tables_.by_levels) return;
    const SumFailure fail = [](std::uint32_t state, const std::string& problem) {
      if (state == Backoff::kNone) throw Error("shortest: " + problem);
      fail_table("own", "state", state, "is one where " + problem);
    };
    check_sums(tables_, fail, poll_);
  }

 private:
  void check_sizes() const {
    const std::size_t states = tables_.states();
    const auto check = [](const char* table, std::size_t got, std::size_t wanted) {
      if (got == wanted) return;
      throw Error(std::string(table) + ": expected " + std::to_string(wanted) + " numbers, got " +
                  std::to_string(got));
    };
    check("shortest", tables_.shortest.size(), tables_.symbols);
    check("log_shortest", tables_.log_shortest.size(), tables_.symbols);
    if (states < tables_.symbols || states >= Backoff::kNone) {
      throw Error("parent: " + std::to_string(states) + " states cannot be");
    }
    check("weight", tables_.weight.size(), states);
    check("log_weight", tables_.log_weight.size(), states);
    check("follow", tables_.follow.size(), states + 1);
    check("log", tables_.followers.size(), tables_.symbol.size());
    if (tables_.followers.size() >= Backoff::kNone) throw Error("symbol: there are too many");
  }

  void check_shortest() const {
    double sum = 0;
    for (std::size_t symbol = 0; symbol < tables_.symbols; ++symbol) {
      const double p = tables_.shortest[symbol];
      sum += p;
      if (!is_share(p)) fail_table("shortest", "symbol", symbol, "has no probability");
      const double log = tables_.log_shortest[symbol];
      if (!is_log(log) || !is_log_of(log, p)) {
        fail_table("log_shortest", "symbol", symbol, "has another number than in shortest");
      }
    }
    if (!(sum <= 1.05 + kSumRounding)) {  // as in ARPA files
      throw Error("shortest: the probabilities sum to more than one");
    }
  }

  void check_follow() const {
    const std::vector<std::uint32_t>& follow = tables_.follow;
    if (follow.front() != 0 || follow.back() != tables_.followers.size() ||
        !std::is_sorted(follow.begin(), follow.end())) {
      throw Error("follow: must go up from 0 to the number of followers");
    }
  }

  // The parent of a state, and that it stands at its place by the length of its context.
  void check_state(std::uint32_t state) {
    const std::uint32_t parent = tables_.parent[state];
    const auto fail = [&](const char* table, const std::string& problem) {
      fail_table(table, "state", state, problem);
    };
    if (state < tables_.symbols) {
      if (parent != Backoff::kNone) fail("parent", "is of one symbol and has a parent");
      depth_[state] = 1;
    } else {
      if (parent >= state) fail("parent", "does not come after its parent");
      depth_[state] = static_cast<std::uint8_t>(depth_[parent] + 1);
      if (depth_[state] < depth_[state - 1]) fail("parent", "comes after a longer context");
      if (depth_[state] >= tables_.order) fail("parent", "is longer than the order");
      if (!reached_[state]) fail("next", "is behind no follower");
    }
    const double weight = tables_.weight[state];
    if (!(weight >= 0 && weight < kInfinity)) fail("weight", "has no weight");
    if (!is_log_of(tables_.log_weight[state], weight)) {
      fail("log_weight", "has another number than in weight");
    }
    const bool ended = depth_[state] > 1 && last_of(state) == 0;
    if (tables_.order == 1 && (weight != 1 || tables_.log_weight[state] != 0)) {
      fail("weight", "must be 1 in a model of order 1");
    }
    if (tables_.order == 1 && tables_.follow[state] != tables_.follow[state + 1]) {
      fail("follow", "of order 1 has followers");
    }
    if (ended && tables_.follow[state] != tables_.follow[state + 1]) {
      fail("follow", "has followers behind the end of a word");
    }
  }

  void check_followers(std::uint32_t state) {
    const std::uint32_t begin = tables_.follow[state];
    const std::uint32_t end = tables_.follow[state + 1];
    const std::uint32_t parent = tables_.parent[state];
    const double weight = tables_.weight[state];
    double sum = weight;
    for (std::uint32_t at = begin; at < end; ++at) {
      const auto fail = [&](const char* table, const std::string& problem) {
        fail_table(table, "follower", at, problem);
      };
      const Backoff::Follower& follower = tables_.followers[at];
      const std::uint32_t symbol = tables_.symbol[at];
      if (symbol >= tables_.symbols) fail("symbol", "is not in the alphabet");
      if (at > begin && tables_.symbol[at - 1] >= symbol) {
        fail("symbol", "does not come after the one before it");
      }
      // The same after the shorter context: where it leads, and how likely it is.
      std::uint32_t shorter = symbol;
      double p = tables_.shortest[symbol];
      if (parent != Backoff::kNone) {
        const Backoff::Follower* const found = tables_.find(parent, symbol);
        if (found == nullptr) fail("symbol", "does not follow the shorter context");
        shorter = found->next;
        p = std::exp(found->log);
      }
      check_next(at, state, shorter);
      const double whole = std::exp(follower.log);
      const double told = weight * p;
      if (!is_log(follower.log)) fail("log", "has no logarithm of a probability");
      if (!std::isfinite(follower.own) || (tables_.by_levels && !is_share(follower.own))) {
        fail("own", "has no share");
      }
      if (!(std::abs(whole - (told + follower.own)) <= kApart * (whole + told) + kRounded)) {
        fail("own", "has a share that does not add up to its logarithm");
      }
      sum += follower.own;
      if (!tables_.masks.empty()) tables_.masks[state] |= std::uint64_t{1} << symbol;
    }
    const bool adds_up = begin == end ? weight <= 1 + kRounded : std::abs(sum - 1) <= kApart;
    const bool ended = depth_[state] > 1 && last_of(state) == 0;
    if (tables_.by_levels && !ended && !adds_up) {
      fail_table("own", "state", state, "has shares that do not sum to one");
    }
  }

  void check_next(std::uint32_t at, std::uint32_t state, std::uint32_t shorter) {
    const std::uint32_t next = tables_.followers[at].next;
    if (depth_[state] + 1u >= tables_.order) {
      if (next != shorter) fail_table("next", "follower", at, "leads to another context");
      return;
    }
    // Its depth is seen when its turn comes: states stand by depth, and a parent's is one less.
    if (next >= tables_.states() || next < tables_.symbols || next <= state || reached_[next] ||
        tables_.parent[next] != shorter) {
      fail_table("next", "follower", at, "leads to another context");
    }
    reached_[next] = true;
  }

  // The last symbol of a state's context.
  std::uint32_t last_of(std::uint32_t state) {
    while (state >= tables_.symbols) state = tables_.parent[state];
    return state;
  }

  Backoff& tables_;
  Pace pace_;
  const Poll& poll_;
  std::vector<std::uint8_t> depth_;  // symbols of each state's context; the order is at most 128
  std::vector<bool> reached_;        // whether a follower leads to it
};

}  // namespace

void complete_restored(Backoff& tables, const Poll& poll) { RestoredCheck(tables, poll).run(); }

}  // namespace makemore
