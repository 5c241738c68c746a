// Encoded counts are refused, or are the one form of some counts; checked as those of words, of the
// counts of some words.
#include <vector>

#include "base/crc32.hpp"
#include "counts/encoded.hpp"
#include "counts/restored_counts.hpp"
#include "fuzz.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

// The same cells one by one, which must be possible too.
Ngrams restored(const Ngrams& counts) {
  RestoredCounts cells(counts.alphabet(), counts.order());
  const KeyLayout layout = counts.layout();
  for (const Ngrams::Item& item : forward_items(counts)) {
    std::vector<std::uint32_t> ids;
    for (unsigned i = 0; i < layout.order; ++i) ids.push_back(layout.symbol(item.key, i));
    cells.add(ids, std::vector{item.count}, {});
  }
  return std::move(cells).finish({});
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The checksum that fits, or nothing behind it could ever be reached.
  std::vector<std::uint8_t> bytes(data, data + size);
  const std::uint32_t checksum = crc32(bytes);
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(checksum >> (8 * i)));
  const auto any = unless_error([&] { return decoded(bytes, Checked::kForm); });
  const auto counts = unless_error([&] { return decoded(bytes, Checked::kWords); });
  (void)unless_error([&] { return decoded(Bytes(data, size), Checked::kWords); });
  PROMISE(any || !counts);
  if (!any) return 0;
  const auto again = encoded(*any);
  PROMISE(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  if (!counts) return 0;
  PROMISE(*counts == *any);
  PROMISE(restored(*counts) == *counts);
  return 0;
}
