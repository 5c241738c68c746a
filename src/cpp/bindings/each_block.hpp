// The words that a model is asked about, a block at a time.
#pragma once

#include "bindings/loss.hpp"
#include "bindings/words.hpp"

namespace makemore {

// Calls use(block) for the words, block by block, without the GIL.
template <class Use>
void each_block(const LanguageModel& model, const py::object& words, const Column& column,
                Use&& use) {
  const auto source = open_words(words, model_options(model.alphabet(), column));
  while (source->next()) {
    const WithoutGil unlocked;
    use(source->text());
  }
}

}  // namespace makemore
