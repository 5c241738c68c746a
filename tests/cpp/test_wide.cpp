// Texts of more symbols than a byte has codes: their translation, and pairs of wide codes.
#include <algorithm>

#include "counting/wide_pairs.hpp"
#include "counting/wide_translate.hpp"
#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

ByteCodes byte_codes(Layout layout) {
  ByteCodes codes{};
  for (std::uint32_t c = 1; c < SymbolCodes::kAscii; ++c) codes[c] = c;
  codes['.'] = 0;  // to be dealt with by the caller
  if (layout == Layout::packed) codes[kWordEnd] = kWordEnd;
  return codes;
}

// The slow twin: the codes of the symbols that begin in [from, to), up to one that has none.
std::vector<std::uint32_t> translated(Bytes text, std::size_t from, std::size_t to,
                                      const SymbolCodes& codes, const ByteCodes& bytes,
                                      std::size_t& at) {
  std::vector<std::uint32_t> out;
  for (at = from; at < to;) {
    std::uint32_t code = 0;
    std::size_t size = 1;
    if (text[at] < 0x80 || text[at] == kWordEnd) {
      code = bytes[text[at]];
    } else {
      const Decoded decoded = decode_checked(text, at);
      if (decoded.kind != Decoded::Kind::symbol) break;
      code = codes.find(decoded.symbol);
      size = decoded.size;
    }
    if (code == 0) break;
    out.push_back(code);
    at += size;
  }
  return out;
}

// The kernel may end earlier near the end of the text, and where it does not it is equal.
bool like_twin(const ByteString& text, std::size_t from, std::size_t to, const SymbolCodes& codes,
               Layout layout) {
  const ByteCodes bytes = byte_codes(layout);
  std::vector<std::uint32_t> out(to - from + 1);
  const Translated done = translate_wide(text, from, to, codes, bytes, out.data());
  out.resize(done.written);
  std::size_t end = 0;
  const auto expected = translated(text, from, to, codes, bytes, end);
  if (text.size() < end + 67)
    return out.size() <= expected.size() && std::equal(out.begin(), out.end(), expected.begin());
  return out == expected && from + done.read == end;
}

}  // namespace

TEST_CASE("wide text is translated like one symbol at a time, broken text up to where it breaks") {
  Random random(51);
  std::u32string symbols = U"\u00E9\u0436\u0900\uFFFD\U0001F600\U0010FFFF\u07FF\u0800\U00010000";
  SymbolCodes codes;
  for (const char32_t symbol : symbols) codes.assign(symbol);
  for (char32_t symbol = 0x4E00; symbol < 0x4E00 + 600; ++symbol) {
    codes.assign(symbol);
    symbols += symbol;
  }
  symbols += U"abc\n";
  for (int round = 0; round < 4000; ++round) {
    const Layout layout = round % 2 == 0 ? Layout::lines : Layout::packed;
    ByteString text;
    const std::size_t size = below(random, 400);
    while (text.size() < size) {
      const ByteString more = utf8(std::u32string(1, symbols[below(random, symbols.size())]));
      text.insert(text.end(), more.begin(), more.end());
      if (layout == Layout::packed && below(random, 4) == 0) text.push_back(kWordEnd);
    }
    if (!text.empty() && round % 3 != 0) {
      const std::size_t at = below(random, text.size());
      switch (below(random, 5)) {
        case 0: text[at] = static_cast<std::uint8_t>(below(random, 256)); break;
        case 1: text.erase(text.begin() + static_cast<std::ptrdiff_t>(at)); break;
        case 2: text[at] = '.'; break;
        case 3:
          for (const char c : {'\xED', '\xA0', '\x80'}) {  // a surrogate
            text.insert(text.begin() + static_cast<std::ptrdiff_t>(at),
                        static_cast<std::uint8_t>(c));
          }
          break;
        default:
          for (const char c : {'\x81', '\xC1'}) {  // an overlong form, back to front
            text.insert(text.begin() + static_cast<std::ptrdiff_t>(at),
                        static_cast<std::uint8_t>(c));
          }
      }
    }
    text.resize(text.size() + below(random, 2) * 80, 'a');
    const std::size_t from = below(random, text.size() + 1);
    const std::size_t to = from + below(random, text.size() - from + 1);
    CHECK(like_twin(text, from, to, codes, layout));
  }
}

TEST_CASE("pairs of codes of any size are counted") {
  Random random(52);
  for (const std::size_t codes : {300u, 60'000u, 65'536u, 70'000u, 1'000'000u}) {
    WidePairs pairs{Poll{}};
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> twin;
    std::uint32_t previous = 3;
    for (int block = 0; block < 60; ++block) {
      std::vector<std::uint32_t> more(1 + below(random, 500));
      for (std::uint32_t& code : more) {
        const std::size_t of = below(random, 3) == 0 ? codes : 40;
        code = static_cast<std::uint32_t>(codes - 1 - below(random, of));
      }
      pairs.add(previous, more);
      for (const std::uint32_t code : more) {
        ++twin[{previous, code}];
        previous = code;
      }
    }
    std::size_t found = 0;
    std::size_t wrong = 0;
    pairs.for_each([&](const WidePairs::Pair& pair) {
      ++found;
      const auto expected = twin.find({pair.first, pair.second});
      wrong += expected == twin.end() || expected->second != pair.count ? 1u : 0u;
    });
    CHECK(found == twin.size());
    CHECK(wrong == 0);
  }
}
