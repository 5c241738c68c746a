// The sections of encoded counts (encoded.hpp) that say what their symbols are.
#pragma once

#include "base/byte_writer.hpp"
#include "base/poll.hpp"
#include "text/alphabet.hpp"
#include "text/text.hpp"

namespace makemore {

// Of an alphabet of characters.
ByteWriter encoded_alphabet(const Alphabet& alphabet, const Poll& poll);
Alphabet decoded_alphabet(Bytes section);

// Of an alphabet of tokens.
ByteWriter encoded_tokens(const Alphabet& alphabet, const Poll& poll);
Alphabet decoded_tokens(Bytes section, const Poll& poll);

}  // namespace makemore
