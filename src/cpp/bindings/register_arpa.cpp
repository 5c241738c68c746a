// read_arpa and write_arpa: back-off models as text.
#include "backoff/arpa/arpa.hpp"
#include "backoff/ngram_model.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"

namespace makemore {
namespace {

NgramModel read(const py::buffer& text, const py::str& boundary) {
  const HeldBytes bytes(text);
  const char32_t symbol = make_alphabet(boundary, py::str()).boundary();
  const py::gil_scoped_release unlocked;
  ArpaModel model = read_arpa(bytes, symbol, signal_poll());
  return {std::move(model.alphabet), std::move(model.backoff)};
}

// Calls write(bytes) with one part after another.
void write(const NgramModel& model, const py::function& write_part) {
  const py::gil_scoped_release unlocked;
  const auto sink = [&](std::string_view text) {
    const py::gil_scoped_acquire gil;
    write_part(py::bytes(text));
  };
  write_arpa(model.alphabet(), model.backoff(), sink, signal_poll());
}

}  // namespace

void register_arpa(py::module_& module) {
  module.def("read_arpa", &read, py::arg("text"), py::arg("boundary"));
  module.def("write_arpa", &write, py::arg("model"), py::arg("write"));
}

}  // namespace makemore
