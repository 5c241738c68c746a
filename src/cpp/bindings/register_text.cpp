// count_buffer and count_descriptor: whole texts, one word a line, by several threads.
#include <chrono>

#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "counting/ngram_text_count.hpp"
#include "counting/text_count.hpp"
#include "counting/weighted_text_count.hpp"

namespace makemore {
namespace {

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

// What lines are and how they are counted.
struct Rules {
  BigramCounter::Options options;
  unsigned order;
  bool weighted;
  unsigned threads;

  Rules(const py::str& boundary, const std::optional<py::str>& alphabet, unsigned order_of,
        bool skip_blank, bool with_weights, unsigned most_threads)
      : options(counter_options(boundary, alphabet, !with_weights, skip_blank)),
        order(order_of),
        weighted(with_weights),
        threads(most_threads) {}
};

// Without the GIL.
Ngrams count(const Rules& rules, std::uint64_t size, const ReadText& read,
             const py::object& progress) {
  const BigramCounter::Options& options = rules.options;
  const Progress tell = python_progress(progress);
  const py::gil_scoped_release unlocked;
  if (rules.weighted) {
    return count_weighted(options, rules.order, options.skip_blank, size, read, rules.threads,
                          tell);
  }
  if (rules.order == 2) return count_text(options, size, read, rules.threads, tell);
  return count_ngrams(options, rules.order, size, read, rules.threads, tell);
}

Ngrams count_buffer(const py::buffer& buffer, const py::str& boundary,
                    const std::optional<py::str>& alphabet, unsigned order, bool skip_blank,
                    bool weighted, unsigned threads, const py::object& progress) {
  const HeldBytes held(buffer);
  return count(Rules(boundary, alphabet, order, skip_blank, weighted, threads), held.size(),
               held.reader(), progress);
}

Ngrams count_descriptor(int descriptor, std::uint64_t size, const py::str& boundary,
                        const std::optional<py::str>& alphabet, unsigned order, bool skip_blank,
                        bool weighted, unsigned threads, const py::object& progress) {
  return count(Rules(boundary, alphabet, order, skip_blank, weighted, threads), size,
               reader_of_file(descriptor), progress);
}

}  // namespace

void register_text(py::module_& module) {
  module.def("count_buffer", &count_buffer, py::arg("buffer"), py::arg("boundary"),
             py::arg("alphabet"), py::arg("order"), py::arg("skip_blank"), py::arg("weighted"),
             py::arg("threads"), py::arg("progress"));
  module.def("count_descriptor", &count_descriptor, py::arg("descriptor"), py::arg("size"),
             py::arg("boundary"), py::arg("alphabet"), py::arg("order"), py::arg("skip_blank"),
             py::arg("weighted"), py::arg("threads"), py::arg("progress"));
}

}  // namespace makemore
