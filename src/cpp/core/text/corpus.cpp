// Converts ids to UTF-8 and words to lines, block by block.
#include "text/corpus.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

constexpr std::size_t kBlock = 1 << 14;  // words, or bytes, that a thread deals with at a time

std::size_t blocks_of(std::size_t things) { return things / kBlock + (things % kBlock != 0); }

// A symbol as UTF-8. All four bytes are written at once; `size` of them count.
struct Utf8Symbol {
  std::array<std::uint8_t, 4> bytes{};
  std::uint32_t size = 0;
};

std::vector<Utf8Symbol> utf8_symbols(const Alphabet& alphabet) {
  std::vector<Utf8Symbol> encoded;
  for (const char32_t symbol : alphabet.symbols()) {
    Utf8Symbol one;
    one.size = static_cast<std::uint32_t>(encode(symbol, one.bytes.data()) - one.bytes.data());
    encoded.push_back(one);
  }
  return encoded;
}

// Turns ids into symbols of one byte, in place.
void replace(std::span<std::uint8_t> ids, const std::vector<Utf8Symbol>& symbols) {
  // Letters without a gap, such as a to z, are their ids moved by a constant.
  const auto shift = static_cast<std::uint8_t>(symbols.back().bytes[0] - (symbols.size() - 1));
  bool gapless = true;
  std::array<std::uint8_t, 256> table{};
  for (std::size_t id = 1; id < symbols.size(); ++id) {
    table[id] = symbols[id].bytes[0];
    gapless &= table[id] == static_cast<std::uint8_t>(id + shift);
  }
  if (gapless) {
    for (std::uint8_t& id : ids) id = static_cast<std::uint8_t>(id + shift);
  } else {
    for (std::uint8_t& id : ids) id = table[id];
  }
}

template <class Id>
std::size_t utf8_size(std::span<const Id> ids, const std::vector<Utf8Symbol>& symbols) {
  std::size_t size = 0;
  for (const Id id : ids) size += symbols[id].size;
  return size;
}

}  // namespace

void check_corpus(const Corpus& corpus, const Poll& poll) {
  const auto& offsets = corpus.offsets;
  if (offsets.empty() || offsets.front() != 0 || !std::is_sorted(offsets.begin(), offsets.end()) ||
      offsets.back() != static_cast<std::int64_t>(corpus.bytes.size())) {
    throw Error("the offsets of a corpus must go up from 0 to the end of its bytes");
  }
  for (std::size_t i = 0; i < corpus.size(); ++i) {
    const Bytes word = corpus.word(i);
    if (i % kBlock == 0 && poll) poll();
    for (std::size_t at = 0; at < word.size();) {
      const Decoded decoded = decode_checked(word, at);
      if (decoded.kind != Decoded::Kind::symbol) {
        throw Error("word", static_cast<std::int64_t>(i),
                    ": not valid UTF-8 at byte " + std::to_string(at));
      }
      at += decoded.size;
    }
  }
}

namespace {

// Writes ids as tokens, with what their vocabulary has between them.
template <class Id>
Corpus token_corpus(const Buffer<Id>& ids, const Buffer<std::int64_t>& offsets,
                    const Vocabulary& vocabulary, const Alphabet& alphabet, unsigned threads,
                    const Poll& poll) {
  const std::string_view joint = vocabulary.rules().joint();
  const std::size_t words = offsets.size() - 1;
  const auto ids_of = [&](std::size_t word) {
    const auto begin = static_cast<std::size_t>(offsets[word]);
    return std::span<const Id>(ids).subspan(begin,
                                            static_cast<std::size_t>(offsets[word + 1]) - begin);
  };
  const auto token = [&](Id id) { return vocabulary.spelled(alphabet.symbols()[id]); };
  const auto each_word = [&](auto&& use) {
    parallel_for(blocks_of(words), threads, poll, [&](std::size_t block) {
      const std::size_t end = std::min(words, (block + 1) * kBlock);
      for (std::size_t word = block * kBlock; word < end; ++word) use(word);
    });
  };
  Corpus corpus;
  corpus.offsets.resize(words + 1);
  corpus.offsets[0] = 0;
  each_word([&](std::size_t word) {
    const std::span<const Id> some = ids_of(word);
    std::size_t size = some.empty() ? 0 : (some.size() - 1) * joint.size();
    for (const Id id : some) size += token(id).size();
    corpus.offsets[word + 1] = static_cast<std::int64_t>(size);
  });
  for (std::size_t word = 0; word < words; ++word) corpus.offsets[word + 1] += corpus.offsets[word];
  corpus.bytes.resize(static_cast<std::size_t>(corpus.offsets[words]));
  each_word([&](std::size_t word) {
    std::uint8_t* out = corpus.bytes.data() + corpus.offsets[word];
    const auto write = [&](std::string_view text) {
      out = std::copy(text.begin(), text.end(), out);
    };
    bool first = true;
    for (const Id id : ids_of(word)) {
      if (!first) write(joint);
      write(token(id));
      first = false;
    }
  });
  return corpus;
}

}  // namespace

template <class Id>
Corpus to_corpus(Buffer<Id> ids, Buffer<std::int64_t> offsets, const Alphabet& alphabet,
                 unsigned threads, const Poll& poll) {
  if (alphabet.vocabulary()) {
    return token_corpus(ids, offsets, *alphabet.vocabulary(), alphabet, threads, poll);
  }
  const std::vector<Utf8Symbol> symbols = utf8_symbols(alphabet);
  // The boundary is no symbol of a word, so its size does not matter.
  const bool one_byte = std::all_of(symbols.begin() + 1, symbols.end(),
                                    [](const Utf8Symbol& symbol) { return symbol.size == 1; });
  if constexpr (std::is_same_v<Id, std::uint8_t>) {
    if (one_byte) {
      parallel_for(blocks_of(ids.size()), threads, poll, [&](std::size_t block) {
        const std::size_t begin = block * kBlock;
        replace(std::span(ids).subspan(begin, std::min(kBlock, ids.size() - begin)), symbols);
      });
      return {std::move(ids), std::move(offsets)};
    }
  }

  const std::size_t words = offsets.size() - 1;
  const std::size_t blocks = blocks_of(words);
  const auto last_of = [&](std::size_t block) { return std::min(words, (block + 1) * kBlock); };
  std::vector<std::size_t> begins(blocks + 1);  // where each block's bytes begin
  parallel_for(blocks, threads, poll, [&](std::size_t block) {
    const auto begin = static_cast<std::size_t>(offsets[block * kBlock]);
    const auto end = static_cast<std::size_t>(offsets[last_of(block)]);
    begins[block + 1] =
        utf8_size<Id>(std::span<const Id>(ids).subspan(begin, end - begin), symbols);
  });
  for (std::size_t block = 0; block < blocks; ++block) begins[block + 1] += begins[block];

  Corpus corpus;
  corpus.bytes.resize(begins[blocks]);
  corpus.offsets.resize(words + 1);
  corpus.offsets[0] = 0;
  parallel_for(blocks, threads, poll, [&](std::size_t block) {
    std::uint8_t* const bytes = corpus.bytes.data();
    std::size_t at = begins[block];
    const std::size_t end = begins[block + 1];
    std::size_t id = static_cast<std::size_t>(offsets[block * kBlock]);
    for (std::size_t word = block * kBlock; word < last_of(block); ++word) {
      for (const auto stop = static_cast<std::size_t>(offsets[word + 1]); id < stop; ++id) {
        const Utf8Symbol& symbol = symbols[ids[id]];
        // What is written too much is overwritten by what follows, except at the end.
        std::memcpy(bytes + at, symbol.bytes.data(), end - at >= 4 ? 4 : symbol.size);
        at += symbol.size;
      }
      corpus.offsets[word + 1] = static_cast<std::int64_t>(at);
    }
  });
  return corpus;
}

template Corpus to_corpus(Buffer<std::uint8_t>, Buffer<std::int64_t>, const Alphabet&, unsigned,
                          const Poll&);
template Corpus to_corpus(Buffer<std::uint16_t>, Buffer<std::int64_t>, const Alphabet&, unsigned,
                          const Poll&);
template Corpus to_corpus(Buffer<std::uint32_t>, Buffer<std::int64_t>, const Alphabet&, unsigned,
                          const Poll&);

std::size_t lines_size(const Corpus& corpus, std::size_t first, std::size_t last) {
  return static_cast<std::size_t>(corpus.offsets[last] - corpus.offsets[first]) + last - first;
}

void write_lines(const Corpus& corpus, std::size_t first, std::size_t last, std::uint8_t* out) {
  constexpr std::size_t step = 16;  // most words are shorter: copied without a branch on the size
  const std::uint8_t* const end = out + lines_size(corpus, first, last);
  const std::uint8_t* const bytes_end = corpus.bytes.data() + corpus.bytes.size();
  for (std::size_t i = first; i < last; ++i) {
    const Bytes word = corpus.word(i);
    const bool room = end - out >= static_cast<std::ptrdiff_t>(step) &&
                      bytes_end - word.data() >= static_cast<std::ptrdiff_t>(step);
    if (word.size() <= step && room) {
      std::memcpy(out, word.data(), step);
    } else if (!word.empty()) {
      std::memcpy(out, word.data(), word.size());
    }
    out += word.size();
    *out++ = '\n';
  }
}

}  // namespace makemore
