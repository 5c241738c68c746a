// Builds the trie level by level, so that the children of a node lie side by side.
#include "text/tokens/longest_match.hpp"

#include <algorithm>

namespace makemore {

LongestMatch::LongestMatch(std::span<const std::string> pieces) {
  struct Range {
    std::size_t begin, end;  // the pieces below a node
    std::size_t depth;       // bytes that lead there
  };
  nodes_.push_back({});
  std::vector<Range> ranges{{0, pieces.size(), 0}};  // by node
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    auto [begin, end, depth] = ranges[node];
    while (begin < end && pieces[begin].size() == depth) {
      nodes_[node].ends = depth > 0;
      ++begin;
    }
    nodes_[node].first = static_cast<std::uint32_t>(nodes_.size());
    while (begin < end) {
      const char byte = pieces[begin][depth];
      std::size_t last = begin;
      while (last < end && pieces[last][depth] == byte) ++last;
      Node child;
      child.byte = static_cast<std::uint8_t>(byte);
      nodes_.push_back(child);
      ranges.push_back({begin, last, depth + 1});
      ++nodes_[node].children;
      begin = last;
    }
  }
}

std::size_t LongestMatch::operator()(std::string_view text) const {
  std::size_t longest = 0;
  std::size_t node = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto children = std::span(nodes_).subspan(nodes_[node].first, nodes_[node].children);
    const auto byte = static_cast<std::uint8_t>(text[i]);
    const auto found = std::lower_bound(
        children.begin(), children.end(), byte,
        [](const Node& child, std::uint8_t wanted) { return child.byte < wanted; });
    if (found == children.end() || found->byte != byte) break;
    node = nodes_[node].first + static_cast<std::size_t>(found - children.begin());
    if (nodes_[node].ends) longest = i + 1;
  }
  return longest;
}

}  // namespace makemore
