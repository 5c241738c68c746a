// read_arpa and write_arpa: back-off models as text.
#include <map>
#include <string>
#include <vector>

#include "backoff/arpa/arpa.hpp"
#include "backoff/ngram_model.hpp"
#include "base/error.hpp"
#include "bindings/counting.hpp"
#include "bindings/register.hpp"
#include "text/quoted.hpp"
#include "text/utf8.hpp"

namespace makemore {
namespace {

NgramModel read(const py::buffer& text, const py::object& boundary,
                const std::map<std::string, py::str>& tokens) {
  const HeldBytes bytes(text);
  if (py::isinstance<TokenRules>(boundary)) {
    const auto rules = boundary.cast<TokenRules>();
    const WithoutGil unlocked;
    ArpaModel model = read_arpa(bytes, rules, signal_poll());
    return {std::move(model.alphabet), std::move(model.backoff)};
  }
  TokenNames names;
  for (const auto& [token, symbol] : tokens) {
    const std::vector<char32_t> symbols = code_points(symbol);
    if (symbols.size() != 1 || is_surrogate(symbols[0])) {
      throw Error("the token " + quoted(token) + " must stand for one symbol");
    }
    names[token] = symbols[0];
  }
  const char32_t symbol = make_alphabet(boundary.cast<py::str>(), py::str()).boundary();
  const WithoutGil unlocked;
  ArpaModel model = read_arpa(bytes, symbol, names, signal_poll());
  return {std::move(model.alphabet), std::move(model.backoff)};
}

// Calls write(bytes) with one part after another.
void write(const NgramModel& model, const py::function& write_part) {
  const WithoutGil unlocked;
  const auto sink = [&](std::string_view text) {
    const WithGil gil;
    write_part(py::bytes(text));
  };
  write_arpa(model.alphabet(), model.backoff(), sink, signal_poll());
}

}  // namespace

void register_arpa(py::module_& module) {
  module.def("read_arpa", &read, py::arg("text"), py::arg("boundary"), py::arg("tokens"));
  module.def("write_arpa", &write, py::arg("model"), py::arg("write"));
}

}  // namespace makemore
