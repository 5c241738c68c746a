// Slides the window over each word.
#include "text/examples.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace makemore {

template <class Id>
void fill_examples(Text packed, const Alphabet& alphabet, std::size_t block_size, Id* x, Id* y,
                   const Poll& poll) {
  Pace pace(poll);
  std::size_t row = 0;
  std::size_t in_word = 0;  // symbols of the word already behind us
  const std::uint8_t* p = packed.bytes.data();
  const std::uint8_t* const end = p + packed.bytes.size();
  while (p != end) {
    Id* const window = x + row * block_size;
    if (in_word == 0) {
      std::fill_n(window, block_size, Id{0});
    } else {
      std::copy_n(window - block_size + 1, block_size - 1, window);
      window[block_size - 1] = y[row - 1];
    }
    if (*p == kWordEnd) {
      ++p;
      y[row] = 0;
      in_word = 0;
    } else {
      y[row] = static_cast<Id>(alphabet.id_or_unknown(decode_valid(p)));
      ++in_word;
    }
    ++row;
    pace.step(8 + block_size);
  }
}

template void fill_examples(Text, const Alphabet&, std::size_t, std::uint8_t*, std::uint8_t*,
                            const Poll&);
template void fill_examples(Text, const Alphabet&, std::size_t, std::uint16_t*, std::uint16_t*,
                            const Poll&);
template void fill_examples(Text, const Alphabet&, std::size_t, std::uint32_t*, std::uint32_t*,
                            const Poll&);
template void fill_examples(Text, const Alphabet&, std::size_t, std::uint64_t*, std::uint64_t*,
                            const Poll&);

}  // namespace makemore
