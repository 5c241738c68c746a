// Counting: what words are and how they are counted. Words, texts and files in, counts out.
#include <optional>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/counting_rules.hpp"
#include "bindings/line_counter.hpp"
#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "bindings/weighted_words.hpp"
#include "bindings/words.hpp"
#include "counting/bigram_counter.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/ngram_text_count.hpp"
#include "counting/text_count.hpp"
#include "counting/weighted_text_count.hpp"

namespace makemore {
namespace {

Counting make_counting(const py::object& boundary, const py::object& alphabet, unsigned order,
                       bool skip_blank, const std::optional<std::string>& columns, bool unknown) {
  SymbolsWanted wanted = symbols_wanted(boundary, alphabet, unknown);
  Counting counting{{}, {}, order, std::nullopt};
  if (columns) counting.weighted = LineRules(skip_blank, LineColumns(*columns));
  counting.words.boundary = wanted.boundary;
  counting.words.poll = signal_poll();
  counting.cutter = wanted.cutter();
  counting.alphabet = wanted.alphabet;
  counting.unknown = wanted.unknown;
  if (counting.cutter && wanted.alphabet) {  // what is outside is the unknown symbol already
    counting.alphabet = wanted.unknown ? with_unknown(*wanted.alphabet) : *wanted.alphabet;
    counting.unknown = false;
  }
  if (!counting.unknown) counting.words.alphabet = counting.alphabet;
  counting.lines = counting.words;
  counting.lines.layout = columns || counting.cutter ? Layout::packed : Layout::lines;
  counting.lines.skip_blank = skip_blank;
  return counting;
}

// -- words ---------------------------------------------------------------------------------

Ngrams count_bigrams(WordSource& source, const CountOptions& options) {
  BigramCounter counter(options);
  while (const auto block = source.next_block()) {
    try {
      const WithoutGil unlocked;
      const std::size_t left =
          std::visit([&](const auto& some) { return add_block(counter, some); }, *block);
      source.give_back(static_cast<std::int64_t>(left));
    } catch (const Error& error) {
      throw source.renumbered(error);
    }
  }
  const WithoutGil unlocked;
  return counter.counts();
}

Ngrams count_ngrams(WeightedWords& words, NgramCounter counter) {
  while (words.next()) {
    try {
      const WithoutGil unlocked;
      if (words.weighted()) {
        counter.add(words.text(), words.weights());
      } else {
        counter.add(words.text().bytes);
      }
    } catch (const Error& error) {
      throw words.renumbered(error);
    }
  }
  const WithoutGil unlocked;
  return counter.counts();
}

Ngrams count_words(const Counting& self, const py::object& words, const py::object& weights,
                   const std::optional<std::string>& column, const std::string& nulls,
                   const std::u32string& meant) {
  WordOptions options = word_options(column, nulls, meant);
  options.cutter = self.cutter;
  WeightedWords given(words, weights, options);
  Ngrams counts = counts_bigrams(self) && !given.weighted()
                      ? in_order(self, count_bigrams(given.source(), self.words), signal_poll())
                      : count_ngrams(given, NgramCounter(self.words, self.order));
  const WithoutGil unlocked;
  return self.finished(std::move(counts), given.source().cutter(), signal_poll());
}

// -- texts, one word a line ----------------------------------------------------------------

// Whole texts, by several threads.
Ngrams count_lines(const Counting& self, std::uint64_t size, const ReadText& read, unsigned threads,
                   const py::object& progress) {
  const Progress tell = python_progress(progress);
  const WithoutGil unlocked;
  const auto counted = [&] {
    if (self.cutter) return count_tokens(token_counting(self), size, read, threads, tell);
    if (self.weighted) {
      return count_weighted(self.lines, self.order, *self.weighted, size, read, threads, tell);
    }
    if (counts_bigrams(self)) {
      return in_order(self, count_text(self.lines, size, read, threads, tell), signal_poll());
    }
    return count_ngrams(self.lines, self.order, size, read, threads, tell);
  };
  return self.finished(counted(), nullptr, signal_poll());
}

Ngrams count_buffer(const Counting& self, const py::buffer& buffer, unsigned threads,
                    const py::object& progress) {
  const HeldBytes held(buffer);
  return count_lines(self, held.size(), held.reader(), threads, progress);
}

// Words and their weights out of a text that arrives in blocks, as Python has them.
class WeightedLineReader {
 public:
  explicit WeightedLineReader(const std::string& columns)
      : lines_(LineRules(true, LineColumns(columns))) {}

  // The words of the lines that end in a block, and their weights.
  py::tuple take(const py::buffer& buffer) {
    const HeldBytes bytes(buffer);
    const std::vector<std::uint8_t> block(Bytes(bytes).begin(), Bytes(bytes).end());
    lines_.take(block);
    return taken();
  }
  py::tuple end_text() {
    lines_.end_text();
    return taken();
  }

 private:
  py::tuple taken() const {
    lines_.check();
    py::list words;
    const auto* p = reinterpret_cast<const char*>(lines_.text().bytes.data());
    const char* const end = p + lines_.text().bytes.size();
    while (p != end) {
      const char* const stop = std::find(p, end, static_cast<char>(kWordEnd));
      words.append(py::str(p, static_cast<std::size_t>(stop - p)));
      p = stop + 1;
    }
    const std::span<const std::int64_t> weights = lines_.weights();
    return py::make_tuple(words, std::vector<std::int64_t>(weights.begin(), weights.end()));
  }

  WeightedLines lines_;
};

}  // namespace

void register_counting(py::module_& module) {
  py::class_<LineCounter>(module, "LineCounter")
      .def("add_bytes", &LineCounter::add_bytes, py::arg("buffer"))
      .def("begin_text", &LineCounter::begin_text, py::arg("offset"), Unlocked())
      .def("end_text", &LineCounter::end_text, Unlocked())
      .def("add_descriptor", &LineCounter::add_descriptor, py::arg("descriptor"), py::arg("size"),
           py::arg("start"), py::arg("stop"), py::arg("threads"), py::arg("progress"))
      .def("counts", &LineCounter::counts, Unlocked());
  py::class_<WeightedLineReader>(module, "WeightedLineReader")
      .def(py::init<const std::string&>(), py::arg("columns"))
      .def("take", &WeightedLineReader::take, py::arg("buffer"))
      .def("end_text", &WeightedLineReader::end_text);
  py::class_<Counting>(module, "Counting")
      .def(py::init(&make_counting), py::arg("boundary"), py::arg("alphabet"), py::arg("order"),
           py::arg("skip_blank") = true, py::arg("columns") = py::none(),
           py::arg("unknown") = false)
      .def("words", &count_words, py::arg("words"), py::arg("weights"), py::arg("column"),
           py::arg("nulls"), py::arg("meant"))
      .def("buffer", &count_buffer, py::arg("buffer"), py::arg("threads"), py::arg("progress"))
      .def(
          "line_counter",
          [](const Counting& self, std::uint64_t memory, int descriptor, const py::bytes& folder) {
            return LineCounter(self, memory, descriptor, folder);
          },
          py::arg("memory") = 0, py::arg("descriptor") = -1, py::arg("folder") = py::bytes());
}

}  // namespace makemore
