// Packed words, valid UTF-8 as all of them are: bigrams, n-grams and weights agree on them.

#include "core/bigrams.hpp"
#include "core/counter.hpp"
#include "core/ngram_counter.hpp"
#include "core/ngrams.hpp"
#include "core/utf8.hpp"
#include "core/weighted_counter.hpp"
#include "fuzz.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

bool is_valid(Bytes packed) {
  for (std::size_t at = 0; at < packed.size();) {
    const Decoded decoded = decode_checked(packed, at);
    if (packed[at] != kWordEnd && decoded.kind != Decoded::Kind::symbol) return false;
    at += packed[at] == kWordEnd ? 1 : decoded.size;
  }
  return true;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Words end at 0 in the input: fuzzers and people find that easier to write than 0xFF.
  std::vector<std::uint8_t> packed(data, data + size);
  std::replace(packed.begin(), packed.end(), std::uint8_t{0}, kWordEnd);
  packed.push_back(kWordEnd);
  if (!is_valid(packed)) return 0;
  const auto words = std::count(packed.begin(), packed.end(), kWordEnd);
  const std::vector<std::int64_t> ones(static_cast<std::size_t>(words), 1);

  const auto bigrams = unless_error([&] {
    BigramCounter counter({});
    counter.add(packed);
    return counter.bigrams();
  });
  const auto fourgrams = unless_error([&] {
    NgramCounter counter({}, 4);
    counter.add(packed);
    return counter.ngrams();
  });
  const auto weighted = unless_error([&] {
    WeightedCounter counter({});
    counter.add({packed}, ones);
    return counter.bigrams();
  });
  PROMISE(bigrams.has_value() == fourgrams.has_value());
  PROMISE(bigrams == weighted);
  if (bigrams) {
    PROMISE(bigrams->words() == words);
    PROMISE(to_bigrams(lowered(*fourgrams, 2)) == *bigrams);
  }
  return 0;
}
