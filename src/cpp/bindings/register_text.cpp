// count_buffer and count_descriptor: whole texts, one word a line, by several threads.
#include <chrono>

#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "core/ngram_text_count.hpp"
#include "core/text_count.hpp"

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

// Bigrams, or Ngrams of a higher order.
py::object count(const BigramCounter::Options& options, unsigned order, std::uint64_t size,
                 const ReadText& read, unsigned threads, const py::object& progress) {
  const Progress tell = python_progress(progress);
  const auto unlocked = [&](auto&& counting) {
    const py::gil_scoped_release release;
    return counting();
  };
  if (order == 2) {
    return py::cast(
        unlocked([&] { return count_text(options, size, read, threads, tell); }));
  }
  return py::cast(
      unlocked([&] { return count_ngrams(options, order, size, read, threads, tell); }));
}

py::object count_buffer(const py::buffer& buffer, const py::str& boundary,
                        const std::optional<py::str>& alphabet, unsigned order, bool skip_blank,
                        unsigned threads, const py::object& progress) {
  const HeldBytes held(buffer);
  const Bytes bytes = held;
  return count(counter_options(boundary, alphabet, true, skip_blank), order, bytes.size(),
               reader_of(bytes), threads, progress);
}

py::object count_descriptor(int descriptor, std::uint64_t size, const py::str& boundary,
                            const std::optional<py::str>& alphabet, unsigned order,
                            bool skip_blank, unsigned threads, const py::object& progress) {
  return count(counter_options(boundary, alphabet, true, skip_blank), order, size,
               reader_of_file(descriptor), threads, progress);
}

}  // namespace

void register_text(py::module_& module) {
  module.def("count_buffer", &count_buffer, py::arg("buffer"), py::arg("boundary"),
             py::arg("alphabet"), py::arg("order"), py::arg("skip_blank"), py::arg("threads"),
             py::arg("progress"));
  module.def("count_descriptor", &count_descriptor, py::arg("descriptor"), py::arg("size"),
             py::arg("boundary"), py::arg("alphabet"), py::arg("order"), py::arg("skip_blank"),
             py::arg("threads"), py::arg("progress"));
}

}  // namespace makemore
