// BigramModel and SparseBigramModel: their probabilities, and the likelihood of counts.
#include "bindings/register.hpp"
#include "core/model.hpp"
#include "core/sparse_model.hpp"

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

// V x V, read-only; written out anew each time.
FloatArray written_out(const SparseBigramModel& self) {
  const auto side = static_cast<py::ssize_t>(self.size());
  Buffer<double> all;
  {
    const py::gil_scoped_release unlocked;
    all = self.probabilities(signal_poll());
  }
  FloatArray array = to_array(std::move(all), {side, side});
  set_read_only(array);
  return array;
}

template <class Model>
Model make_model(const Bigrams& counts, double smoothing) {
  const py::gil_scoped_release unlocked;
  return Model(counts, smoothing, signal_poll());
}

template <class Model>
double log_likelihood(const Model& model, const Bigrams& counts) {
  const py::gil_scoped_release unlocked;
  return model.log_likelihood(counts, signal_poll());
}

}  // namespace

void register_model(py::module_& module) {
  py::class_<BigramModel, LanguageModel>(module, "BigramModel")
      .def(py::init(&make_model<BigramModel>), py::arg("counts"), py::arg("smoothing"))
      .def("probabilities", &probabilities)
      .def("log_likelihood", &log_likelihood<BigramModel>, py::arg("counts"));

  py::class_<SparseBigramModel, LanguageModel>(module, "SparseBigramModel")
      .def(py::init(&make_model<SparseBigramModel>), py::arg("counts"), py::arg("smoothing"))
      .def("probabilities", &written_out)
      .def("log_likelihood", &log_likelihood<SparseBigramModel>, py::arg("counts"));
}

}  // namespace makemore
