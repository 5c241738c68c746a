// One function a concept, each in the file of its name; module.cpp calls them.
#pragma once

#include "bindings/python.hpp"

namespace makemore {

void register_arpa(py::module_& module);
void register_build_info(py::module_& module);
void register_corpus(py::module_& module);
void register_counting(py::module_& module);
void register_counts(py::module_& module);
void register_examples(py::module_& module);
void register_interpolation(py::module_& module);
void register_language_model(py::module_& module);
void register_mixture(py::module_& module);
void register_model(py::module_& module);
void register_ngrams(py::module_& module);
void register_sampling(py::module_& module);
void register_tables(py::module_& module);
void register_tokens(py::module_& module);
void register_torch(py::module_& module);

}  // namespace makemore
