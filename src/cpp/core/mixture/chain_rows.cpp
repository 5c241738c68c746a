// Walks the nodes in their order, each with its outcomes, so that paths share what they can.
#include "mixture/chain_rows.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/error.hpp"
#include "mixture/fast_math.hpp"

namespace makemore {
namespace {

// A node on the path, spread over the alphabet.
struct Level {
  std::uint32_t node = 0;
  double total = 0;            // N
  double handed_up = 0;        // G
  std::vector<double> counts;  // n; zero where nothing was seen
  std::vector<double> p;       // the prediction q of the symbols it has seen; its children
                               // have seen no others
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
      : counts_(counts), levels_(levels), pace_(pause), p_(counts.symbols()) {
    above_root_.assign(counts.symbols(), 1 / static_cast<double>(counts.symbols()));
  }

  // Makes the path the one to the next node, and its row.
  void enter(std::uint32_t number, ChainRows& rows) {
    const ChainCounts::Node& node = counts_.nodes()[number];
    const std::size_t depth = node.depth;
    if (path_.size() == depth) {
      path_.emplace_back();
      path_.back().counts.resize(counts_.symbols());
      path_.back().p.resize(counts_.symbols());
    } else {
      const ChainCounts::Node& last = counts_.nodes()[path_[depth].node];
      for (const std::uint32_t c : counts_.entry_symbols(last)) path_[depth].counts[c] = 0;
    }
    Level& here = path_[depth];
    const std::vector<double>& above = above_of(depth);
    const auto symbols = counts_.entry_symbols(node);
    const auto entries = counts_.entry_counts(node);
    pace_.step(32 + 16 * symbols.size());
    here.node = number;
    here.total = here.handed_up = 0;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      here.total += entries[i];
      here.handed_up += discount(entries[i]);
    }
    const double share = here.handed_up + kTheta;
    const double scale = 1 / (here.total + kTheta);
    x_.resize(symbols.size());
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const double kept = entries[i] - discount(entries[i]);
      const double from_above = share * above[symbols[i]];
      here.counts[symbols[i]] = entries[i];
      here.p[symbols[i]] = (kept + from_above) * scale;
      x_[i] = static_cast<float>(1 + kept / from_above);
    }
    for (float& x : x_) x = fast_log(x);
    const auto first = static_cast<std::uint32_t>(rows.words.size());
    const std::uint32_t blocks = append_row(rows.words, symbols, x_.data());
    rows.nodes.push_back({first, blocks, node.parent, node.value, node.feature, node.depth,
                          size_of_total(here.total)});
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

    const std::size_t head = out.size();
    out.resize(head + HeldOut::kWords);
    HeldOut stored{HeldOut::kNone, 0, RowInput::kNoOther, 0, 0};
    // Where the topmost level hands up what it did, its row is the stored one but for the symbol.
    const bool same_above = lost_[top].handed_up == 0;
    double scale = 1;        // of what that level predicts for other symbols
    double of_symbol = 0;    // what it predicts for this one
    std::size_t next = top;  // the first level whose row is changed as a whole
    if (same_above) {
      const Level& level = path_[top];
      const double share = level.handed_up + kTheta;
      const double from_above = share * above_of(top)[symbol];
      const double left = 1 / (level.total - lost_[top].count + kTheta);
      scale = (level.total + kTheta) * left;
      of_symbol = (lost_[top].kept + from_above) * left;
      stored.other_symbol = symbol;
      stored.other = fast_log(static_cast<float>(1 + lost_[top].kept / from_above));
      ++next;
    }

    // The rows below, as long as something is left of them.
    std::uint8_t size_above = kNoChild;  // of the level above the one whose row is written
    std::size_t slot_above = 0;          // where its slot is to be written, once its child is known
    std::size_t used = next;
    for (; used <= deepest; ++used) {
      const Level& level = path_[used];
      const double total = level.total - lost_[used].count;
      if (total < kNothing) break;
      const ChainCounts::Node& node = counts_.nodes()[level.node];
      const auto symbols = counts_.entry_symbols(node);
      const auto entries = counts_.entry_counts(node);
      pace_.step(32 + 16 * symbols.size());
      const double share = level.handed_up - lost_[used].handed_up + kTheta;
      const double left = 1 / (total + kTheta);
      changed_symbols_.clear();
      x_.clear();
      for (std::size_t i = 0; i < symbols.size(); ++i) {
        const std::uint32_t c = symbols[i];
        const bool own = c == symbol;
        const double above = used > next   ? p_[c]
                             : !same_above ? above_root_[c]
                             : own         ? of_symbol
                                           : path_[top].p[c] * scale;
        const double kept = own ? lost_[used].kept : entries[i] - discount(entries[i]);
        const double from_above = share * above;
        p_[c] = (kept + from_above) * left;
        if (kept <= 0) continue;
        changed_symbols_.push_back(c);
        x_.push_back(static_cast<float>(1 + kept / from_above));
      }
      for (float& x : x_) x = fast_log(x);
      const std::uint8_t size = size_of_total(total);
      if (slot_above != 0) out[slot_above] += kind_of(size, size_above);
      slot_above = 0;
      if (const std::uint32_t number = level_of(node); number != Levels::kSilent) {
        ++stored.rows;
        slot_above = out.size();
        out.insert(out.end(), {number * kKinds, 0, 0});
        const std::size_t begin = out.size();
        const std::uint32_t blocks = append_row(out, changed_symbols_, x_.data());
        out[begin - 2] = blocks;
        out[begin - 1] = static_cast<std::uint32_t>(out.size() - begin);
      }
      size_above = size;
    }
    if (slot_above != 0) out[slot_above] += kind_of(kNoChild, size_above);
    // What of the path is stored begins with the topmost level or the one above it.
    const std::size_t stored_levels = same_above ? top + 1 : 0;
    std::uint8_t child = used > stored_levels ? first_size(stored_levels) : kNoChild;
    for (std::size_t depth = stored_levels; depth-- > 0;) {
      const Level& level = path_[depth];
      const ChainCounts::Node& node = counts_.nodes()[level.node];
      const bool changed = depth == top;
      const std::uint8_t size =
          changed ? size_of_total(level.total - lost_[top].count) : rows.nodes[level.node].size;
      if (const std::uint32_t number = level_of(node); number != Levels::kSilent) {
        stored.node = level.node;
        stored.slot = number * kKinds + kind_of(child, size);
        if (!changed) stored.other_symbol = RowInput::kNoOther;
        break;
      }
      child = size;
    }
    out[head] = stored.node;
    out[head + 1] = stored.slot;
    out[head + 2] = stored.other_symbol;
    out[head + 3] = std::bit_cast<std::uint32_t>(stored.other);
    out[head + 4] = stored.rows;
    check_size(out);
  }

 private:
  const std::vector<double>& above_of(std::size_t depth) const {
    return depth == 0 ? above_root_ : path_[depth - 1].p;
  }
  std::uint32_t level_of(const ChainCounts::Node& node) const {
    return levels_[node.depth == 0 ? 0 : node.feature + std::size_t{1}];
  }
  std::uint8_t first_size(std::size_t depth) const {
    return size_of_total(path_[depth].total - lost_[depth].count);
  }
  static void check_size(const RowWords& words) {
    if (words.size() > std::numeric_limits<std::uint32_t>::max() - kSlack) {
      throw Error("a chain has more than 2^32 words of rows");
    }
  }

  const ChainCounts& counts_;
  std::span<const std::uint32_t> levels_;
  Pace pace_;
  std::vector<double> above_root_;
  std::vector<Level> path_;
  std::vector<Lost> lost_;
  std::vector<double> p_;  // of the level above, without the position
  std::vector<std::uint32_t> changed_symbols_;
  std::vector<float> x_;
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
