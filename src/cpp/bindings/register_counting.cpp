// Counting: what words are and how they are counted. Words, texts and files in, counts out.
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "bindings/tokens.hpp"
#include "bindings/weighted_words.hpp"
#include "bindings/words.hpp"
#include "counting/bigram_counter.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/ngram_text_count.hpp"
#include "counting/text_count.hpp"
#include "counting/token_lines.hpp"
#include "counting/weighted_text_count.hpp"
#include "counts/merged.hpp"
#include "counts/token_counts.hpp"
#include "text/line_range.hpp"

namespace makemore {
namespace {

struct Counting {
  CountOptions words;  // in memory
  CountOptions lines;  // of texts
  unsigned order;
  std::optional<LineRules> weighted;  // how a line is a word and its weight, if it is

  // Over which alphabet the counts are to be; with an unknown symbol, that is made of what was
  // counted. Otherwise the counters see to the alphabet, and say which word does not fit.
  std::optional<Alphabet> alphabet{};
  bool unknown = false;

  // Where symbols are tokens: what cuts the words, as it is before the first.
  std::optional<TokenCutter> cutter{};

  // `met` has cut the words, if symbols are tokens.
  Ngrams finished(Ngrams counts, const TokenCutter* met) const {
    if (met != nullptr && !words.alphabet) {
      counts = with_vocabulary(counts, met->tokens(), met->rules(), signal_poll());
    }
    if (!unknown) return counts;
    const Alphabet& base = alphabet ? *alphabet : counts.alphabet();
    return in_alphabet(counts, with_unknown(base), signal_poll());
  }
};

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

// Single symbols are counted as bigrams too, which is the fastest way.
bool counts_bigrams(const Counting& counting) { return counting.order <= 2; }

Ngrams in_order(const Counting& counting, Ngrams counts) {
  if (counts.order() == counting.order) return counts;
  return lowered(counts, counting.order, signal_poll());
}

// -- words ---------------------------------------------------------------------------------

Ngrams count_bigrams(WordSource& source, const CountOptions& options) {
  BigramCounter counter(options);
  while (const auto block = source.next_block()) {
    try {
      const py::gil_scoped_release unlocked;
      const std::size_t left =
          std::visit([&](const auto& some) { return add_block(counter, some); }, *block);
      source.give_back(static_cast<std::int64_t>(left));
    } catch (const Error& error) {
      throw source.renumbered(error);
    }
  }
  const py::gil_scoped_release unlocked;
  return counter.counts();
}

Ngrams count_ngrams(WeightedWords& words, NgramCounter counter) {
  while (words.next()) {
    try {
      const py::gil_scoped_release unlocked;
      if (words.weighted()) {
        counter.add(words.text(), words.weights());
      } else {
        counter.add(words.text().bytes);
      }
    } catch (const Error& error) {
      throw words.renumbered(error);
    }
  }
  const py::gil_scoped_release unlocked;
  return counter.counts();
}

Ngrams count_words(const Counting& self, const py::object& words, const py::object& weights,
                   const std::optional<std::string>& column, const std::string& nulls,
                   const std::u32string& meant) {
  WordOptions options = word_options(column, nulls, meant);
  options.cutter = self.cutter;
  WeightedWords given(words, weights, options);
  Ngrams counts = counts_bigrams(self) && !given.weighted()
                      ? in_order(self, count_bigrams(given.source(), self.words))
                      : count_ngrams(given, NgramCounter(self.words, self.order));
  const py::gil_scoped_release unlocked;
  return self.finished(std::move(counts), given.source().cutter());
}

// -- texts, one word a line ----------------------------------------------------------------

// Looks for Ctrl-C and tells a Python callable how many bytes were counted; for core calls
// made without the GIL. Not at each piece: taking the GIL may mean waiting for it.
Progress python_progress(const py::object& callable) {
  using Clock = std::chrono::steady_clock;
  return [&callable, last = Clock::time_point()](std::uint64_t bytes) mutable {
    if (Clock::now() - last < std::chrono::milliseconds(20)) return;
    const py::gil_scoped_acquire gil;
    check_signals();
    if (!callable.is_none()) callable(bytes);
    last = Clock::now();
  };
}

TokenCounting token_counting(const Counting& self) {
  LineRules rules(self.lines.skip_blank);
  rules.weighted = self.weighted.has_value();
  if (self.weighted) rules = *self.weighted;
  return {self.lines, self.order, rules, *self.cutter};
}

// Whole texts, by several threads.
Ngrams count_lines(const Counting& self, std::uint64_t size, const ReadText& read, unsigned threads,
                   const py::object& progress) {
  const Progress tell = python_progress(progress);
  const py::gil_scoped_release unlocked;
  const auto counted = [&] {
    if (self.cutter) return count_tokens(token_counting(self), size, read, threads, tell);
    if (self.weighted) {
      return count_weighted(self.lines, self.order, *self.weighted, size, read, threads, tell);
    }
    if (counts_bigrams(self)) {
      return in_order(self, count_text(self.lines, size, read, threads, tell));
    }
    return count_ngrams(self.lines, self.order, size, read, threads, tell);
  };
  return self.finished(counted(), nullptr);
}

Ngrams count_buffer(const Counting& self, const py::buffer& buffer, unsigned threads,
                    const py::object& progress) {
  const HeldBytes held(buffer);
  return count_lines(self, held.size(), held.reader(), threads, progress);
}

// One text after another, whole or in blocks: in one counter, or in counts that are added up.
class LineCounter {
 public:
  explicit LineCounter(const Counting& counting) : counting_(counting), counters_(make(counting)) {}
  LineCounter(LineCounter&&) = default;

  // A text that arrives in blocks.
  void add_bytes(const py::buffer& buffer) {
    const HeldBytes bytes(buffer);
    const ReadText read = bytes.reader();
    const py::gil_scoped_release unlocked;
    std::visit([&](auto& counters) { add_pieces(counters, bytes.size(), read); }, counters_);
  }
  void end_text() {
    std::visit([](auto& counters) { counters.end_text(signal_poll()); }, counters_);
  }

  // The lines of a file that begin in [start, stop), by several threads.
  void add_descriptor(int descriptor, std::uint64_t size, std::uint64_t start, std::uint64_t stop,
                      unsigned threads, const py::object& progress) {
    const Progress tell = python_progress(progress);
    const py::gil_scoped_release unlocked;
    const ReadText read = reader_of_file(descriptor);
    const TextRange range = lines_that_begin(read, size, {start, stop}, signal_poll());
    try {
      std::visit([&](auto& counters) { add_text(counters, range, read, threads, tell); },
                 counters_);
    } catch (const Error& error) {
      if (range.begin == 0 || !error.index()) throw;
      // Only now it is of interest how many lines stand before the range.
      const std::int64_t before = lines_before(read, range.begin, signal_poll());
      throw error.about("line", *error.index() + before);
    }
  }

  Ngrams counts() {
    Ngrams counts = in_order(
        counting_, std::visit([](auto& some) { return some.counts(signal_poll()); }, counters_));
    return counting_.finished(std::move(counts), nullptr);
  }

 private:
  // Bigrams of each text on its own: few beside its symbols, as a rule, and lines are not counted
  // while bigrams are.
  class Bigrams {
   public:
    explicit Bigrams(const CountOptions& options) : options_(options) {}

    void add(Bytes block, const Poll&) {
      if (!stream_) stream_.emplace(options_);
      stream_->add(block);
    }
    void end_text(const Poll& poll) {
      if (!stream_) return;
      stream_->end_text();
      finish(poll);
    }
    void add_text(TextRange range, const ReadText& read, unsigned threads,
                  const Progress& progress) {
      sum_.add(count_text(options_, range, read, threads, progress), signal_poll());
    }
    Ngrams counts(const Poll& poll) {
      if (!stream_ && sum_.empty()) stream_.emplace(options_);
      finish(poll);
      return sum_.take(poll);
    }

   private:
    void finish(const Poll& poll) {
      if (!stream_) return;
      sum_.add(stream_->counts(), poll);
      stream_.reset();
    }

    CountOptions options_;
    std::optional<BigramCounter> stream_;
    NgramsSum sum_;
  };
  using Counters =
      std::variant<Bigrams, PieceCounters<NgramCounter>, PieceCounters<WeightedLineCounter>,
                   PieceCounters<TokenLineCounter>>;

  static Counters make(const Counting& counting) {
    const CountOptions& options = counting.lines;
    if (counting.cutter) return token_counters(token_counting(counting));
    if (counting.weighted) return weighted_counters(options, counting.order, *counting.weighted);
    if (counts_bigrams(counting)) return Bigrams(options);
    return ngram_counters(options, counting.order);
  }

  // In pieces that stay in the second cache.
  template <class SomeCounters>
  static void add_pieces(SomeCounters& counters, std::size_t size, const ReadText& read) {
    constexpr std::size_t most = std::size_t{1} << 18;
    const Poll poll = signal_poll();
    Buffer<std::uint8_t> piece;
    for (std::size_t at = 0; at < size; at += most) {
      counters.add(read(at, std::min(most, size - at), piece), poll);
    }
  }

  static void add_text(Bigrams& bigrams, TextRange range, const ReadText& read, unsigned threads,
                       const Progress& tell) {
    bigrams.add_text(range, read, threads, tell);
  }
  template <class Counter>
  static void add_text(PieceCounters<Counter>& counters, TextRange range, const ReadText& read,
                       unsigned threads, const Progress& tell) {
    count_lines(counters, {range, read, kLinePiece}, threads, tell);
  }

  Counting counting_;
  Counters counters_;
};

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
      .def("line_counter", [](const Counting& self) { return LineCounter(self); });
}

}  // namespace makemore
