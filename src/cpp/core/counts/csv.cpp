// Writes each symbol once, and the lines from these.
#include "counts/csv.hpp"

#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace makemore {

void write_csv(const Alphabet& alphabet, unsigned order, std::span<const std::uint32_t> ids,
               std::span<const std::int64_t> counts, char separator,
               const std::function<void(std::string_view)>& sink, const Poll& poll) {
  constexpr std::size_t part = std::size_t{1} << 18;  // bytes
  std::vector<std::string> fields;
  const std::string special = std::string("\"\r\n") + separator;
  for (std::uint32_t id = 0; id < alphabet.size(); ++id) {
    const std::string text = alphabet.spelled(id);
    if (text.find_first_of(special) == text.npos) {
      fields.push_back(text + separator);
      continue;
    }
    std::string field = "\"";
    for (const char byte : text) field += byte == '"' ? std::string("\"\"") : std::string(1, byte);
    fields.push_back(field + "\"" + separator);
  }
  std::string lines;
  std::array<char, 24> digits;
  Pace pace(poll);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    for (const std::uint32_t id : ids.subspan(i * order, order)) lines += fields[id];
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), counts[i]).ptr;
    lines.append(digits.data(), end);
    lines += '\n';
    pace.step(16 * (order + 1));
    if (lines.size() < part) continue;
    sink(lines);
    lines.clear();
  }
  if (!lines.empty()) sink(lines);
}

}  // namespace makemore
