// Counting by sorting: positions as keys, features first, then the symbol. Then every node's
// positions stand side by side, and one walk over them builds the trie. The last bits of a
// key, which are not sorted by, say which position of the sample it is, and of which word, if words
// count several times.
#include "mixture/chain_counts.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>

#include "base/buffer.hpp"
#include "base/error.hpp"

namespace makemore {
namespace {

constexpr std::uint64_t kNotSampled = 0;
constexpr std::size_t kPauseAfter = 1 << 16;  // positions

// Where a field stands in a key of several 64-bit words, the first the most significant.
struct Field {
  std::size_t word;
  unsigned shift;
  std::uint64_t mask;
};

struct WalkKeys {
  std::vector<Field> fields;  // of the features, then of the symbol
  Field rest;                 // what is not sorted by, in the lowest bits; it holds
  Field slot;                 // one more than the number in the sample, and
  Field word;                 // the word's number, if that tells how often it counts
  std::size_t words = 1;
  std::vector<std::uint8_t> field_of;  // of each bit, the most significant first

  WalkKeys(const Chain& chain, const WordList& list, std::size_t sample) {
    const std::size_t symbols = list.alphabet().size();
    unsigned left = 64;
    const auto place_bits = [&](unsigned bits) {
      if (bits > left) {
        ++words;
        left = 64;
        field_of.resize(64 * (words - 1));
      }
      left -= bits;
      field_of.insert(field_of.end(), bits, static_cast<std::uint8_t>(fields.size()));
      fields.push_back({words - 1, left, (std::uint64_t{1} << bits) - 1});
    };
    const auto bits_of = [](std::uint64_t most) {
      return static_cast<unsigned>(std::bit_width(most));
    };
    const auto place = [&](std::uint64_t most) { place_bits(bits_of(most)); };
    for (const Feature& feature : chain.features()) {
      place(feature.most(symbols));
    }
    place(symbols - 1);
    const unsigned slot_bits = bits_of(sample);
    const unsigned word_bits = list.weighted() ? bits_of(list.size() - 1) : 0;
    if (slot_bits + word_bits > 63) throw Error("there are too many weighted words to fit to");
    place_bits(slot_bits + word_bits);
    rest = fields.back();
    rest.shift = 0;
    fields.pop_back();
    slot = {rest.word, 0, (std::uint64_t{1} << slot_bits) - 1};
    word = {rest.word, slot_bits, (std::uint64_t{1} << word_bits) - 1};
  }
};

template <std::size_t W>
struct Key : std::array<std::uint64_t, W> {
  std::uint64_t get(const Field& field) const {
    return (*this)[field.word] >> field.shift & field.mask;
  }
  void put(const Field& field, std::uint64_t value) { (*this)[field.word] |= value << field.shift; }

  // Whether the keys are those of one node and symbol.
  bool same(const Key& other, const Field& rest) const {
    std::uint64_t differing = ((*this)[rest.word] ^ other[rest.word]) & ~rest.mask;
    for (std::size_t w = 0; w < W; ++w) {
      if (w != rest.word) differing |= (*this)[w] ^ other[w];
    }
    return differing == 0;
  }
};

// Sorts by all but the rest, the least significant digit first.
template <std::size_t W>
void sort_keys(Buffer<Key<W>>& keys, const Field& rest, const Poll& pause) {
  constexpr unsigned bits = 11;
  constexpr std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  struct Digit {
    std::size_t word;
    unsigned shift;
    std::array<std::size_t, std::size_t{1} << bits> places{};  // first: how often each occurs

    std::size_t& place(const Key<W>& key) { return places[key[word] >> shift & mask]; }
  };
  std::vector<Digit> digits;
  for (std::size_t w = W; w-- > 0;) {
    const auto lowest = w == rest.word ? static_cast<unsigned>(std::bit_width(rest.mask)) : 0U;
    for (unsigned shift = lowest; shift < 64; shift += bits) digits.push_back({w, shift});
  }
  // Calls use(key) for all, with pauses.
  const auto each = [&](auto&& use) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i % kPauseAfter == 0) pause();
      use(keys[i]);
    }
  };
  each([&](const Key<W>& key) {
    for (Digit& digit : digits) ++digit.place(key);
  });
  std::erase_if(digits, [&](const Digit& digit) {  // the same in all keys
    return std::find(digit.places.begin(), digit.places.end(), keys.size()) != digit.places.end();
  });
  Buffer<Key<W>> sorted(digits.empty() ? 0 : keys.size());
  for (Digit& digit : digits) {
    std::exclusive_scan(digit.places.begin(), digit.places.end(), digit.places.begin(),
                        std::size_t{0});
    each([&](const Key<W>& key) { sorted[digit.place(key)++] = key; });
    keys.swap(sorted);
  }
}

}  // namespace

template <std::size_t W>
struct ChainCounts::Builder {
  const WalkKeys& layout;
  ChainCounts& out;
  Buffer<Key<W>> keys{};
  // The nodes on the path from the root to the place in the walk, and the counts of each:
  // a dense row a depth, and which symbols of it are above zero.
  std::vector<std::uint32_t> path{};
  std::vector<std::vector<double>> rows{};
  std::vector<std::vector<std::uint32_t>> seen{};

  void read(const Chain& chain, const WordList& words, const SymbolClasses& classes,
            std::span<const std::uint64_t> sample, const Poll& pause) {
    const std::span<const Feature> features = chain.features();
    const std::vector<Field>& fields = layout.fields;
    keys.resize(words.positions());
    std::size_t at = 0;
    std::uint64_t sampled = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::span<const std::uint32_t> word = words.word(i);
      for (std::size_t t = 0; t <= word.size(); ++t, ++at) {
        if (at % kPauseAfter == 0) pause();
        Key<W>& key = keys[at];
        key = {};
        for (std::size_t f = 0; f < features.size(); ++f) {
          key.put(fields[f], features[f].value(word, t, classes));
        }
        key.put(fields.back(), t < word.size() ? word[t] : 0);
        if (sampled < sample.size() && sample[sampled] == at) key.put(layout.slot, ++sampled);
        if (words.weighted()) key.put(layout.word, i);
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
    out.nodes_.push_back(
        {0, 0, depth == 0 ? 0 : path.back(), value, feature, static_cast<std::uint8_t>(depth)});
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

  // The first field in which two keys of different nodes or symbols differ.
  std::size_t first_difference(const Key<W>& a, const Key<W>& b) const {
    std::size_t w = 0;
    while (a[w] == b[w]) ++w;
    return layout.field_of[w * 64 + static_cast<std::size_t>(std::countl_zero(a[w] ^ b[w]))];
  }

  void build(const WordList& words, const Poll& pause) {
    const std::size_t features = layout.fields.size() - 1;
    open(0, 0);
    std::size_t steps = 0;
    for (std::size_t i = 0; i < keys.size();) {
      if (++steps % kPauseAfter == 0) pause();
      const Key<W>& key = keys[i];
      const std::size_t from = i == 0 ? 0 : first_difference(keys[i - 1], key);
      if (from < features) {
        while (path.size() > 1 && out.nodes_[path.back()].feature >= from) close();
        for (std::size_t f = from; f < features; ++f) {
          const auto value = static_cast<std::uint32_t>(key.get(layout.fields[f]));
          if (value != Feature::kAbsent) open(static_cast<std::uint8_t>(f), value);
        }
      }
      const auto symbol = static_cast<std::uint32_t>(key.get(layout.fields.back()));
      bool sampled = false;
      std::size_t end = i;
      std::uint64_t times = 0;
      for (; end < keys.size() && keys[end].same(key, layout.rest); ++end) {
        times += words.times(keys[end].get(layout.word));
        const std::uint64_t slot = keys[end].get(layout.slot);
        if (slot == kNotSampled) continue;
        sampled = true;
        out.outcome_of_[slot - 1] = static_cast<std::uint32_t>(out.outcomes_.size());
      }
      if (sampled) out.outcomes_.push_back({path.back(), symbol});
      add(path.size() - 1, symbol, static_cast<double>(times));
      i = end;
    }
    while (!path.empty()) close();
  }
};

std::size_t ChainCounts::key_bytes(const Chain& chain, const WordList& words, std::size_t sample) {
  const WalkKeys layout(chain, words, sample);
  return 2 * sizeof(std::uint64_t) * layout.words * words.positions();
}

ChainCounts::ChainCounts(const Chain& chain, const WordList& words, const SymbolClasses& classes,
                         std::span<const std::uint64_t> sample, const Poll& pause)
    : symbols_(words.alphabet().size()), outcome_of_(sample.size()) {
  const WalkKeys layout(chain, words, sample.size());
  const auto build = [&]<std::size_t W>() {
    Builder<W> builder{layout, *this};
    builder.read(chain, words, classes, sample, pause);
    sort_keys(builder.keys, layout.rest, pause);
    builder.build(words, pause);
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
