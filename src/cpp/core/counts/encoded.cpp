// Writes and reads sections; what is read is checked as it comes, then as counts of words.
#include "counts/encoded.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_writer.hpp"
#include "base/compiler.hpp"
#include "base/crc32.hpp"
#include "base/error.hpp"
#include "base/varint.hpp"
#include "counts/encoded_alphabet.hpp"
#include "counts/ngram_code.hpp"
#include "counts/word_check.hpp"

namespace makemore {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic = {'M', 'F', 'C', 'O', 'U', 'N', 'T', 'S'};
constexpr std::uint8_t kEncoding = 1;
constexpr std::size_t kChecksum = 4;  // bytes

enum Section : std::uint8_t { kAlphabet = 1, kNgrams = 2, kTokens = 3 };

template <class Key>
ByteWriter ngram_section(const Ngrams& counts, const Poll& poll) {
  constexpr std::size_t at_once = 1 << 10;  // n-grams
  ByteWriter section;
  section.add(std::uint32_t{counts.order()});
  section.add(std::uint64_t{counts.items().size()});
  std::span<const Ngrams::Item> items = counts.items();
  Pace pace(poll);
  NgramWriter<Key> writer;
  while (!items.empty()) {
    const auto some = items.first(std::min(at_once, items.size()));
    section.add_up_to(some.size() * kLongestNgram, [&](std::uint8_t* out) {
      for (const Ngrams::Item& item : some) {
        out = writer.put(out, static_cast<Key>(item.key), item.count);
      }
      return out;
    });
    pace.step(8 * some.size());
    items = items.subspan(some.size());
  }
  return section;
}

template <class Key>
Ngrams read_items(Alphabet alphabet, unsigned order, VarintReader& reader, const Poll& poll) {
  const auto size = reader.next<std::uint64_t>(64);
  if (size > reader.left()) throw Error("there are more n-grams than bytes of them");
  const unsigned bits = key_layout(order, alphabet.size()).size();
  const auto each = [&](const auto& put) {
    NgramReader<Key> ngrams(bits);
    Pace pace(poll);
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto [key, count] = ngrams.next(reader);
      put(key, count);
      pace.step(8);
    }
  };
  return Ngrams::in_order<Key>(std::move(alphabet), order, static_cast<std::size_t>(size), each);
}

Ngrams read_ngrams(Alphabet alphabet, Bytes section, Checked checked, const Poll& poll) {
  VarintReader reader(section);
  const auto order = reader.next<std::uint32_t>(32);
  const bool narrow = key_layout(order, alphabet.size()).is_narrow();
  Ngrams counts = narrow ? read_items<std::uint64_t>(std::move(alphabet), order, reader, poll)
                         : read_items<WideKey>(std::move(alphabet), order, reader, poll);
  if (reader.left() > 0) throw Error("there are bytes behind the last n-gram");
  if (checked == Checked::kWords) check_words(counts, poll);
  return counts;
}

}  // namespace

Buffer<std::uint8_t> encoded(const Ngrams& counts, const Poll& poll) {
  ByteWriter written;
  written.append(kMagic);
  written.append(std::array<std::uint8_t, 2>{kEncoding, 2});
  const bool tokens = counts.alphabet().vocabulary() != nullptr;
  if (!tokens) written.section(kAlphabet, encoded_alphabet(counts.alphabet(), poll));
  written.section(kNgrams, counts.layout().is_narrow() ? ngram_section<std::uint64_t>(counts, poll)
                                                       : ngram_section<WideKey>(counts, poll));
  if (tokens) written.section(kTokens, encoded_tokens(counts.alphabet(), poll));
  const std::uint32_t checksum = crc32(written.bytes());
  for (unsigned i = 0; i < kChecksum; ++i) {
    written.bytes().push_back(static_cast<std::uint8_t>(checksum >> (8 * i)));
  }
  return std::move(written.bytes());
}

Ngrams decoded(Bytes bytes, Checked checked, const Poll& poll) {
  constexpr std::size_t head = kMagic.size() + 2;
  if (!std::equal(
          kMagic.begin(), kMagic.end(), bytes.begin(),
          bytes.begin() + static_cast<std::ptrdiff_t>(std::min(kMagic.size(), bytes.size())))) {
    throw Error("these bytes are no counts: they do not begin with \"MFCOUNTS\"");
  }
  if (bytes.size() < head + kChecksum) throw Error("encoded counts: the bytes end early");
  const std::uint8_t version = bytes[kMagic.size()];
  if (version != kEncoding) {
    throw Error("encoded counts: format " + std::to_string(version) +
                " is not known to this version of makemore_fast, which reads format 1");
  }
  const Bytes content = bytes.first(bytes.size() - kChecksum);
  std::uint32_t checksum = 0;
  for (unsigned i = 0; i < kChecksum; ++i) {
    checksum |= std::uint32_t{bytes[content.size() + i]} << (8 * i);
  }
  std::uint32_t found = 0;
  constexpr std::size_t at_once = std::size_t{1} << 24;
  for (std::size_t at = 0; at < content.size(); at += at_once) {
    found = crc32(content.subspan(at, std::min(at_once, content.size() - at)), found);
    if (poll) poll();
  }
  if (found != checksum) {
    throw Error("encoded counts: the checksum is wrong, so bytes are missing or damaged");
  }
  const auto about = [](const char* part, auto&& read) {
    try {
      return read();
    } catch (const Error& error) {
      throw Error(std::string("encoded counts, ") + part + ": " + error.what());
    }
  };
  VarintReader reader(content.subspan(head - 1));
  std::array<Bytes, kTokens + 1> parts;
  about("sections", [&] {
    const std::uint8_t sections = reader.take(1)[0];
    std::uint8_t before = 0;
    for (std::uint8_t i = 0; i < sections; ++i) {
      const std::uint8_t kind = reader.take(1)[0];
      if (kind <= before) throw Error("they do not go up");
      if (kind > kTokens) {
        throw Error("section " + std::to_string(kind) +
                    " is not known to this version of makemore_fast");
      }
      parts[kind] = reader.take(reader.next<std::uint64_t>(64));
      before = kind;
    }
    if (reader.left() > 0) throw Error("there are bytes behind the last");
    if (parts[kAlphabet].empty() == parts[kTokens].empty() || parts[kNgrams].empty()) {
      throw Error("there must be n-grams, and either an alphabet or tokens");
    }
    return 0;
  });
  Alphabet symbols = parts[kTokens].empty()
                         ? about("alphabet", [&] { return decoded_alphabet(parts[kAlphabet]); })
                         : about("tokens", [&] { return decoded_tokens(parts[kTokens], poll); });
  return about("n-grams",
               [&] { return read_ngrams(std::move(symbols), parts[kNgrams], checked, poll); });
}

}  // namespace makemore
