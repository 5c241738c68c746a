// Adds up the probabilities after each context, shorter contexts first:
//
//   sum(context) = sum of own shares + weight(context) sum(shorter context)
#include "backoff/sum_check.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/decimal.hpp"

namespace makemore {
namespace {

class SumCheck {
 public:
  SumCheck(const Backoff& model, const SumFailure& fail) : model_(model), fail_(fail) {}

  void run(const Poll& poll) {
    Sum empty{0, kSumRounding, 0};
    for (const double p : model_.shortest) {
      empty.value += p;
      empty.most = std::max(empty.most, p);
    }
    check(empty, Backoff::kNone);
    Pace pace(poll);
    sums_.reserve(model_.states());
    std::vector<bool> ended(model_.states());  // whether its last symbol is the end of a word
    for (std::uint32_t state = 0; state < model_.states(); ++state) {
      const std::uint32_t parent = model_.parent[state];
      const bool single = parent == Backoff::kNone;
      ended[state] = !single && (parent == Backoff::kStart || ended[parent]);
      sums_.push_back(ended[state] ? Sum{} : after(state, single ? empty : sums_[parent]));
      check(sums_.back(), state);
      pace.step(16 + 32 * std::size_t{model_.follow[state + 1] - model_.follow[state]});
    }
  }

 private:
  struct Sum {
    double value = 0;
    double rounding = 0;  // how far it may be off
    double most = 0;      // no probability is above this
  };

  Sum after(std::uint32_t state, const Sum& shorter) {
    constexpr double most_rounding = 0.5;  // whatever the weights are
    const double weight = model_.weight[state];
    Sum sum{weight * shorter.value,
            std::min(most_rounding, kSumRounding * (1 + 3 * weight) + weight * shorter.rounding),
            weight * shorter.most};
    for (std::uint32_t at = model_.follow[state]; at < model_.follow[state + 1]; ++at) {
      const Backoff::Follower& follower = model_.followers[at];
      sum.value += follower.own;
      sum.most = std::max(sum.most, std::exp(follower.log));
    }
    if (sum.most > 1) {  // unless those that are told here are the likely ones
      row_.resize(model_.symbols);
      model_.probabilities(state, row_);
      sum.most = *std::max_element(row_.begin(), row_.end());
    }
    return sum;
  }

  void check(const Sum& sum, std::uint32_t state) const {
    constexpr double careless = 0.05;
    const std::string where =
        state == Backoff::kNone ? "of the n-grams of length 1" : "after this context";
    if (!(sum.value <= 1 + careless + sum.rounding)) {
      fail_(state,
            "the probabilities " + where + " sum to " + shown(sum.value) + "; the most is 1");
    }
    if (!(sum.most <= 1 + 5 * kSumRounding)) {
      fail_(state, "a probability " + where + " is " + shown(sum.most) + "; the most is 1");
    }
  }

  static std::string shown(double value) { return format_double(value, 6); }

  const Backoff& model_;
  const SumFailure& fail_;
  std::vector<Sum> sums_;    // by state
  std::vector<double> row_;  // room for probabilities
};

}  // namespace

void check_sums(const Backoff& model, const SumFailure& fail, const Poll& poll) {
  SumCheck(model, fail).run(poll);
}

}  // namespace makemore
