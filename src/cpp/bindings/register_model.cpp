// BigramModel: its probabilities, and the likelihood of counts.
#include "bindings/register.hpp"
#include "core/model.hpp"

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

}  // namespace

void register_model(py::module_& module) {
  py::class_<BigramModel, LanguageModel>(module, "BigramModel")
      .def(py::init<const Bigrams&, double>(), py::arg("counts"), py::arg("smoothing"))
      .def("probabilities", &probabilities)
      .def("log_likelihood", &BigramModel::log_likelihood, py::arg("counts"));
}

}  // namespace makemore
