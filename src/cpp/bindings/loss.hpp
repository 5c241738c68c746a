// The loss of words by their scores, for all kinds of models.
#pragma once

#include <optional>
#include <string>

#include "bindings/python.hpp"
#include "models/language_model.hpp"

namespace makemore {

using Column = std::optional<std::string>;  // of a table

// The sum of the words' scores and how many symbols they predict, ends included, each word as often
// as it counts (weighted_words.hpp).
py::tuple loss_by_scores(const LanguageModel& model, const py::object& words,
                         const py::object& weights, const Column& column);

}  // namespace makemore
