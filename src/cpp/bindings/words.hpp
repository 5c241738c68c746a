// Words as Python has them, made the core's view: which adapter it takes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bindings/arrow_reader.hpp"
#include "bindings/python.hpp"
#include "bindings/word_source.hpp"

namespace makemore {

// The name of the column of a table that holds the words' weights.
using TableWeights = std::optional<std::string>;

// The adapters. A null in an array is an error or left out; one in a list is no word.
std::unique_ptr<WordSource> open_python_words(py::handle words, const WordOptions& options);
std::unique_ptr<WordSource> open_numpy_words(const py::array& words, const WordOptions& options);
std::unique_ptr<WordSource> open_string_dtype_words(const py::array& words,
                                                    const WordOptions& options);
std::unique_ptr<ArrowReader> open_arrow(py::handle words, const WordOptions& options,
                                        const TableWeights& weights = std::nullopt);

// The adapter for an object, chosen by what it offers and not by its type's name: list or
// tuple, NumPy array, Arrow's capsules, what NumPy can make an array of, any iterable.
std::unique_ptr<WordSource> open_words(py::handle words, const WordOptions& options = {});

// The words of a table that holds their weights too, read together: it may be a stream that
// can be read only once. TypeError for what is no table.
std::unique_ptr<ArrowReader> open_table(py::handle table, const WordOptions& options,
                                        const std::string& weights);

// The options as the package spells them; ValueError for others than those above.
WordOptions word_options(const std::optional<std::string>& column, const std::string& nulls,
                         const std::u32string& meant = {});

// What scores do with nulls; ValueError for other names than "raise", "skip" and "nan", which
// leaves out as "skip" does what the caller then puts in again.
Nulls nulls_of_scores(const std::string& nulls);

// The options of a model's words: its alphabet tells which symbols are meant.
WordOptions model_options(const Alphabet& alphabet,
                          const std::optional<std::string>& column = std::nullopt);

// The adapters' looks into an array that foreign code may have changed since the last one.
struct NumpyLook {
  const std::uint8_t* data;
  std::int64_t size;    // items
  std::int64_t stride;  // bytes from one to the next
};

// Raises ValueError if it is no longer 1-D or of that dtype.
NumpyLook look_at(const py::array& array, const py::dtype& dtype);

}  // namespace makemore
