// Which id each symbol has.
#include <algorithm>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

Word symbols_of(const Alphabet& alphabet) {
  return {alphabet.symbols().begin(), alphabet.symbols().end()};
}

Alphabet alphabet_of(char32_t boundary, std::u32string_view others) {
  return Alphabet(boundary, {others.begin(), others.end()});
}

}  // namespace

TEST_CASE("the boundary has id 0 and the others follow in code-point order") {
  const Alphabet alphabet = alphabet_of(U'.', U"zé😀a中A ");
  CHECK(symbols_of(alphabet) == U". Aazé中😀");
  CHECK(alphabet.size() == 8);
  CHECK(alphabet.boundary() == U'.');
  for (std::size_t i = 0; i < alphabet.size(); ++i) CHECK(alphabet.id(alphabet.symbols()[i]) == i);
}

TEST_CASE("the boundary comes first even if its code point is the highest") {
  CHECK(symbols_of(alphabet_of(U'😀', U"cab")) == U"😀abc");
  CHECK(alphabet_of(U'😀', U"cab").id(U'😀') == 0);
  CHECK(symbols_of(alphabet_of(U'é', U"zü")) == U"ézü");
  CHECK(alphabet_of(U'é', U"zü").id(U'é') == 0);
}

TEST_CASE("repeats and the boundary among the others count once") {
  CHECK(alphabet_of(U'.', U"ba.ab.") == alphabet_of(U'.', U"ab"));
  CHECK(symbols_of(alphabet_of(U'.', U"...")) == U".");
}

TEST_CASE("an alphabet may be the boundary alone") {
  const Alphabet alphabet(U'.');
  CHECK(alphabet.size() == 1);
  CHECK(alphabet.id(U'.') == 0);
  CHECK(alphabet.id(U'a') == kUnknown);
}

TEST_CASE("the unknown symbol stands for all that are not there, where it is") {
  const Alphabet plain(U'.', {U'a', U'é'});
  CHECK(plain.unknown() == kUnknown);
  CHECK(plain.id_or_unknown(U'z') == kUnknown);
  const Alphabet wide = with_unknown(plain);
  CHECK(wide.size() == 4);
  CHECK(wide.symbols()[wide.unknown()] == kUnknownSymbol);
  CHECK(with_unknown(wide) == wide);
  CHECK(wide.id_or_unknown(U'z') == wide.unknown());
  CHECK(wide.id_or_unknown(U'中') == wide.unknown());
  CHECK(wide.id_or_unknown(U'.') == 0);
  CHECK(wide.id_or_unknown(U'é') == wide.id(U'é'));
  CHECK(Alphabet(kUnknownSymbol, {U'a'}).unknown() == kUnknown);
  CHECK_THROWS_AS(with_unknown(Alphabet(kUnknownSymbol)), Error);
}

TEST_CASE("a symbol that is not there is unknown in every part of Unicode") {
  const Alphabet alphabet = alphabet_of(U'.', U"bé中");
  for (const char32_t symbol :
       {U'\0', U'a', U'c', U'\x7F', U'\x80', U'è', U'ê', U'丬', U'丮', U'😀', kMaxCodePoint}) {
    CAPTURE(static_cast<std::uint32_t>(symbol));
    CHECK(alphabet.id(symbol) == kUnknown);
  }
}

TEST_CASE("the code points at the edges are ordinary symbols") {
  const Alphabet alphabet(U'.', {0, 0x7F, 0x80, 0xD7FF, 0xE000, 0x10FFFF});
  CHECK(alphabet.size() == 7);
  CHECK(alphabet.id(0) == 1);
  CHECK(alphabet.id(0x7F) == 2);
  CHECK(alphabet.id(0x80) == 3);
  CHECK(alphabet.id(0x10FFFF) == 6);
}

TEST_CASE("surrogates and numbers beyond Unicode are no symbols") {
  for (const std::uint32_t bad : {0xD800u, 0xDABCu, 0xDFFFu, 0x110000u, 0xFFFFFFFFu}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(Alphabet(U'.', {U'a', bad}), Error);
  }
}

TEST_CASE("a surrogate or a number beyond Unicode is no boundary") {
  for (const std::uint32_t bad : {0xD800u, 0xDFFFu, 0x110000u}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(Alphabet(bad, {U'a'}), Error);
  }
}

TEST_CASE("the union holds the symbols of both in code-point order") {
  const Alphabet a = alphabet_of(U'.', U"ace中");
  const Alphabet b = alphabet_of(U'.', U"bcdé");
  CHECK(united(a, b) == alphabet_of(U'.', U"abcdeé中"));
  CHECK(united(b, a) == united(a, b));
  CHECK(united(a, a) == a);
  CHECK(united(a, Alphabet(U'.')) == a);
}

TEST_CASE("ids keep their order in a union") {
  Random random(1);
  const Word symbols = U"abcdefghijkéèêü中文字😀😁";
  for (int i = 0; i < 100; ++i) {
    const Alphabet a = alphabet_of(U'.', random_word(random, symbols, 12));
    const Alphabet both = united(a, alphabet_of(U'.', random_word(random, symbols, 12)));
    std::vector<std::uint32_t> ids;
    for (const char32_t symbol : a.symbols()) ids.push_back(both.id(symbol));
    CHECK(std::is_sorted(ids.begin(), ids.end()));
    CHECK(std::count(ids.begin(), ids.end(), kUnknown) == 0);
  }
}

TEST_CASE("alphabets with different boundaries cannot be united") {
  CHECK(error_of([] { united(Alphabet(U'.'), Alphabet(U'é')); }) ==
        "counts with the boundaries '.' and 'é' cannot be added");
}
