// Counting by sorting: positions as keys, features first and the symbol last. Then every
// node's positions stand side by side, and one walk over them builds the trie.
#include "core/chain_counts.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string>

#include "core/buffer.hpp"
#include "core/error.hpp"

namespace makemore {
namespace {

constexpr std::uint32_t kNotSampled = 0xFFFFFFFF;
constexpr std::size_t kPauseAfter = 1 << 16;  // positions

// Where a field stands in a key of several 64-bit words, the first the most significant.
struct Field {
  std::size_t word;
  unsigned shift;
  std::uint64_t mask;
};

struct KeyLayout {
  std::vector<Field> fields;  // of the features, then of the symbol
  std::size_t words = 1;
  std::vector<std::uint8_t> field_of;  // of each bit, the most significant first

  KeyLayout(const Chain& chain, std::size_t symbols) {
    unsigned left = 64;
    const auto place = [&](std::uint64_t most) {
      const auto bits = static_cast<unsigned>(std::bit_width(most));
      if (bits > left) {
        ++words;
        left = 64;
        field_of.resize(64 * (words - 1));
      }
      left -= bits;
      field_of.insert(field_of.end(), bits, static_cast<std::uint8_t>(fields.size()));
      fields.push_back({words - 1, left, (std::uint64_t{1} << bits) - 1});
    };
    for (const Feature& feature : chain.features()) {
      place(feature.kind == Feature::Kind::position ? feature.index + 1 : symbols);
    }
    place(symbols - 1);
  }
};

// A position: its key, and its number in the sample.
template <std::size_t W>
struct Record {
  std::array<std::uint64_t, W> key;
  std::uint32_t slot;

  std::uint64_t get(const Field& field) const {
    return key[field.word] >> field.shift & field.mask;
  }
};

// Sorts by key, the least significant digit first.
template <std::size_t W>
void sort_records(Buffer<Record<W>>& records, const Poll& pause) {
  constexpr unsigned bits = 11;
  constexpr std::size_t digits = (64 + bits - 1) / bits;
  constexpr std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  using Histogram = std::array<std::size_t, std::size_t{1} << bits>;
  std::vector<Histogram> histograms(W * digits);
  // Calls use(record) for all, with pauses.
  const auto each = [&](auto&& use) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (i % kPauseAfter == 0) pause();
      use(records[i]);
    }
  };
  each([&](const Record<W>& record) {
    for (std::size_t w = 0; w < W; ++w) {
      for (std::size_t d = 0; d < digits; ++d) {
        ++histograms[w * digits + d][record.key[w] >> (bits * d) & mask];
      }
    }
  });
  Buffer<Record<W>> sorted(records.size());
  for (std::size_t w = W; w-- > 0;) {
    for (std::size_t d = 0; d < digits; ++d) {
      Histogram& places = histograms[w * digits + d];
      if (std::find(places.begin(), places.end(), records.size()) != places.end()) continue;
      std::size_t before = 0;
      for (std::size_t& place : places) {
        const std::size_t count = place;
        place = before;
        before += count;
      }
      each([&](const Record<W>& record) {
        sorted[places[record.key[w] >> (bits * d) & mask]++] = record;
      });
      records.swap(sorted);
    }
  }
}

}  // namespace

template <std::size_t W>
struct ChainCounts::Builder {
  const KeyLayout& layout;
  ChainCounts& out;
  Buffer<Record<W>> records{};
  // The nodes on the path from the root to the place in the walk, and the counts of each:
  // a dense row a depth, and which symbols of it are above zero.
  std::vector<std::uint32_t> path{};
  std::vector<std::vector<double>> rows{};
  std::vector<std::vector<std::uint32_t>> seen{};

  void read(const Chain& chain, const WordList& words, std::span<const std::uint64_t> sample,
            const Poll& pause) {
    const std::span<const Feature> features = chain.features();
    const std::vector<Field>& fields = layout.fields;
    records.resize(words.positions());
    std::size_t at = 0;
    std::uint32_t slot = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::span<const std::uint32_t> word = words.word(i);
      for (std::size_t t = 0; t <= word.size(); ++t, ++at) {
        if (at % kPauseAfter == 0) pause();
        Record<W>& record = records[at];
        record.key = {};
        for (std::size_t f = 0; f < features.size(); ++f) {
          const std::uint64_t value = features[f].value(word, t);
          record.key[fields[f].word] |= value << fields[f].shift;
        }
        const std::uint64_t symbol = t < word.size() ? word[t] : 0;
        record.key[fields.back().word] |= symbol << fields.back().shift;
        record.slot = slot < sample.size() && sample[slot] == at ? slot++ : kNotSampled;
      }
    }
  }

  void add(std::size_t depth, std::uint32_t symbol, double count) {
    double& sum = rows[depth][symbol];
    if (sum == 0) seen[depth].push_back(symbol);
    sum += count;
  }

  void open(std::uint8_t feature, std::uint32_t value) {
    if (out.nodes_.size() == std::numeric_limits<std::uint32_t>::max()) {
      throw Error("a chain has more than 2^32 nodes");
    }
    const std::size_t depth = path.size();
    const auto node = static_cast<std::uint32_t>(out.nodes_.size());
    out.nodes_.push_back({0, 0, depth == 0 ? 0 : path.back(), value, feature,
                          static_cast<std::uint8_t>(depth)});
    path.push_back(node);
    if (rows.size() == depth) {
      rows.emplace_back(out.symbols_);
      seen.emplace_back();
    }
  }

  // Writes the deepest node's counts down and hands the discounted ones up.
  void close() {
    const std::size_t depth = path.size() - 1;
    Node& node = out.nodes_[path.back()];
    path.pop_back();
    std::vector<std::uint32_t>& symbols = seen[depth];
    std::sort(symbols.begin(), symbols.end());
    node.first_entry = out.entry_symbols_.size();
    node.entries = static_cast<std::uint32_t>(symbols.size());
    for (const std::uint32_t symbol : symbols) {
      const double n = rows[depth][symbol];
      out.entry_symbols_.push_back(symbol);
      out.entry_counts_.push_back(n);
      rows[depth][symbol] = 0;
      if (depth > 0) add(depth - 1, symbol, discount(n));
    }
    symbols.clear();
  }

  // The first field in which two different keys differ.
  std::size_t first_difference(const Record<W>& a, const Record<W>& b) const {
    std::size_t w = 0;
    while (a.key[w] == b.key[w]) ++w;
    return layout.field_of[w * 64 + static_cast<std::size_t>(std::countl_zero(a.key[w] ^ b.key[w]))];
  }

  void build(const Poll& pause) {
    const std::size_t features = layout.fields.size() - 1;
    open(0, 0);
    std::size_t steps = 0;
    for (std::size_t i = 0; i < records.size();) {
      if (++steps % kPauseAfter == 0) pause();
      const Record<W>& record = records[i];
      const std::size_t from = i == 0 ? 0 : first_difference(records[i - 1], record);
      if (from < features) {
        while (path.size() > 1 && out.nodes_[path.back()].feature >= from) close();
        for (std::size_t f = from; f < features; ++f) {
          const auto value = static_cast<std::uint32_t>(record.get(layout.fields[f]));
          if (value != Feature::kAbsent) open(static_cast<std::uint8_t>(f), value);
        }
      }
      const auto symbol = static_cast<std::uint32_t>(record.get(layout.fields.back()));
      bool sampled = false;
      std::size_t end = i;
      for (; end < records.size() && records[end].key == record.key; ++end) {
        if (records[end].slot == kNotSampled) continue;
        sampled = true;
        out.outcome_of_[records[end].slot] = static_cast<std::uint32_t>(out.outcomes_.size());
      }
      if (sampled) out.outcomes_.push_back({path.back(), symbol});
      add(path.size() - 1, symbol, static_cast<double>(end - i));
      i = end;
    }
    while (!path.empty()) close();
  }
};

ChainCounts::ChainCounts(const Chain& chain, const WordList& words,
                         std::span<const std::uint64_t> sample, const Poll& pause)
    : symbols_(words.alphabet().size()), outcome_of_(sample.size()) {
  const KeyLayout layout(chain, symbols_);
  const auto build = [&]<std::size_t W>() {
    Builder<W> builder{layout, *this};
    builder.read(chain, words, sample, pause);
    sort_records(builder.records, pause);
    builder.build(pause);
  };
  if (layout.words == 1) {
    build.template operator()<1>();
  } else if (layout.words == 2) {
    build.template operator()<2>();
  } else if (layout.words <= 4) {
    build.template operator()<4>();
  } else {
    build.template operator()<8>();
  }
}

}  // namespace makemore
