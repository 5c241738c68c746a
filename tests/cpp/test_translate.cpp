// Translation of UTF-8 to codes: the kernel of each instruction set against one symbol at a time.
#include "counting/translate.hpp"

#include <algorithm>
#include <map>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

using Codes = std::map<std::string, std::uint8_t>;  // by the symbol's bytes

std::size_t size_by_lead(std::uint8_t lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

// The slow twin: what is read and the codes put out.
std::pair<std::size_t, ByteString> translated(Bytes text, const Codes& codes, Layout layout) {
  ByteString out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::uint8_t lead = text[at];
    if (lead < 0x80 || (layout == Layout::packed && lead == kWordEnd)) {
      out.push_back(lead);
      ++at;
      continue;
    }
    const std::size_t size = size_by_lead(lead);
    if (size > text.size() - at) break;
    const Bytes symbol = text.subspan(at, size);
    const auto code = codes.find(std::string(symbol.begin(), symbol.end()));
    if (code == codes.end()) break;
    out.push_back(code->second);
    at += size;
  }
  return {at, out};
}

bool like_twin(const ByteString& text, const Codes& codes, Layout layout) {
  Prefixes prefixes;
  for (const auto& [symbol, code] : codes) prefixes.set(bytes_of(symbol), code);
  ByteString out(text.size() + 64);
  const Translated done = translate_kernel()(text, prefixes, layout, out.data());
  const auto [read, expected] = translated(text, codes, layout);
  out.resize(done.written);
  return done.read == read && out == expected;
}

// Codes for symbols of every length; with their number grows that of their prefixes.
Codes random_codes(Random& random, std::size_t symbols, std::size_t longest) {
  const std::u32string_view firsts[] = {U"\u0080\u00E0\u0410\u07C0", U"\u0900\u4E00\uFF00\u0800",
                                        U"\U0001F600\U00010000\U0010FF00"};
  Codes codes;
  while (codes.size() < symbols) {
    const std::u32string_view of = firsts[below(random, longest - 1)];
    const char32_t symbol = of[below(random, of.size())] + static_cast<char32_t>(below(random, 90));
    const ByteString bytes = utf8(std::u32string(1, symbol));
    codes.try_emplace(std::string(bytes.begin(), bytes.end()),
                      static_cast<std::uint8_t>(128 + codes.size()));
  }
  return codes;
}

}  // namespace

TEST_CASE("texts of known symbols are translated whole, wherever they begin and end") {
  Random random(31);
  for (const Layout layout : {Layout::lines, Layout::packed}) {
    for (const std::size_t longest : {2u, 3u, 4u}) {
      for (const std::size_t symbols : {1u, 3u, 40u}) {
        const Codes codes = random_codes(random, symbols, longest);
        for (int round = 0; round < 150; ++round) {
          ByteString text;
          const std::size_t size = below(random, 300);
          const std::size_t share = 1 + below(random, 9);  // of ASCII
          while (text.size() < size) {
            if (below(random, 10) < share) {
              text.push_back(static_cast<std::uint8_t>(below(random, 128)));
            } else if (layout == Layout::packed && below(random, 5) == 0) {
              text.push_back(kWordEnd);
            } else {
              auto code = codes.begin();
              std::advance(code, below(random, codes.size()));
              text.insert(text.end(), code->first.begin(), code->first.end());
            }
          }
          CHECK(translated(text, codes, layout).first == text.size());
          CHECK(like_twin(text, codes, layout));
        }
      }
    }
  }
}

TEST_CASE("translation ends before what has no code, is invalid or cut") {
  Random random(32);
  for (const std::size_t longest : {2u, 3u, 4u}) {
    const Codes codes = random_codes(random, 30, longest);
    const Codes others = random_codes(random, 60, 4);
    for (int round = 0; round < 2000; ++round) {
      ByteString text;
      const auto add = [&](const Codes& of) {
        auto code = of.begin();
        std::advance(code, below(random, of.size()));
        text.insert(text.end(), code->first.begin(), code->first.end());
      };
      const std::size_t good = below(random, 150);
      while (text.size() < good) add(codes);
      switch (below(random, 4)) {
        case 0: add(others); break;
        case 1: text.push_back(static_cast<std::uint8_t>(0x80 + below(random, 128))); break;
        case 2:
          if (!text.empty())
            text.erase(text.begin() + static_cast<std::ptrdiff_t>(below(random, text.size())));
          break;
        default:
          if (!text.empty()) text.pop_back();
      }
      for (int i = 0; i < 20; ++i) add(codes);
      CHECK(like_twin(text, codes, Layout::lines));
      CHECK(like_twin(text, codes, Layout::packed));
    }
  }
}

TEST_CASE("random bytes are translated like one at a time") {
  Random random(33);
  const Codes codes = random_codes(random, 50, 4);
  for (int round = 0; round < 3000; ++round) {
    ByteString text(below(random, 120));
    for (std::uint8_t& byte : text) {
      byte = static_cast<std::uint8_t>(below(random, 4) == 0 ? below(random, 256)
                                                             : below(random, 128));
    }
    CHECK(like_twin(text, codes, Layout::lines));
  }
}
