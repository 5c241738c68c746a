// Counting: what words are and how they are counted. Words, texts and files in, counts out.
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "bindings/weights.hpp"
#include "bindings/words.hpp"
#include "counting/bigram_counter.hpp"
#include "counting/ngram_counter.hpp"
#include "counting/ngram_text_count.hpp"
#include "counting/text_count.hpp"
#include "counting/weighted_text_count.hpp"
#include "counts/merged.hpp"

namespace makemore {
namespace {

struct Counting {
  CountOptions words;  // in memory
  CountOptions lines;  // of texts
  unsigned order;
  bool weighted;  // whether a line is a word and its weight

  // Over which alphabet the counts are to be; with an unknown symbol, that is made of what was
  // counted. Otherwise the counters see to the alphabet, and say which word does not fit.
  std::optional<Alphabet> alphabet{};
  bool unknown = false;

  Ngrams finished(Ngrams counts) const {
    if (!unknown) return counts;
    const Alphabet& base = alphabet ? *alphabet : counts.alphabet();
    return in_alphabet(counts, with_unknown(base), signal_poll());
  }
};

Counting make_counting(const py::str& boundary, const std::optional<py::str>& alphabet,
                       unsigned order, bool skip_blank, bool weighted, bool unknown) {
  Counting counting{counter_options(boundary, alphabet), {}, order, weighted};
  if (unknown) (void)with_unknown(Alphabet(counting.words.boundary));
  counting.alphabet = std::exchange(counting.words.alphabet, std::nullopt);
  counting.unknown =
      unknown || (counting.alphabet && counting.alphabet->unknown() != makemore::kUnknown);
  if (!counting.unknown) counting.words.alphabet = counting.alphabet;
  counting.lines = counting.words;
  counting.lines.layout = weighted ? Layout::packed : Layout::lines;
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

Ngrams count_ngrams(WordSource& source, NgramCounter counter, WeightSource* weighing) {
  while (source.next()) {
    std::span<const std::int64_t> weights;
    if (weighing != nullptr) weights = weighing->next(source);
    try {
      const py::gil_scoped_release unlocked;
      if (weighing != nullptr) {
        counter.add(source.text(), weights);
      } else {
        counter.add(source.text().bytes);
      }
    } catch (const Error& error) {
      throw source.renumbered(error);
    }
  }
  if (weighing != nullptr) weighing->end(source.end());
  const py::gil_scoped_release unlocked;
  return counter.counts();
}

// Where both tell how many they are, before anything is counted.
void check_lengths(py::handle words, py::handle weights) {
  if (!py::hasattr(words, "__len__") || !py::hasattr(weights, "__len__")) return;
  const std::size_t n = py::len(words);
  const std::size_t m = py::len(weights);
  if (n != m) {
    throw Error("got " + std::to_string(m) + " weights for " + std::to_string(n) + " words");
  }
}

// The weights are None, those of the words in turn, or the name of the column that holds them.
Ngrams count_as_they_are(const Counting& self, const py::object& words, const py::object& weights,
                         const std::optional<std::string>& column, const std::string& nulls,
                         const std::u32string& meant) {
  const WordOptions options = word_options(column, nulls, meant);
  if (py::isinstance<py::str>(weights)) {
    const auto table = open_table(words, options, weights.cast<std::string>());
    const auto weighing = weights_of(*table);
    return count_ngrams(*table, NgramCounter(self.words, self.order), weighing.get());
  }
  const auto source = open_words(words, options);
  if (!weights.is_none()) {
    const auto weighing = open_weights(weights);
    check_lengths(words, weights);
    return count_ngrams(*source, NgramCounter(self.words, self.order), weighing.get());
  }
  if (counts_bigrams(self)) return in_order(self, count_bigrams(*source, self.words));
  return count_ngrams(*source, NgramCounter(self.words, self.order), nullptr);
}

Ngrams count_words(const Counting& self, const py::object& words, const py::object& weights,
                   const std::optional<std::string>& column, const std::string& nulls,
                   const std::u32string& meant) {
  Ngrams counts = count_as_they_are(self, words, weights, column, nulls, meant);
  const py::gil_scoped_release unlocked;
  return self.finished(std::move(counts));
}

// The weights as numbers, by the rules of counting.
CountArray whole_weights(const py::object& weights) {
  std::vector<std::int64_t> numbers = open_weights(weights)->rest();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] < 0) {
      throw Error("word", static_cast<std::int64_t>(i),
                  ": the weight " + std::to_string(numbers[i]) + " is negative");
    }
  }
  return to_array(std::move(numbers));
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

// Whole texts, by several threads.
Ngrams count_lines(const Counting& self, std::uint64_t size, const ReadText& read, unsigned threads,
                   const py::object& progress) {
  const Progress tell = python_progress(progress);
  const py::gil_scoped_release unlocked;
  if (self.weighted) {
    return self.finished(
        count_weighted(self.lines, self.order, self.lines.skip_blank, size, read, threads, tell));
  }
  if (counts_bigrams(self)) {
    return self.finished(in_order(self, count_text(self.lines, size, read, threads, tell)));
  }
  return self.finished(count_ngrams(self.lines, self.order, size, read, threads, tell));
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

  // A whole file, by several threads.
  void add_descriptor(int descriptor, std::uint64_t size, unsigned threads,
                      const py::object& progress) {
    const Progress tell = python_progress(progress);
    const py::gil_scoped_release unlocked;
    std::visit(
        [&](auto& counters) {
          add_text(counters, size, reader_of_file(descriptor), threads, tell);
        },
        counters_);
  }

  Ngrams counts() {
    return counting_.finished(in_order(
        counting_, std::visit([](auto& some) { return some.counts(signal_poll()); }, counters_)));
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
    void add_text(std::uint64_t size, const ReadText& read, unsigned threads,
                  const Progress& progress) {
      sum_.add(count_text(options_, size, read, threads, progress), signal_poll());
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
      std::variant<Bigrams, PieceCounters<NgramCounter>, PieceCounters<WeightedLineCounter>>;

  static Counters make(const Counting& counting) {
    const CountOptions& options = counting.lines;
    if (counting.weighted) return weighted_counters(options, counting.order, options.skip_blank);
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

  static void add_text(Bigrams& bigrams, std::uint64_t size, const ReadText& read, unsigned threads,
                       const Progress& tell) {
    bigrams.add_text(size, read, threads, tell);
  }
  template <class Counter>
  static void add_text(PieceCounters<Counter>& counters, std::uint64_t size, const ReadText& read,
                       unsigned threads, const Progress& tell) {
    count_lines(counters, {size, read, kLinePiece}, threads, tell);
  }

  Counting counting_;
  Counters counters_;
};

}  // namespace

void register_counting(py::module_& module) {
  py::class_<LineCounter>(module, "LineCounter")
      .def("add_bytes", &LineCounter::add_bytes, py::arg("buffer"))
      .def("end_text", &LineCounter::end_text, Unlocked())
      .def("add_descriptor", &LineCounter::add_descriptor, py::arg("descriptor"), py::arg("size"),
           py::arg("threads"), py::arg("progress"))
      .def("counts", &LineCounter::counts, Unlocked());
  py::class_<Counting>(module, "Counting")
      .def(py::init(&make_counting), py::arg("boundary"), py::arg("alphabet"), py::arg("order"),
           py::arg("skip_blank") = true, py::arg("weighted") = false, py::arg("unknown") = false)
      .def("words", &count_words, py::arg("words"), py::arg("weights"), py::arg("column"),
           py::arg("nulls"), py::arg("meant"))
      .def("buffer", &count_buffer, py::arg("buffer"), py::arg("threads"), py::arg("progress"))
      .def("line_counter", [](const Counting& self) { return LineCounter(self); });
  module.def("whole_weights", &whole_weights, py::arg("weights"));
}

}  // namespace makemore
