// Copies a mixture's tables out, and checks arrays on their way back.
#include "mixture/saved_mixture.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "counts/restored_counts.hpp"

namespace makemore {
namespace {

// Far beyond what is ever learned or counted; sums of products of these are finite.
constexpr float kMostWeight = 1e6F;
constexpr float kMostNumber = 1e3F;

std::string chain_name(std::size_t m) { return "nodes and rows: chain " + std::to_string(m); }

// Takes the nodes and rows of one chain from the arrays of all.
class ChainReader {
 public:
  ChainReader(const SavedMixture& saved, std::size_t m)
      : saved_(saved), m_(m), symbols_(saved.alphabet.size()) {}

  ChainRows read(std::uint64_t first_node, std::uint64_t first_word, Pace& pace) {
    const std::uint64_t nodes = saved_.nodes_of[m_];
    const std::uint64_t words = saved_.words_of[m_];
    if (nodes == 0 || nodes > 0x7FFFFFFF || words > 0xFFFFFFFF - kSlack) {
      throw Error(chain_name(m_) + " has " + std::to_string(nodes) + " nodes and " +
                  std::to_string(words) + " words of rows, which cannot be");
    }
    ChainRows rows;
    rows.nodes.reserve(nodes);
    const std::uint32_t* const from = saved_.rows.data() + first_word;
    rows.words.assign(from, from + words);
    add_slack(rows.words);
    std::uint32_t at = 0;  // in the words
    for (std::uint32_t i = 0; i < nodes; ++i) {
      const std::uint32_t* const numbers =
          saved_.nodes.data() + SavedMixture::kNodeNumbers * (first_node + i);
      ChainRows::Node node = read_node(rows, i, numbers);
      node.first = at;
      for (std::uint32_t b = 0; b < node.blocks; ++b) {
        at = read_block(rows, i, at, static_cast<std::uint32_t>(words), b > 0);
      }
      rows.nodes.push_back(node);
      pace.step(8);
    }
    if (at != words) fail(nodes - 1, "is not followed by the end of the rows");
    return rows;
  }

 private:
  [[noreturn]] void fail(std::uint64_t node, const std::string& problem) const {
    throw Error(chain_name(m_) + ", node " + std::to_string(node) + " " + problem);
  }

  ChainRows::Node read_node(const ChainRows& rows, std::uint32_t i, const std::uint32_t* numbers) {
    ChainRows::Node node{};
    node.parent = numbers[0];
    node.value = numbers[1] & 0xFFFFFF;
    node.blocks = numbers[2] >> 3;
    node.size = numbers[2] & 7;
    const std::uint32_t feature = numbers[1] >> 24;
    if (node.size >= kSizes || node.blocks == 0) fail(i, "has no row or a size that cannot be");
    if (i == 0) {
      if (node.parent != 0 || numbers[1] != 0) fail(i, "is no root");
      return node;
    }
    const std::span<const Feature> features = saved_.chains[m_].features();
    if (node.parent >= i) fail(i, "does not come after its parent");
    const ChainRows::Node& parent = rows.nodes[node.parent];
    if (path_[parent.depth] != node.parent) fail(i, "does not come after its parent's others");
    if (feature >= features.size() || (parent.depth > 0 && feature <= parent.feature)) {
      fail(i, "has a feature that cannot be there");
    }
    if (node.value == 0 || node.value > features[feature].most(symbols_)) {
      fail(i, "has a value that its feature cannot have");
    }
    node.feature = static_cast<std::uint8_t>(feature);
    node.depth = static_cast<std::uint8_t>(parent.depth + 1);
    // Siblings with later features come first, then those with smaller values.
    const std::uint32_t before = path_[node.depth];
    if (before != 0 && rows.nodes[before].parent == node.parent) {
      const ChainRows::Node& sibling = rows.nodes[before];
      if (sibling.feature < feature ||
          (sibling.feature == feature && sibling.value >= node.value)) {
        fail(i, "does not come after its sibling");
      }
    }
    path_[node.depth] = i;
    return node;
  }

  // Returns where the next block begins.
  std::uint32_t read_block(const ChainRows& rows, std::uint32_t node, std::uint32_t at,
                           std::uint32_t words, bool further) {
    if (words - at < 2) fail(node, "has a row that is not there");
    const std::uint32_t block = rows.words[at];
    const std::uint32_t bits = rows.words[at + 1];
    const auto numbers = static_cast<std::uint32_t>(std::popcount(bits));
    if (bits == 0 || words - at - 2 < numbers) fail(node, "has a row that is not there");
    const std::uint64_t highest =
        std::uint64_t{block} * kBlockSymbols + static_cast<std::uint64_t>(std::bit_width(bits)) - 1;
    if (highest >= symbols_ || (further && block <= last_block_)) {
      fail(node, "has a row over other symbols");
    }
    last_block_ = block;
    for (std::uint32_t k = 0; k < numbers; ++k) {
      const auto x = std::bit_cast<float>(rows.words[at + 2 + k]);
      if (!(x >= 0 && x <= kMostNumber)) {
        fail(node, "has the number " + std::to_string(x) + ", expected 0 to 1e3");
      }
    }
    return at + 2 + numbers;
  }

  const SavedMixture& saved_;
  std::size_t m_;
  std::size_t symbols_;
  std::array<std::uint32_t, Chain::kMostFeatures + 1> path_{};  // the last node of each depth
  std::uint32_t last_block_ = 0;
};

// Throws unless the parts make up `whole` items of `what`.
void check_sum(const std::vector<std::uint64_t>& parts, std::size_t chains, std::uint64_t whole,
               const std::string& what) {
  if (parts.size() != chains) {
    throw Error(what + "_of: expected numbers for " + std::to_string(chains) + " chains, got " +
                std::to_string(parts.size()));
  }
  std::uint64_t left = whole;  // a sum of the parts could go round to the right number
  bool fits = true;
  for (const std::uint64_t part : parts) {
    fits = fits && part <= left;
    if (fits) left -= part;
  }
  if (!fits || left != 0) {
    throw Error(what + "_of: the chains do not have " + std::to_string(whole) + " together");
  }
}

MixtureWeights read_weights(const SavedMixture& saved, std::size_t levels) {
  const std::size_t symbols = saved.alphabet.size();
  const std::uint64_t wanted = MixtureWeights::number(levels, symbols);
  if (saved.weights.size() != wanted) {
    throw Error("weights: expected " + std::to_string(wanted) + " weights, got " +
                std::to_string(saved.weights.size()));
  }
  for (std::size_t i = 0; i < saved.weights.size(); ++i) {
    if (!(std::abs(saved.weights[i]) <= kMostWeight)) {
      throw Error("weights: weight " + std::to_string(i) + " is " +
                  std::to_string(saved.weights[i]) + "; a weight is a number from -1e6 to 1e6");
    }
  }
  MixtureWeights weights(levels, symbols);
  weights.set_values(saved.weights);
  return weights;
}

SymbolClasses read_classes(const SavedMixture& saved) {
  const std::vector<std::uint8_t>& classes = saved.classes;
  if (classes.size() != saved.alphabet.size()) {
    throw Error("classes: expected the classes of " + std::to_string(saved.alphabet.size()) +
                " symbols, got " + std::to_string(classes.size()));
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const bool boundary = classes[i] == SymbolClasses::kBoundary;
    if (classes[i] > SymbolClasses::kConsonant || boundary != (i == 0)) {
      throw Error("classes: symbol " + std::to_string(i) + " cannot be of class " +
                  std::to_string(classes[i]));
    }
  }
  return SymbolClasses(classes);
}

PrefixRows read_prefixes(const SavedMixture& saved) {
  if (saved.prefixes.size() % 2 != 0) throw Error("prefixes: these are pairs of numbers");
  std::vector<std::uint32_t> shorter;
  std::vector<std::uint32_t> symbols;
  for (std::size_t i = 0; i < saved.prefixes.size(); i += 2) {
    shorter.push_back(saved.prefixes[i]);
    symbols.push_back(saved.prefixes[i + 1]);
  }
  const std::size_t alphabet = saved.alphabet.size();
  return {std::move(shorter), std::move(symbols), symbol_stride(alphabet), alphabet};
}

}  // namespace

SavedMixture save(const MixtureModel& model, const Poll& poll) {
  Pace pace(poll);
  SavedMixture saved;
  saved.alphabet = model.alphabet();
  saved.words = model.words();
  saved.chains = model.chains();
  const auto classes = model.classes().all();
  saved.classes.assign(classes.begin(), classes.end());
  saved.weights = model.weights().values();
  const PrefixRows& prefixes = model.prefixes_as_they_are();
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    saved.prefixes.push_back(prefixes.shorter()[i]);
    saved.prefixes.push_back(prefixes.symbols()[i]);
  }
  for (const ChainTable& table : model.tables()) {
    const ChainRows rows = table.rows();
    const std::size_t words = rows.words.size() - kSlack;
    saved.nodes_of.push_back(rows.nodes.size());
    saved.words_of.push_back(words);
    for (const ChainRows::Node& node : rows.nodes) {
      saved.nodes.push_back(node.parent);
      saved.nodes.push_back(std::uint32_t{node.feature} << 24 | node.value);
      saved.nodes.push_back(node.blocks << 3 | node.size);
      pace.step(4);
    }
    const auto begin = rows.words.begin();
    saved.rows.insert(saved.rows.end(), begin, begin + static_cast<std::ptrdiff_t>(words));
    pace.step(words);
  }
  return saved;
}

MixtureModel restore(SavedMixture saved, const Poll& poll) {
  Pace pace(poll);
  Alphabet alphabet = saved.alphabet;
  if (saved.chains.empty()) throw Error("there are no chains");
  if (saved.nodes.size() % SavedMixture::kNodeNumbers != 0) {
    throw Error("nodes: each has " + std::to_string(SavedMixture::kNodeNumbers) + " numbers");
  }
  check_sum(saved.nodes_of, saved.chains.size(), saved.nodes.size() / SavedMixture::kNodeNumbers,
            "nodes");
  check_sum(saved.words_of, saved.chains.size(), saved.rows.size(), "rows");
  const Levels levels(saved.chains);
  MixtureWeights weights = read_weights(saved, levels.number);
  SymbolClasses classes = read_classes(saved);
  PrefixRows prefixes = read_prefixes(saved);
  const MixtureModel::Columns columns(saved.chains);
  std::vector<ChainTable> tables;
  std::uint64_t first_node = 0;
  std::uint64_t first_word = 0;
  for (std::size_t m = 0; m < saved.chains.size(); ++m) {
    ChainRows rows = ChainReader(saved, m).read(first_node, first_word, pace);
    tables.emplace_back(std::move(rows), columns.of_chain[m], levels.of_chain[m], poll);
    first_node += saved.nodes_of[m];
    first_word += saved.words_of[m];
  }
  return MixtureModel({std::move(alphabet), saved.words, std::move(classes),
                       std::move(saved.chains), std::move(weights), std::move(prefixes)},
                      std::move(tables));
}

}  // namespace makemore
