// Writes and reads the symbols of counts; what is read is checked as it comes.
#include "counts/encoded_alphabet.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/varint.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

void put_text(ByteWriter& section, std::string_view text) {
  section.add(std::uint64_t{text.size()});
  section.append(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

// Copied before it is checked, as others may change the bytes.
std::string read_text(VarintReader& reader, const char* what) {
  const Bytes section = reader.take(reader.next<std::uint64_t>(64));
  const std::vector<std::uint8_t> bytes(section.begin(), section.end());
  if (first_invalid(bytes) < bytes.size()) {
    throw Error(std::string(what) + " is not valid UTF-8");
  }
  return {bytes.begin(), bytes.end()};
}

std::vector<std::string> read_texts(VarintReader& reader, const char* what) {
  const auto size = reader.next<std::uint64_t>(64);
  if (size > reader.left()) throw Error("there are more texts than bytes of them");
  std::vector<std::string> texts;
  texts.reserve(static_cast<std::size_t>(size));
  for (std::uint64_t i = 0; i < size; ++i) texts.push_back(read_text(reader, what));
  return texts;
}

}  // namespace

ByteWriter encoded_alphabet(const Alphabet& alphabet, const Poll& poll) {
  ByteWriter section;
  section.add(std::uint64_t{alphabet.size()});
  section.add(std::uint32_t{alphabet.boundary()});
  Pace pace(poll);
  std::uint32_t next = 0;  // the lowest code point that may come
  for (const char32_t symbol : alphabet.symbols().subspan(1)) {
    section.add(std::uint32_t{symbol} - next);
    next = std::uint32_t{symbol} + 1;
    pace.step(1);
  }
  return section;
}

Alphabet decoded_alphabet(Bytes section) {
  VarintReader reader(section);
  const auto size = reader.next<std::uint64_t>(64);
  if (size == 0) throw Error("there is no symbol, not even the boundary");
  if (size - 1 > reader.left()) throw Error("there are more symbols than bytes of them");
  const auto boundary = reader.next<std::uint32_t>(32);
  if (boundary > kMaxCodePoint) throw Error("the boundary is no code point");
  std::vector<char32_t> others;
  others.reserve(static_cast<std::size_t>(size - 1));
  std::uint32_t next = 0;
  for (std::uint64_t i = 1; i < size; ++i) {
    const auto between = reader.next<std::uint32_t>(32);
    if (next > kMaxCodePoint || between > kMaxCodePoint - next)
      throw Error("a symbol is no code point");
    const std::uint32_t symbol = next + between;
    if (symbol == boundary) throw Error("the boundary is one of the symbols behind it");
    others.push_back(symbol);
    next = symbol + 1;
  }
  if (reader.left() > 0) throw Error("there are bytes behind the last symbol");
  return Alphabet(boundary, std::move(others));
}

ByteWriter encoded_tokens(const Alphabet& alphabet, const Poll& poll) {
  const Vocabulary& vocabulary = *alphabet.vocabulary();
  const TokenRules& rules = vocabulary.rules();
  ByteWriter section;
  section.add(static_cast<std::uint32_t>(rules.cut));
  section.add(std::uint32_t{alphabet.unknown() != kUnknown});
  put_text(section, rules.boundary);
  put_text(section, rules.separator);
  section.add(std::uint64_t{rules.pieces.size()});
  for (const std::string& piece : rules.pieces) put_text(section, piece);
  section.add(std::uint64_t{vocabulary.size()});
  const TokenTable& table = vocabulary.table();
  Pace pace(poll);
  for (std::size_t number = Vocabulary::kFirst; number < table.size(); ++number) {
    put_text(section, table[number]);
    pace.step(4);
  }
  return section;
}

Alphabet decoded_tokens(Bytes section, const Poll& poll) {
  VarintReader reader(section);
  const auto cut = reader.next<std::uint32_t>(32);
  if (cut > static_cast<std::uint32_t>(TokenRules::Cut::graphemes)) {
    throw Error("words are cut in a way that is not known to this version of makemore_fast");
  }
  const auto unknown = reader.next<std::uint32_t>(32);
  if (unknown > 1) throw Error("there is one unknown symbol, or none");
  TokenRules rules{static_cast<TokenRules::Cut>(cut), read_text(reader, "the boundary"),
                   read_text(reader, "the separator"), read_texts(reader, "a piece")};
  check_order_of_tokens(rules.pieces);
  std::vector<std::string> tokens = read_texts(reader, "a token");
  if (reader.left() > 0) throw Error("there are bytes behind the last token");
  return Alphabet(kept_vocabulary(std::move(rules), std::move(tokens), poll), unknown == 1);
}

}  // namespace makemore
