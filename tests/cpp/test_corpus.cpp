// From ids to UTF-8: words of every width, over the borders of blocks, and as lines.
#include "text/corpus.hpp"

#include <string>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

template <class Id>
void check_corpus(std::u32string_view symbols, std::size_t words, unsigned threads) {
  const Alphabet alphabet(U'.', {symbols.begin(), symbols.end()});
  Random random(words);
  Buffer<Id> ids;
  Buffer<std::int64_t> offsets{0};
  ByteString bytes;
  ByteString lines;
  for (std::size_t i = 0; i < words; ++i) {
    const ByteString word = utf8(random_word(random, symbols, 9));
    bytes.insert(bytes.end(), word.begin(), word.end());
    lines.insert(lines.end(), word.begin(), word.end());
    lines.push_back('\n');
    for (const std::uint8_t* p = word.data(); p < word.data() + word.size();) {
      ids.push_back(static_cast<Id>(alphabet.id(decode_valid(p))));
    }
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  const Corpus corpus = to_corpus(std::move(ids), std::move(offsets), alphabet, threads, nullptr);
  CHECK(corpus.size() == words);
  CHECK(ByteString(corpus.bytes.begin(), corpus.bytes.end()) == bytes);
  CHECK(corpus.offsets.back() == static_cast<std::int64_t>(bytes.size()));

  ByteString written(lines_size(corpus, 0, words));
  write_lines(corpus, 0, words, written.data());
  CHECK(written == lines);
  if (words > 2) {
    const Bytes second = corpus.word(1);
    written.assign(lines_size(corpus, 1, 2), 0);
    write_lines(corpus, 1, 2, written.data());
    CHECK(written.back() == '\n');
    written.pop_back();
    CHECK(written == ByteString(second.begin(), second.end()));
  }
}

}  // namespace

TEST_CASE("ids become UTF-8, whatever the symbols, the words and the threads") {
  for (const std::size_t words : {0u, 1u, 3u, 16384u, 40000u}) {
    for (const unsigned threads : {1u, 3u}) {
      for (const std::u32string_view symbols :
           {U"abcdef", U"ajz~", U"\u00e9\u0107", U"a\u00e9\u4e2d\U0001f600"}) {
        check_corpus<std::uint8_t>(symbols, words, threads);
        check_corpus<std::uint16_t>(symbols, words, threads);
        check_corpus<std::uint32_t>(symbols, words, threads);
      }
    }
  }
}

TEST_CASE("an alphabet of the boundary alone has empty words only") {
  const Corpus corpus =
      to_corpus(Buffer<std::uint8_t>(), Buffer<std::int64_t>{0, 0, 0}, Alphabet(U'.'), 1, nullptr);
  CHECK(corpus.size() == 2);
  CHECK(corpus.word(1).empty());
}
