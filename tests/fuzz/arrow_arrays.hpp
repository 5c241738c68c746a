// Arrow arrays made of any bytes, sound or not: each buffer is exactly as large as its array
// says, so that whoever reads more is caught. And a slow twin that says what words they hold.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/arrow_abi.hpp"
#include "fuzz.hpp"
#include "text/utf8.hpp"

namespace makemore::fuzz {

struct Unsound {};  // thrown by the twin

// What releases count down, so that none is forgotten or done twice.
inline int held = 0;

template <class Struct>
void release(Struct* one) {
  PROMISE(one->release != nullptr);
  one->release = nullptr;
  --held;
}

template <class Struct>
void hold(Struct& one) {
  one.release = release<Struct>;
  ++held;
}

// An array with its buffers, and those of its children.
class Array {
 public:
  ArrowArray arrow{};
  std::vector<std::unique_ptr<Array>> children;
  std::unique_ptr<Array> dictionary;

  template <class T>
  void add_buffer(const std::vector<T>& content) {
    const std::size_t bytes = content.size() * sizeof(T);
    // Not new[]: that may hand out more than was asked for.
    auto* const memory = static_cast<std::uint8_t*>(std::malloc(bytes));
    if (bytes != 0) std::memcpy(memory, content.data(), bytes);
    memory_.emplace_back(memory, &std::free);
    pointers_.push_back(memory);
  }
  void add_no_buffer() { pointers_.push_back(nullptr); }
  void drop(std::size_t buffer) {
    if (buffer < pointers_.size()) pointers_[buffer] = nullptr;
  }

  // To be called when all parts are there.
  void finish() {
    arrow.n_buffers = static_cast<std::int64_t>(pointers_.size());
    arrow.buffers = pointers_.data();
    for (const auto& child : children) child_pointers_.push_back(&child->arrow);
    arrow.n_children = static_cast<std::int64_t>(children.size());
    arrow.children = child_pointers_.data();
    if (dictionary) arrow.dictionary = &dictionary->arrow;
    arrow.release = [](ArrowArray* array) { array->release = nullptr; };
  }

  const std::uint8_t* buffer(std::size_t at) const {
    if (at >= pointers_.size() || pointers_[at] == nullptr) throw Unsound();
    return static_cast<const std::uint8_t*>(pointers_[at]);
  }
  bool has(std::size_t at) const { return at < pointers_.size() && pointers_[at] != nullptr; }

 private:
  std::vector<std::unique_ptr<void, void (*)(void*)>> memory_;
  std::vector<const void*> pointers_;
  std::vector<ArrowArray*> child_pointers_;
};

struct Type {
  char kind = 'u';  // u, U, v (views), n (nulls)
  char index = 0;   // of a dictionary
  bool table = false;
  std::string weights;  // its format; empty: there are none
};

template <class T>
T at(const std::uint8_t* bytes, std::int64_t i) {
  T value{};
  std::memcpy(&value, bytes + i * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
  return value;
}

// -- making ------------------------------------------------------------------------------

class Maker {
 public:
  explicit Maker(Input& input) : input_(input) {}

  std::unique_ptr<Array> chunk(const Type& type) {
    auto made = type.table ? table(type) : column(type, rows(), small());
    if (byte() == 7) made->arrow.null_count = odd();
    return made;
  }

 private:
  std::uint8_t byte() { return input_.number(); }
  std::int64_t small() { return byte() % 9; }
  std::int64_t rows() {
    const std::int64_t n = byte();
    constexpr std::int64_t times[] = {1, 4, 20, 33};
    const std::uint8_t which = byte();
    return which < 224 ? n % 24 : n * times[which % 4];
  }
  std::int64_t odd() {
    constexpr std::int64_t numbers[] = {-1,
                                        -2,
                                        0,
                                        1,
                                        5,
                                        255,
                                        1 << 30,
                                        -(1 << 30),
                                        std::int64_t{1} << 33,
                                        std::int64_t{1} << 62,
                                        -(std::int64_t{1} << 62),
                                        INT64_MIN,
                                        INT64_MAX};
    const std::uint8_t which = byte();
    return numbers[which % std::size(numbers)];
  }

  void add_validity(Array& array) {
    const std::int64_t end = array.arrow.offset + array.arrow.length;
    const std::uint8_t how = byte() % 6;
    array.arrow.null_count = how == 0 ? -1 : 0;
    if (how < 4) return array.add_no_buffer();
    std::vector<std::uint8_t> bits(static_cast<std::size_t>(end + 7) / 8, 0xFF);
    for (std::size_t nulls = byte() % 8; nulls > 0 && !bits.empty(); --nulls) {
      bits[(byte() * 256u + byte()) % bits.size()] ^= static_cast<std::uint8_t>(1 << byte() % 8);
    }
    array.add_buffer(bits);
    array.arrow.null_count = byte() % 4 == 0 ? 0 : -1;
  }

  std::unique_ptr<Array> column(const Type& type, std::int64_t length, std::int64_t offset) {
    if (type.index == 0) return strings(type.kind, length, offset);
    auto made = std::make_unique<Array>();
    made->arrow.length = length;
    made->arrow.offset = offset;
    add_validity(*made);
    made->dictionary = strings(type.kind, byte() % 40, small());
    const std::int64_t words = made->dictionary->arrow.length;
    constexpr char types[] = "cCsSiIlL";
    const auto width = std::size_t{1} << (std::strchr(types, type.index) - types) / 2;
    std::vector<std::uint8_t> indices(width * static_cast<std::size_t>(offset + length));
    for (std::size_t i = 0; i < indices.size(); i += width) {
      const std::size_t word = words == 0 ? 0 : i / width % static_cast<std::size_t>(words);
      indices[i] = static_cast<std::uint8_t>(word);
    }
    damage(indices);
    made->add_buffer(indices);
    return finished(std::move(made));
  }

  std::unique_ptr<Array> strings(char kind, std::int64_t length, std::int64_t offset) {
    auto made = std::make_unique<Array>();
    made->arrow.length = length;
    made->arrow.offset = offset;
    if (kind == 'n') return finished(std::move(made));
    add_validity(*made);
    if (kind == 'u') add_words<std::int32_t>(*made);
    if (kind == 'U') add_words<std::int64_t>(*made);
    if (kind == 'v') add_views(*made);
    if (byte() == 9) made->drop(byte() % 4);
    return finished(std::move(made));
  }

  // A text of the input's bytes, of any size.
  std::vector<std::uint8_t> text(std::size_t size) {
    std::vector<std::uint8_t> made(size, 'a');
    const std::size_t known = std::min<std::size_t>(size, byte());
    for (std::size_t i = 0; i < known; ++i) made[i] = byte();
    for (std::size_t i = known; known != 0 && i < size; ++i) made[i] = made[i % known] & 0x7F;
    for (std::uint8_t& one : made) {
      if (one == 0 || (one < 0x20 && byte() % 2 == 0)) one = 'b';
    }
    return made;
  }

  template <class Offset>
  void add_words(Array& array) {
    const std::int64_t n = array.arrow.offset + array.arrow.length;
    std::vector<Offset> offsets{static_cast<Offset>(byte() % 5 == 0 ? small() : 0)};
    const std::int64_t longest = byte() % 20 == 0 ? 900 : 9;
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t size = i < 64 ? byte() % (longest + 1) : i * 7 % (longest + 1);
      offsets.push_back(static_cast<Offset>(offsets.back() + static_cast<Offset>(size)));
    }
    for (int edits = byte() % 5 == 0 ? byte() % 4 : 0; edits > 0; --edits) {
      const std::size_t place = (byte() * std::size_t{256} + byte()) % offsets.size();
      offsets[place] =
          static_cast<Offset>(byte() % 2 == 0 ? odd() : offsets[place] / 2 + odd() % 9);
    }
    // There are as many values as the last offset says, if memory holds so many.
    if (offsets.back() > (1 << 20)) offsets.back() = 1 << 20;
    const Offset size = offsets.back() < 0 ? 0 : offsets.back();
    if (n > 0) {
      array.add_buffer(offsets);
    } else {
      array.add_buffer(std::vector<Offset>{});
    }
    array.add_buffer(text(static_cast<std::size_t>(size)));
  }

  void add_views(Array& array) {
    const auto n = static_cast<std::size_t>(array.arrow.offset + array.arrow.length);
    std::vector<std::vector<std::uint8_t>> blocks(byte() % 4);
    std::vector<std::int64_t> sizes;
    for (auto& block : blocks) {
      block = text(byte());
      sizes.push_back(static_cast<std::int64_t>(block.size()));
    }
    std::vector<std::uint8_t> views(16 * n);
    for (std::size_t i = 0; i < n; ++i) {
      std::uint8_t* const view = views.data() + 16 * i;
      const std::size_t block = blocks.empty() ? 0 : i % blocks.size();
      if (!blocks.empty() && blocks[block].size() > 12 && i % 3 == 0) {
        const std::size_t size = 13 + i % (blocks[block].size() - 12);
        const std::uint32_t numbers[] = {
            static_cast<std::uint32_t>(size), 0, static_cast<std::uint32_t>(block),
            static_cast<std::uint32_t>(i % (blocks[block].size() - size + 1))};
        std::memcpy(view, numbers, 16);
      } else {
        view[0] = static_cast<std::uint8_t>(i % 13);
        for (std::size_t k = 0; k < view[0]; ++k) view[4 + k] = i < 32 ? byte() | 0x20 : 'x';
      }
    }
    damage(views);
    array.add_buffer(views);
    for (const auto& block : blocks) array.add_buffer(block);
    array.add_buffer(sizes);
  }

  void damage(std::vector<std::uint8_t>& bytes) {
    if (bytes.empty() || byte() % 4 != 0) return;
    for (std::size_t edits = byte() % 4; edits > 0; --edits) {
      bytes[(byte() * 256u + byte()) % bytes.size()] = byte();
    }
  }

  std::unique_ptr<Array> table(const Type& type) {
    auto made = std::make_unique<Array>();
    made->arrow.length = rows();
    made->arrow.offset = small();
    if (byte() % 8 == 0) {
      made->arrow.null_count = 0;  // without buffers
    } else {
      add_validity(*made);
    }
    const std::int64_t more = small();
    const std::int64_t length = made->arrow.offset + made->arrow.length + more;
    made->children.push_back(column(type, byte() == 11 ? length / 2 : length, small()));
    if (!type.weights.empty()) made->children.push_back(numbers(type.weights, length));
    // A length that must be refused: any other would say that buffers are larger than they are.
    const std::int64_t lie = byte() == 13 ? odd() : length;
    const bool refused = lie < made->arrow.offset + made->arrow.length || lie > std::int64_t{1}
                                                                                    << 56;
    if (refused) made->children.back()->arrow.length = lie;
    auto done = finished(std::move(made));
    if (byte() == 17) done->arrow.n_children = odd();
    if (byte() == 19) done->arrow.children[0]->release = nullptr;
    return done;
  }

  std::unique_ptr<Array> numbers(const std::string& format, std::int64_t length) {
    auto made = std::make_unique<Array>();
    made->arrow.length = length;
    made->arrow.offset = small();
    add_validity(*made);
    const std::size_t n = static_cast<std::size_t>(made->arrow.offset + length);
    if (format == "g") {
      std::vector<double> values(n, 3);
      for (std::size_t i = 0; i < n && i < 8; ++i) values[i] = byte();
      if (n != 0 && byte() % 8 == 0) values[byte() % n] = byte() % 2 == 0 ? 0.5 : -0.0 / 0.0;
      made->add_buffer(values);
    } else {
      std::vector<std::uint8_t> values((format == "l" ? 8 : 16) * n);
      const std::size_t width = n == 0 ? 1 : values.size() / n;
      for (std::size_t i = 0; i < values.size(); i += width)
        values[i] = static_cast<std::uint8_t>(i);
      damage(values);
      made->add_buffer(values);
    }
    return finished(std::move(made));
  }

  std::unique_ptr<Array> finished(std::unique_ptr<Array> made) {
    made->finish();
    return made;
  }

  Input& input_;
};

}  // namespace makemore::fuzz
