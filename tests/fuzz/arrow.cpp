// Arrow's arrays from strangers give the words that a slow reader finds in them, or an error:
// packed in blocks of any size, counted where they lie, and with the weights beside them.
#include "arrow_arrays.hpp"
#include "arrow_twin.hpp"
#include "bindings/arrow_reader.hpp"
#include "counting/bigram_counter.hpp"
#include "counts/bigrams.hpp"

using namespace makemore;
using namespace makemore::fuzz;

namespace {

// A schema that lives as long as this does.
class Schema {
 public:
  explicit Schema(const Type& type) {
    static const char* const no_name = nullptr;
    const char* const strings = type.kind == 'u'   ? "u"
                                : type.kind == 'U' ? "U"
                                : type.kind == 'v' ? "vu"
                                                   : "n";
    index_[0] = type.index;
    set(words_, type.index == 0 ? strings : index_, "w");
    set(dictionary_, strings, no_name);
    if (type.index != 0) words_.dictionary = &dictionary_;
    set(weights_, type.weights.c_str(), "n");
    set(table_, "+s", "");
    table_.children = children_;
    table_.n_children = type.weights.empty() ? 1 : 2;
    top_ = type.table ? &table_ : &words_;
  }
  const ArrowSchema& get() const { return *top_; }

 private:
  static void set(ArrowSchema& schema, const char* format, const char* name) {
    schema = {format, name, nullptr, 0, 0, nullptr, nullptr, [](ArrowSchema*) {}, nullptr};
  }
  char index_[2] = {};
  ArrowSchema words_{}, dictionary_{}, weights_{}, table_{};
  ArrowSchema* children_[2] = {&words_, &weights_};
  ArrowSchema* top_ = nullptr;
};

using Chunks = std::vector<std::unique_ptr<Array>>;

class Reader final : public ArrowReader {
 public:
  Reader(const Schema& schema, const Type& type, const Chunks& chunks, const WordOptions& options)
      : ArrowReader(schema.get(), options,
                    type.weights.empty() ? std::nullopt : std::optional<std::string>("n")),
        chunks_(chunks) {}

 private:
  Arrow<ArrowArray> next_array() override {
    if (next_ == chunks_.size()) return {};
    ArrowArray handed = chunks_[next_++]->arrow;
    hold(handed);
    return Arrow<ArrowArray>(handed);
  }
  const Chunks& chunks_;
  std::size_t next_ = 0;
};

struct Words {
  std::vector<std::uint8_t> packed;
  std::vector<std::int64_t> weights;
  std::int64_t numbered = 0;

  bool operator==(const Words&) const = default;
};

// What a call returns; nothing if it throws an error of the input's.
template <class Call>
auto unless_bad(Call&& call) -> std::optional<decltype(call())> {
  try {
    return unless_error(call);
  } catch (const WrongType&) {
    return std::nullopt;
  } catch (const Unsound&) {
    return std::nullopt;
  }
}

bool is_valid(const std::string& word) {
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(word.data()), word.size()};
  for (std::size_t at = 0; at < bytes.size();) {
    const Decoded decoded = decode_checked(bytes, at);
    if (decoded.kind != Decoded::Kind::symbol) return false;
    at += decoded.size;
  }
  return true;
}

Words slowly(const Chunks& chunks, const Type& type, const WordOptions& options) {
  Expected all;
  for (const auto& chunk : chunks) expect(*chunk, type, all);
  Words words;
  words.numbered = static_cast<std::int64_t>(all.words.size());
  words.weights = all.weights;
  for (const Row& word : all.words) {
    require(word.has_value() || options.nulls == Nulls::skip);
    if (!word) continue;
    require(is_valid(*word));
    const bool lines = word->ends_with('\n') || word->ends_with('\r');
    require(!lines || !options.meant.empty());
    words.packed.insert(words.packed.end(), word->begin(), word->end());
    words.packed.push_back(kWordEnd);
  }
  return words;
}

Words packed(Reader& reader, const Type& type, std::size_t block) {
  Words words;
  for (std::int64_t before = 0; reader.next(block); before = reader.end()) {
    const Bytes bytes = reader.text().bytes;
    words.packed.insert(words.packed.end(), bytes.begin(), bytes.end());
    if (!type.weights.empty()) reader.weights(before, words.weights);
  }
  words.numbered = reader.end();
  return words;
}

Ngrams counted(Reader& reader) {
  BigramCounter counter({});
  while (const auto block = reader.next_block()) {
    if (const Text* const text = std::get_if<Text>(&*block)) {
      counter.add(text->bytes, text->ascii);
      continue;
    }
    std::visit(
        [&](const auto& words) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(words)>, Text>) {
            reader.give_back(static_cast<std::int64_t>(words.words() - counter.add(words)));
          }
        },
        *block);
  }
  return counter.counts();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Type type;
  type.kind = "uUvn"[input.number() % 4];
  constexpr char none[] = "\0\0\0\0\0\0\0\0cCsSiIlL";
  type.index = none[input.number() % 16];
  type.table = input.number() % 2 == 1;
  constexpr const char* weights[] = {"", "", "l", "g", "d:38,0"};
  if (type.table) type.weights = weights[input.number() % 5];
  WordOptions options;
  options.nulls = input.number() % 2 == 0 ? Nulls::skip : Nulls::raise;
  if (input.number() % 4 == 0) options.meant = U"\n\r";
  const std::size_t block = input.number() % 2 == 0 ? WordSource::kBlock : 1 + input.number();
  Chunks chunks(1 + input.number() % 3);
  Maker maker(input);
  for (auto& chunk : chunks) chunk = maker.chunk(type);

  const Schema schema(type);
  const auto expected = unless_bad([&] { return slowly(chunks, type, options); });
  const auto read = unless_bad([&] {
    Reader reader(schema, type, chunks, options);
    return packed(reader, type, block);
  });
  PROMISE(held == 0);
  PROMISE(read == expected);

  type.weights.clear();
  if (schema.get().n_children == 2) return 0;
  const auto counts = unless_bad([&] {
    Reader reader(schema, type, chunks, options);
    return counted(reader);
  });
  PROMISE(held == 0);
  const auto slow_counts = unless_bad([&] {
    BigramCounter counter({});
    if (!expected) throw Unsound();
    counter.add(expected->packed);
    return counter.counts();
  });
  PROMISE(counts == slow_counts);
  return 0;
}
