// Training arrays (X, Y) in the integer type asked for.
#include <algorithm>
#include <cstdint>
#include <new>

#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "bindings/words.hpp"
#include "counting/bigram_counter.hpp"
#include "text/examples.hpp"

namespace makemore {
namespace {

constexpr std::size_t kAtOnce = std::size_t{1} << 22;  // bytes counted between looks for Ctrl-C

// Fills integers of one width; ids are not negative, so signed types are no other case.
template <class Id>
void fill(Text text, const Alphabet& alphabet, std::size_t block_size, py::array& x, py::array& y) {
  Id* const rows = static_cast<Id*>(x.mutable_data());
  Id* const targets = static_cast<Id*>(y.mutable_data());
  const WithoutGil unlocked;
  fill_examples(text, alphabet, block_size, rows, targets, signal_poll());
}

// (x (N, block_size), y (N,)). The dtype is an integer type in native byte
// order; `most` is the largest value it holds.
py::tuple examples(const py::object& words, const py::object& boundary, const py::object& alphabet,
                   std::size_t block_size, const py::dtype& dtype, std::uint64_t most,
                   const std::optional<std::string>& column, bool unknown) {
  const SymbolsWanted wanted = symbols_wanted(boundary, alphabet, unknown);
  CountOptions options;
  options.boundary = wanted.boundary;
  options.alphabet = wanted.alphabet;
  WordOptions taken{column};
  taken.cutter = wanted.cutter();
  if (!taken.cutter) taken.meant = {options.boundary};
  if (options.alphabet && !taken.cutter) {
    const auto symbols = options.alphabet->symbols();
    taken.meant.assign(symbols.begin(), symbols.end());
  }
  const auto source = open_words(words, taken);
  source->next(SIZE_MAX);  // all of them: the alphabet must be known before the first row
  Text text = source->text();

  // Counting finds the alphabet, the number of examples and any bad word. What is outside a given
  // alphabet is none where there is a symbol for it.
  options.poll = signal_poll();
  const std::optional<Alphabet> given = options.alphabet;
  const bool any = wanted.unknown;
  if (any) options.alphabet.reset();
  BigramCounter counter(options);
  std::optional<TokenCutter> again;  // holds the text
  const Ngrams counts = [&] {
    const WithoutGil unlocked;
    for (Bytes left = text.bytes; !left.empty();) {
      const auto from = left.begin() + static_cast<std::ptrdiff_t>(std::min(kAtOnce, left.size()));
      const auto end = std::find(from, left.end(), kWordEnd);  // whole words
      const auto size = static_cast<std::size_t>(end - left.begin());
      const Bytes now = left.first(std::min(size + 1, left.size()));
      counter.add(now, text.ascii);
      left = left.subspan(now.size());
      options.poll();
    }
    return counter.counts();
  }();
  Alphabet base = given ? *given : counts.alphabet();
  if (const TokenCutter* const met = source->cutter(); met != nullptr && !given) {
    // Now that all tokens are known, the words are cut again, into these.
    base = token_alphabet(base, met->tokens(), met->rules(), options.poll).alphabet;
    again.emplace(base.vocabulary(), TokenCutter::Outside::unknown, true,
                  graphemes_for(met->rules()));
    text = again->cut(source->uncut());
  }
  const Alphabet ids = any ? with_unknown(base) : base;
  const std::size_t v = ids.size();
  if (v - 1 > most) {
    throw py::value_error("dtype " + std::string(py::str(dtype)) + " does not hold ids up to " +
                          std::to_string(v - 1));
  }
  const py::ssize_t n = counts.total();
  const auto item = static_cast<std::size_t>(dtype.itemsize());
  if (n > 0 && block_size > PTRDIFF_MAX / item / static_cast<std::size_t>(n)) {
    throw std::bad_alloc();
  }
  py::array x(dtype, std::vector<py::ssize_t>{n, static_cast<py::ssize_t>(block_size)});
  py::array y(dtype, std::vector<py::ssize_t>{n});
  switch (dtype.itemsize()) {
    case 1: fill<std::uint8_t>(text, ids, block_size, x, y); break;
    case 2: fill<std::uint16_t>(text, ids, block_size, x, y); break;
    case 4: fill<std::uint32_t>(text, ids, block_size, x, y); break;
    default: fill<std::uint64_t>(text, ids, block_size, x, y);
  }
  return py::make_tuple(x, y);
}

}  // namespace

void register_examples(py::module_& module) {
  module.def("examples", &examples, py::arg("words"), py::arg("boundary"), py::arg("alphabet"),
             py::arg("block_size"), py::arg("dtype"), py::arg("most"),
             py::arg("column") = py::none(), py::arg("unknown") = false);
}

}  // namespace makemore
