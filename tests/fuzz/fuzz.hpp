// What the fuzz targets share. A target takes any bytes and aborts where a promise is broken.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "text/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#define PROMISE(holds)                                                         \
  do {                                                                         \
    if (!(holds)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #holds); \
      std::abort();                                                            \
    }                                                                          \
  } while (false)

namespace makemore::fuzz {

// Takes numbers from the start of an input; what is left is the text.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  std::uint8_t number() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  Bytes rest() const { return rest_; }

 private:
  Bytes rest_;
};

// Three parts of a text, cut by two numbers of 0 to 255: of its size.
inline std::vector<Bytes> parts(Bytes text, std::uint8_t a, std::uint8_t b) {
  const std::size_t one = text.size() * std::min(a, b) / 255;
  const std::size_t two = text.size() * std::max(a, b) / 255;
  return {text.first(one), text.subspan(one, two - one), text.subspan(two)};
}

// What a call returns; nothing if it throws an Error, which every other exception is not.
template <class Call>
auto unless_error(Call&& call) -> std::optional<decltype(call())> {
  try {
    return call();
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Puts bits in a place of an array, or cuts the array there.
template <class T>
void change(std::vector<T>& array, std::size_t place, std::uint64_t bits, bool cut) {
  if (array.empty()) return;
  place %= array.size();
  if (cut) return array.resize(place);
  std::memcpy(&array[place], &bits, std::min(sizeof(T), sizeof bits));
}

}  // namespace makemore::fuzz
