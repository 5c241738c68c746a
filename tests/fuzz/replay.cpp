// Stands in for a fuzzer where there is none: runs a target on files, and on as many mutations
// of them as asked for, the same on every machine. `TARGET MUTATIONS FILE...`
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "fuzz.hpp"

namespace {

using ByteString = std::vector<std::uint8_t>;

ByteString content(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s: cannot be read\n", path);
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

void run(const ByteString& input) { LLVMFuzzerTestOneInput(input.data(), input.size()); }

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return 2;
  std::vector<ByteString> seeds;
  for (int i = 2; i < count; ++i) seeds.push_back(content(arguments[i]));
  for (const ByteString& seed : seeds) run(seed);
  std::mt19937_64 random(1);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  const std::uint64_t mutations = std::strtoull(arguments[1], nullptr, 10);
  for (std::uint64_t i = 0; i < mutations; ++i) {
    ByteString input = seeds[below(seeds.size())];
    for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
      const std::size_t at = below(input.size() + 1);
      const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
      const auto byte = static_cast<std::uint8_t>(random());
      const ByteString& other = seeds[below(seeds.size())];
      switch (below(4)) {
        case 0: input.insert(place, byte); break;
        case 1:
          if (place != input.end()) *place = byte;
          break;
        case 2:
          input.erase(place,
                      input.end() - static_cast<std::ptrdiff_t>(below(input.size() - at + 1)));
          break;
        default: {
          const std::size_t from = below(other.size() + 1);
          const ByteString part(
              other.begin() + static_cast<std::ptrdiff_t>(from),
              other.begin() + static_cast<std::ptrdiff_t>(from + below(other.size() - from + 1)));
          input.insert(place, part.begin(), part.end());
        }
      }
    }
    run(input);
  }
}
