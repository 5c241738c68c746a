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
  FloatArray array = to_array(self.probabilities(), {side, side});
  set_read_only(array);
  return array;
}

}  // namespace

void register_model(py::module_& module) {
  py::class_<BigramModel, LanguageModel>(module, "BigramModel")
      .def(py::init<const Bigrams&, double>(), py::arg("counts"), py::arg("smoothing"))
      .def("probabilities", &probabilities)
      .def("log_likelihood", &BigramModel::log_likelihood, py::arg("counts"));

  py::class_<SparseBigramModel, LanguageModel>(module, "SparseBigramModel")
      .def(py::init<const Bigrams&, double>(), py::arg("counts"), py::arg("smoothing"),
           py::call_guard<py::gil_scoped_release>())
      .def("probabilities", &written_out)
      .def("log_likelihood", &SparseBigramModel::log_likelihood, py::arg("counts"));
}

}  // namespace makemore
