// BigramModel (probabilities, score, loss) and BigramSampler (new words).
#include <algorithm>

#include "bindings/register.hpp"
#include "bindings/words.hpp"
#include "core/error.hpp"
#include "core/model.hpp"
#include "core/sampler.hpp"
#include "core/utf8.hpp"

namespace makemore {
namespace {

// V x V, read-only; the array keeps the model alive and looks into it.
FloatArray probabilities(const py::object& self) {
  const auto& model = self.cast<const BigramModel&>();
  const auto side = static_cast<py::ssize_t>(model.size());
  FloatArray array({side, side}, model.probabilities().data(), self);
  set_read_only(array);
  return array;
}

FloatArray score(const BigramModel& model, const py::object& words,
                 const std::optional<std::string>& column) {
  std::vector<double> scores;
  const auto source = open_words(words, {column});
  while (source->next()) {
    const py::gil_scoped_release unlocked;
    model.score(source->text(), scores, signal_poll());
  }
  return to_array(std::move(scores));
}

BigramSampler make_sampler(const BigramModel& model, double temperature, std::size_t top_k) {
  const py::gil_scoped_release unlocked;
  return BigramSampler(model.alphabet(), model.reshaped(temperature, top_k));
}

// A new str of ids. Its width must be the smallest that holds its symbols.
template <class Id>
PyObject* new_str(std::span<const Id> ids, std::span<const char32_t> symbols) {
  char32_t most = 0;
  for (const Id id : ids) most = std::max(most, symbols[id]);
  PyObject* const text = PyUnicode_New(static_cast<py::ssize_t>(ids.size()), most);
  if (text == nullptr) throw py::error_already_set();
  const auto fill = [&](auto* out) {
    for (const Id id : ids) *out++ = static_cast<std::remove_pointer_t<decltype(out)>>(symbols[id]);
  };
  switch (ids.empty() ? 0 : PyUnicode_KIND(text)) {  // the empty str is shared: hands off
    case 0: break;
    case PyUnicode_1BYTE_KIND: fill(PyUnicode_1BYTE_DATA(text)); break;
    case PyUnicode_2BYTE_KIND: fill(PyUnicode_2BYTE_DATA(text)); break;
    default: fill(PyUnicode_4BYTE_DATA(text));
  }
  return text;
}

template <class Id>
py::list to_list(const SampledWords<Id>& sampled, const Alphabet& alphabet) {
  constexpr std::size_t check_after = 1 << 16;
  const std::size_t n = sampled.offsets.size() - 1;
  py::list words(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto begin = static_cast<std::size_t>(sampled.offsets[i]);
    const auto end = static_cast<std::size_t>(sampled.offsets[i + 1]);
    const auto ids = std::span(sampled.ids).subspan(begin, end - begin);
    PyList_SET_ITEM(words.ptr(), static_cast<py::ssize_t>(i),
                    new_str<Id>(ids, alphabet.symbols()));
    if (i % check_after == 0) check_signals();
  }
  return words;
}

// The sampler and the alphabet it draws from, as one Python object.
struct Sampler {
  Alphabet alphabet;
  BigramSampler draw;

  SampleRequest request(std::size_t words, std::uint64_t seed, std::uint64_t start,
                        const py::str& prefix, std::size_t max_length, unsigned threads) const {
    std::vector<std::uint32_t> ids = symbol_ids(alphabet, prefix);
    if (std::find(ids.begin(), ids.end(), 0) != ids.end()) {
      throw Error("the prefix holds the boundary '" + to_utf8(alphabet.boundary()) + "'");
    }
    return {words, seed, start, std::move(ids), max_length, threads};
  }

  template <class Id>
  SampledWords<Id> run(const SampleRequest& request) const {
    const py::gil_scoped_release unlocked;
    return draw.sample<Id>(request, signal_poll());
  }

  // Calls use(sampled words) with the smallest unsigned ids that hold the alphabet.
  template <class Use>
  auto with_smallest_ids(const SampleRequest& request, Use&& use) const {
    if (alphabet.size() <= 0x100) return use(run<std::uint8_t>(request));
    if (alphabet.size() <= 0x10000) return use(run<std::uint16_t>(request));
    return use(run<std::uint32_t>(request));
  }
};

}  // namespace

void register_model(py::module_& module) {
  py::class_<BigramModel>(module, "BigramModel")
      .def(py::init<const Bigrams&, double>(), py::arg("counts"), py::arg("smoothing"))
      .def_property_readonly(
          "alphabet", [](const BigramModel& self) { return to_str(self.alphabet().symbols()); })
      .def("probabilities", &probabilities)
      .def("score", &score, py::arg("words"), py::arg("column") = py::none())
      .def("nll", &BigramModel::nll, py::arg("counts"))
      .def(
          "sampler",
          [](const BigramModel& self, double temperature, std::size_t top_k) {
            return Sampler{self.alphabet(), make_sampler(self, temperature, top_k)};
          },
          py::arg("temperature"), py::arg("top_k"));

  py::class_<Sampler>(module, "Sampler")
      .def(
          "sample",
          [](const Sampler& self, std::size_t words, std::uint64_t seed, std::uint64_t start,
             const py::str& prefix, std::size_t max_length, unsigned threads) {
            const auto request = self.request(words, seed, start, prefix, max_length, threads);
            return self.with_smallest_ids(request, [&](auto sampled) {
              return to_list(sampled, self.alphabet);
            });
          },
          py::arg("words"), py::arg("seed"), py::arg("start"), py::arg("prefix"),
          py::arg("max_length"), py::arg("threads"))
      .def(
          "sample_ids",
          [](const Sampler& self, std::size_t words, std::uint64_t seed, std::uint64_t start,
             const py::str& prefix, std::size_t max_length, unsigned threads) {
            const auto request = self.request(words, seed, start, prefix, max_length, threads);
            return self.with_smallest_ids(request, [](auto sampled) -> py::tuple {
              return py::make_tuple(to_array(std::move(sampled.ids)),
                                    to_array(std::move(sampled.offsets)));
            });
          },
          py::arg("words"), py::arg("seed"), py::arg("start"), py::arg("prefix"),
          py::arg("max_length"), py::arg("threads"));
}

}  // namespace makemore
