// How this extension was built, so that benchmarks can refuse a slow build; and the instruction set
// in use, which tests and benchmarks force.
#include <string>

#include "base/cpu.hpp"
#include "bindings/register.hpp"

namespace makemore {
namespace {

py::dict build_info() {
  py::dict info;
  info["version"] = MAKEMORE_FAST_VERSION;
  info["compiler"] = MAKEMORE_FAST_COMPILER;
  info["instruction_sets"] = available_isas();
  info["instruction_set"] = name_of(active_isa());
  info["build_type"] = MAKEMORE_FAST_BUILD_TYPE;
  info["sanitizers"] = MAKEMORE_FAST_SANITIZERS;
#ifdef __OPTIMIZE__
  info["optimised"] = true;
#else
  info["optimised"] = std::string(MAKEMORE_FAST_BUILD_TYPE) != "Debug";
#endif
  return info;
}

}  // namespace

void register_build_info(py::module_& module) {
  module.attr("__version__") = MAKEMORE_FAST_VERSION;
  (void)active_isa();  // read now, so that a wrong name in the environment fails the import
  module.def("force_isa", &force_isa, py::arg("name"));
  module.def("build_info", &build_info,
             "Return how the extension was built, and which instruction sets are here, as a dict.");
}

}  // namespace makemore
