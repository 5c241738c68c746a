// Walks the outcomes in the order of their nodes, so that paths share what they can.
#include "mixture/leave_one_out.hpp"

#include <algorithm>

#include "mixture/fast_math.hpp"
#include "mixture/float_rows.hpp"

namespace makemore {
namespace {

// A node on the path, spread over the alphabet.
struct Level {
  std::uint32_t node = 0;
  double total = 0;            // N
  double handed_up = 0;        // G
  std::vector<double> counts;  // n
  std::vector<float> kept;     // n - d(n)
  std::vector<float> mixed;    // p, all counts in place
};

// p(c) <- (kept(c) + (G + theta) p(c)) / (N + theta)
void mix(const std::vector<float>& kept, double handed_up, double total,
         const std::vector<float>& above, std::vector<float>& p) {
  const auto scale = static_cast<float>(1 / (total + kTheta));
  const auto share = static_cast<float>((handed_up + kTheta) / (total + kTheta));
  for (std::size_t c = 0; c < p.size(); ++c) p[c] = kept[c] * scale + share * above[c];
}

class Path {
 public:
  explicit Path(const ChainCounts& counts)
      : counts_(counts), uniform_(row_stride(counts.symbols()), 0.0F) {
    std::fill_n(uniform_.begin(), counts.symbols(), 1 / static_cast<float>(counts.symbols()));
  }

  // Makes the path the one to a node; what it shares with the last one stays.
  void go_to(std::uint32_t node) {
    fresh_.clear();
    for (std::uint32_t n = node;; n = counts_.nodes()[n].parent) {
      const std::size_t depth = counts_.nodes()[n].depth;
      if (depth < size_ && levels_[depth].node == n) {
        size_ = depth + 1;
        break;
      }
      fresh_.push_back(n);
      if (depth == 0) {
        size_ = 0;
        break;
      }
    }
    for (std::size_t i = fresh_.size(); i-- > 0;) open(fresh_[i]);
  }

  std::size_t size() const { return size_; }
  const Level& operator[](std::size_t depth) const { return levels_[depth]; }
  const std::vector<float>& above(std::size_t depth) const {
    return depth == 0 ? uniform_ : levels_[depth - 1].mixed;
  }

 private:
  void open(std::uint32_t number) {
    if (levels_.size() == size_) {
      levels_.emplace_back();
      levels_.back().counts.resize(uniform_.size());
      levels_.back().kept.resize(uniform_.size());
      levels_.back().mixed.resize(uniform_.size());
    } else {
      for (const std::uint32_t c : counts_.entry_symbols(counts_.nodes()[levels_[size_].node])) {
        levels_[size_].counts[c] = 0;
        levels_[size_].kept[c] = 0;
      }
    }
    Level& level = levels_[size_];
    const ChainCounts::Node& node = counts_.nodes()[number];
    level.node = number;
    level.total = level.handed_up = 0;
    const auto symbols = counts_.entry_symbols(node);
    const auto entries = counts_.entry_counts(node);
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const double n = entries[i];
      const double d = discount(n);
      level.counts[symbols[i]] = n;
      level.kept[symbols[i]] = static_cast<float>(n - d);
      level.total += n;
      level.handed_up += d;
    }
    mix(level.kept, level.handed_up, level.total, above(size_), level.mixed);
    ++size_;
  }

  const ChainCounts& counts_;
  std::vector<float> uniform_;
  std::vector<Level> levels_;
  std::size_t size_ = 0;
  std::vector<std::uint32_t> fresh_;
};

}  // namespace

HeldOutRows leave_one_out(const ChainCounts& counts, const Poll& pause) {
  Pace pace(pause);
  constexpr double nothing = 1e-9;
  const std::size_t v = counts.symbols();
  const std::size_t stride = row_stride(v);
  const std::vector<ChainCounts::Outcome>& outcomes = counts.outcomes();
  HeldOutRows rows{Buffer<float>(outcomes.size() * stride),
                   std::vector<std::uint8_t>(outcomes.size())};

  struct Changed {  // a level without the position
    double total;
    double handed_up;
    double kept;
  };
  Path path(counts);
  std::vector<Changed> changed;
  std::vector<float> p(stride);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    pace.step(16 * stride);
    const std::uint32_t symbol = outcomes[i].symbol;
    path.go_to(outcomes[i].node);
    changed.resize(path.size());
    std::size_t top = path.size();  // the first level that changed
    for (double r = 1; top > 0 && r > 0;) {
      const Level& level = path[--top];
      const double before = level.counts[symbol];
      const double after = std::max(0.0, before - r);
      const double less = discount(before) - discount(after);
      changed[top] = {level.total - (before - after), level.handed_up - less,
                      after - discount(after)};
      r = less;
    }

    p = path.above(top);
    double total = top > 0 ? path[top - 1].total : 0;
    std::size_t used = top;
    for (; used < path.size() && changed[used].total > nothing; ++used) {
      const auto [level_total, handed_up, kept] = changed[used];
      const double of_symbol =
          (kept + (handed_up + kTheta) * static_cast<double>(p[symbol])) / (level_total + kTheta);
      mix(path[used].kept, handed_up, level_total, p, p);
      p[symbol] = static_cast<float>(of_symbol);
      total = level_total;
    }
    rows.buckets[i] = static_cast<std::uint8_t>(
        weight_bucket(static_cast<std::uint32_t>(used), used == 0 ? 0 : weight_class(total)));
    std::fill(p.begin() + static_cast<std::ptrdiff_t>(v), p.end(), 1.0F);  // ln 1 = 0
    float* const row = rows.log_probabilities.data() + i * stride;
    for (std::size_t c = 0; c < stride; ++c) row[c] = fast_log(p[c]);
  }
  return rows;
}

}  // namespace makemore
