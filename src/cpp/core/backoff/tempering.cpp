// Raises the probabilities of a back-off model to a power, context by context.
#include "backoff/tempering.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace makemore {
namespace {

// What powers of a context's probabilities are divided by. All are relative to the likeliest
// symbol, whose power is 1: so no temperature is too low or too high.
struct Scale {
  double most = -kInfinity;  // the logarithm of the likeliest symbol's probability
  double sum = 0;            // of the powers; 0 where nothing is probable

  // The power of exp(log), which is at most exp(most).
  double power(double log, double temperature) const {
    return most == -kInfinity ? 0 : std::exp((log - most) / temperature);
  }
};

}  // namespace

Backoff tempered(const Backoff& model, double temperature, std::uint32_t without,
                 const Poll& poll) {
  Pace pace(poll);
  Backoff result = model;
  pace.step(2 * model.followers.size());
  const auto log = [](double p) { return p > 0 ? std::log(p) : -kInfinity; };

  Scale empty;
  std::vector<double> shortest = model.log_shortest;
  if (without < shortest.size()) shortest[without] = -kInfinity;
  for (const double one : shortest) empty.most = std::max(empty.most, one);
  for (const double one : shortest) empty.sum += empty.power(one, temperature);
  for (std::size_t symbol = 0; symbol < model.symbols; ++symbol) {
    const double power = empty.power(shortest[symbol], temperature);
    result.shortest[symbol] = empty.sum > 0 ? power / empty.sum : 0;
    result.log_shortest[symbol] = log(result.shortest[symbol]);
    pace.step(16);
  }

  std::vector<Scale> scales(model.states());  // of shorter contexts, which come before longer ones
  for (std::uint32_t state = 0; state < model.states(); ++state) {
    const std::uint32_t parent = model.parent[state];
    const Scale& shorter = parent == Backoff::kNone ? empty : scales[parent];
    const double log_weight = model.log_weight[state];
    const std::size_t begin = model.follow[state];
    const std::size_t end = model.follow[state + 1];
    Scale& scale = scales[state];
    scale.most = log_weight + shorter.most;
    for (std::size_t at = begin; at < end; ++at) {
      if (model.symbol[at] != without) scale.most = std::max(scale.most, model.followers[at].log);
    }
    const double down = scale.power(log_weight + shorter.most, temperature);
    scale.sum = down * shorter.sum;
    for (std::size_t at = begin; at < end; ++at) {
      Backoff::Follower& follower = result.followers[at];
      if (model.symbol[at] == without) {
        follower.own = 0;
        follower.log = -kInfinity;
        continue;
      }
      std::uint32_t from = parent;
      const double shared = model.step(from, model.symbol[at]);
      // Where all of it is shared, rounding may put what is shared above the whole.
      const double of_shorter = down * shorter.power(shared, temperature);
      const double power = std::max(scale.power(follower.log, temperature), of_shorter);
      follower.own = power - of_shorter;
      follower.log = log(power);
      scale.sum += follower.own;
    }
    const double sum = scale.sum > 0 ? scale.sum : 1;
    for (std::size_t at = begin; at < end; ++at) {
      Backoff::Follower& follower = result.followers[at];
      follower.own /= sum;
      follower.log -= std::log(sum);
    }
    result.weight[state] = down * shorter.sum / sum;
    result.log_weight[state] = log(result.weight[state]);
    pace.step(8 + 64 * (end - begin));
  }
  return result;
}

}  // namespace makemore
