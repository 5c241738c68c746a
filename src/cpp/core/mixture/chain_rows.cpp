// Walks the nodes in their order, each with its outcomes, so that paths share what they can.
#include "mixture/chain_rows.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "mixture/fast_math.hpp"
#include "mixture/kernels.hpp"

namespace makemore {
namespace {

constexpr std::size_t kMostChanged = 512;  // symbols of a row that is changed as a whole

// A node on the path.
struct Level {
  std::uint32_t node = 0;
  std::uint32_t first = 0;  // of its words, and how many blocks they are
  std::uint32_t blocks = 0;
  double total = 0;            // N
  double handed_up = 0;        // G
  std::vector<double> counts;  // n, by symbol; zero where nothing was seen
  std::vector<float> p;        // the prediction q of the symbols it has seen, by symbol; its
                               // children have seen no others
  std::vector<float> kept;     // n - d(n) of these symbols, in their order
};

// A level of a path that has lost a position.
struct Lost {
  double count;      // that it lost
  double handed_up;  // and how much less it hands up
  double kept;       // n - d(n) of the symbol with what is left
};

class Walk {
 public:
  Walk(const ChainCounts& counts, std::span<const std::uint32_t> levels, const Poll& pause)
      : counts_(counts),
        levels_(levels),
        kernels_(mixture_kernels()),
        pace_(pause),
        above_root_(counts.symbols(), 1 / static_cast<float>(counts.symbols())),
        p_(counts.symbols()) {
    const std::size_t most = symbol_stride(counts.symbols());
    above_.resize(most);
    x_.resize(most);
    q_.resize(most);
  }

  // Makes the path the one to the next node, and its row.
  void enter(std::uint32_t number, ChainRows& rows) {
    const ChainCounts::Node& node = counts_.nodes()[number];
    const std::size_t depth = node.depth;
    if (path_.size() == depth) {
      path_.emplace_back();
      path_.back().counts.resize(counts_.symbols());
      path_.back().p.resize(counts_.symbols());
      path_.back().kept.resize(x_.size());
    } else {
      const ChainCounts::Node& last = counts_.nodes()[path_[depth].node];
      for (const std::uint32_t c : counts_.entry_symbols(last)) path_[depth].counts[c] = 0;
    }
    Level& here = path_[depth];
    const std::vector<float>& above = above_of(depth);
    const auto symbols = counts_.entry_symbols(node);
    const auto entries = counts_.entry_counts(node);
    pace_.step(32 + 16 * symbols.size());
    here.node = number;
    here.total = here.handed_up = 0;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const double n = entries[i];
      const double handed_up = discount(n);
      here.total += n;
      here.handed_up += handed_up;
      here.counts[symbols[i]] = n;
      here.kept[i] = static_cast<float>(n - handed_up);
      above_[i] = above[symbols[i]];
    }
    kernels_.raise(here.kept.data(), above_.data(), static_cast<float>(here.handed_up + kTheta),
                   static_cast<float>(1 / (here.total + kTheta)), x_.data(), q_.data(),
                   symbols.size());
    for (std::size_t i = 0; i < symbols.size(); ++i) here.p[symbols[i]] = q_[i];
    here.first = static_cast<std::uint32_t>(rows.words.size());
    here.blocks = append_row(rows.words, symbols, x_.data());
    rows.nodes.push_back({here.first, here.blocks, node.parent, node.value, node.feature,
                          node.depth, size_of_total(here.total)});
    check_size(rows.words);
  }

  // Writes what the path to the outcome's node, which was entered last, says without it.
  void hold_out(const ChainCounts::Outcome& outcome, const ChainRows& rows, RowWords& out) {
    const std::uint32_t symbol = outcome.symbol;
    const std::size_t deepest = counts_.nodes()[outcome.node].depth;
    lost_.resize(deepest + 1);
    std::size_t top = deepest + 1;  // the topmost level that lost something
    for (double r = 1; top > 0 && r > 0;) {
      --top;
      const double before = path_[top].counts[symbol];
      double after = before - r;
      if (after < kNothing) after = 0;
      const double kept_back = discount(after);
      r = discount(before) - kept_back;
      if (r < kNothing) r = 0;
      lost_[top] = {before - after, r, after - kept_back};
    }

    // Levels of which one number is another: the topmost, where it hands up what it did, and those
    // that have seen many symbols, of which those below have seen fewer. `scale` is how much more
    // the last of them predicts for other symbols, `of_symbol` what it predicts for this one.
    const auto patched = [&](std::size_t depth) {
      return (depth == top && lost_[top].handed_up == 0) || entries_of(depth) > kMostChanged;
    };
    const std::size_t head = out.size();
    out.resize(head + HeldOut::kWords);
    std::size_t next = top;
    double scale = 1;
    auto of_symbol = static_cast<double>(above_of(top)[symbol]);
    numbers_.clear();
    for (; next <= deepest && patched(next); ++next) {
      const Level& level = path_[next];
      const Lost& lost = lost_[next];
      const double from_above = (level.handed_up - lost.handed_up + kTheta) * of_symbol;
      const double left = 1 / (level.total - lost.count + kTheta);
      const double raised = lost.kept > 0 ? lost.kept / from_above : 0;
      numbers_.push_back(fast_log(static_cast<float>(1 + raised)));
      scale = (level.total + kTheta) * left;
      of_symbol = (lost.kept + from_above) * left;
    }
    std::size_t used = next;
    while (used <= deepest && path_[used].total - lost_[used].count >= kNothing) ++used;
    const auto size_at = [&](std::size_t depth) {
      if (depth >= used) return kNoChild;
      return size_of_total(path_[depth].total - (depth < top ? 0 : lost_[depth].count));
    };
    const auto slot_at = [&](std::size_t depth) {
      return level_at(depth) * kKinds + kind_of(size_at(depth + 1), size_at(depth));
    };

    HeldOut said;
    said.symbol = symbol;
    for (std::size_t depth = next; depth-- > top;) {
      if (level_at(depth) == Levels::kSilent) continue;
      ++said.patched;
      const float number = numbers_[depth - top];
      out.insert(out.end(),
                 {path_[depth].node, slot_at(depth), std::bit_cast<std::uint32_t>(number)});
    }
    for (std::size_t depth = next; depth < used; ++depth) {
      if (depth == next) {
        change(depth, symbol, above_of(next), static_cast<float>(scale),
               static_cast<float>(of_symbol));
      } else {
        change(depth, symbol, p_, 1, p_[symbol]);
      }
      if (level_at(depth) == Levels::kSilent) continue;
      ++said.changed;
      append_changed(path_[depth], slot_at(depth), lost_[depth].kept > 0 ? kNoSymbol : symbol, rows,
                     out);
    }
    for (std::size_t depth = top; depth-- > 0;) {
      if (level_at(depth) == Levels::kSilent) continue;
      said.node = path_[depth].node;
      said.slot = slot_at(depth);
      break;
    }
    std::uint32_t* const words = out.data() + head;
    words[0] = said.node;
    words[1] = said.slot;
    words[2] = said.symbol;
    words[3] = said.patched;
    words[4] = said.changed;
    check_size(out);
  }

 private:
  static constexpr std::uint32_t kNoSymbol = 0xFFFFFFFF;

  // Works out the row of a level on the path without the position, and what it predicts, p_, from
  // what the level above predicts: `scale` times `above`, and `of_symbol` for its own symbol.
  void change(std::size_t depth, std::uint32_t symbol, const std::vector<float>& above, float scale,
              float of_symbol) {
    Level& level = path_[depth];
    const Lost& lost = lost_[depth];
    const auto symbols = counts_.entry_symbols(counts_.nodes()[level.node]);
    pace_.step(32 + 16 * symbols.size());
    std::size_t own = 0;  // its place among the symbols
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      above_[i] = above[symbols[i]] * scale;
      own = symbols[i] == symbol ? i : own;
    }
    above_[own] = of_symbol;
    const float kept = std::exchange(level.kept[own], static_cast<float>(lost.kept));
    kernels_.raise(level.kept.data(), above_.data(),
                   static_cast<float>(level.handed_up - lost.handed_up + kTheta),
                   static_cast<float>(1 / (level.total - lost.count + kTheta)), x_.data(),
                   q_.data(), symbols.size());
    level.kept[own] = kept;
    for (std::size_t i = 0; i < symbols.size(); ++i) p_[symbols[i]] = q_[i];
  }

  // Writes the numbers x_ as a row of the symbols of a level, but for one that may be left out.
  void append_changed(const Level& level, std::uint32_t slot, std::uint32_t without,
                      const ChainRows& rows, RowWords& out) {
    const std::size_t head = out.size();
    out.resize(head + HeldOut::kRowWords);
    const std::uint32_t* stored = rows.words.data() + level.first;
    const float* x = x_.data();
    std::uint32_t blocks = 0;
    for (std::uint32_t b = 0; b < level.blocks; ++b) {
      std::uint32_t bits = stored[1];
      const auto n = static_cast<std::size_t>(std::popcount(bits));
      std::size_t left_out = n;  // its place among the block's numbers
      if (without / kBlockSymbols == stored[0]) {
        const std::uint32_t bit = std::uint32_t{1} << without % kBlockSymbols;
        left_out = static_cast<std::size_t>(std::popcount(bits & (bit - 1)));
        bits &= ~bit;
      }
      if (bits != 0) {
        ++blocks;
        const std::size_t at = out.size();
        out.resize(at + 2 + n - (left_out < n));
        out[at] = stored[0];
        out[at + 1] = bits;
        std::uint32_t* to = &out[at] + 2;
        for (std::size_t i = 0; i < n; ++i) {
          if (i != left_out) *to++ = std::bit_cast<std::uint32_t>(x[i]);
        }
      }
      x += n;
      stored += 2 + n;
    }
    out[head] = slot;
    out[head + 1] = blocks;
    out[head + 2] = static_cast<std::uint32_t>(out.size() - head - HeldOut::kRowWords);
  }

  const std::vector<float>& above_of(std::size_t depth) const {
    return depth == 0 ? above_root_ : path_[depth - 1].p;
  }
  std::uint32_t level_at(std::size_t depth) const {
    const ChainCounts::Node& node = counts_.nodes()[path_[depth].node];
    return levels_[depth == 0 ? 0 : node.feature + std::size_t{1}];
  }
  std::size_t entries_of(std::size_t depth) const {
    return counts_.nodes()[path_[depth].node].entries;
  }
  static void check_size(const RowWords& words) {
    if (words.size() > std::numeric_limits<std::uint32_t>::max() - kSlack) {
      throw Error("a chain has more than 2^32 words of rows");
    }
  }

  const ChainCounts& counts_;
  std::span<const std::uint32_t> levels_;
  const MixtureKernels& kernels_;
  Pace pace_;
  std::vector<float> above_root_;
  std::vector<Level> path_;
  std::vector<Lost> lost_;
  std::vector<float> p_;        // of the level above, without the position
  std::vector<float> numbers_;  // of its own symbol where no other one changes
  std::vector<float> above_;    // by the place of a symbol in a row, as the following
  std::vector<float> x_;
  std::vector<float> q_;
};

}  // namespace

ChainRows make_rows(const ChainCounts& counts, std::span<const std::uint32_t> levels,
                    RowWords* held_out, std::vector<std::uint32_t>* held_out_at,
                    const Poll& pause) {
  ChainRows rows;
  rows.nodes.reserve(counts.nodes().size());
  Walk walk(counts, levels, pause);
  const std::vector<ChainCounts::Outcome>& outcomes = counts.outcomes();
  std::size_t outcome = 0;
  for (std::uint32_t node = 0; node < counts.nodes().size(); ++node) {
    walk.enter(node, rows);
    if (held_out == nullptr) continue;
    for (; outcome < outcomes.size() && outcomes[outcome].node == node; ++outcome) {
      held_out_at->push_back(static_cast<std::uint32_t>(held_out->size()));
      walk.hold_out(outcomes[outcome], rows, *held_out);
    }
  }
  add_slack(rows.words);
  if (held_out != nullptr) add_slack(*held_out);
  return rows;
}

}  // namespace makemore
