// Which of some pieces is the longest that a text begins with: a trie of their bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace makemore {

class LongestMatch {
 public:
  LongestMatch() = default;

  // Pieces in the order of their bytes, each once.
  explicit LongestMatch(std::span<const std::string> pieces);

  // The size of the longest piece that a text begins with; 0 if there is none.
  std::size_t operator()(std::string_view text) const;

 private:
  struct Node {
    std::uint32_t first = 0;  // child; the others follow in the order of their bytes
    std::uint16_t children = 0;
    std::uint8_t byte = 0;  // that leads here
    bool ends = false;      // a piece
  };

  std::vector<Node> nodes_;
};

}  // namespace makemore
