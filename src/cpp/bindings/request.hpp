// What is to be drawn, as Python says it; and the forms in which drawn words are returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/error.hpp"
#include "bindings/python.hpp"
#include "bindings/sampled.hpp"
#include "bindings/word_source.hpp"
#include "sampling/sampling.hpp"

namespace makemore {

// Conditions on words. `match` is None, or takes a list of str and returns whether each matches.
struct Conditions {
  std::size_t min_length;
  std::size_t max_length;
  py::object suffix;
  py::object contains;
  py::object match;

  // This must outlive what is returned.
  WordConditions of(const Alphabet& alphabet) const {
    WordConditions conditions;
    conditions.min_length = min_length;
    conditions.max_length = max_length;
    conditions.suffix = part_ids(alphabet, suffix, "suffix=");
    conditions.contains = part_ids(alphabet, contains, "contains=");
    if (match.is_none()) return conditions;
    // By address: an object must not be copied without the GIL.
    conditions.match = [this, &alphabet](std::span<const std::uint32_t> ids,
                                         std::span<const std::int64_t> ends,
                                         std::span<std::uint8_t> accepted) {
      SampledWords<std::uint32_t> words;
      words.ids.assign(ids.begin(), ids.end());
      words.offsets.push_back(0);
      words.offsets.insert(words.offsets.end(), ends.begin(), ends.end());
      const WithGil gil;
      const py::list matches(match(to_list(words, alphabet)));
      for (std::size_t i = 0; i < accepted.size(); ++i) {
        accepted[i] = matches[i].cast<bool>() ? 1 : 0;
      }
    };
    return conditions;
  }
};

// A request but for its seed; the prefix is ids only to a model.
struct Request {
  std::size_t words;
  std::uint64_t start;
  py::object prefix;
  std::size_t max_length;
  unsigned threads;
  Conditions conditions;

  // This must outlive what is returned.
  SampleRequest of(const Alphabet& alphabet, std::uint64_t seed) const {
    SampleRequest request;
    request.words = words;
    request.seed = seed;
    request.start = start;
    request.prefix = part_ids(alphabet, prefix, "prefix=");
    request.max_length = max_length;
    request.conditions = conditions.of(alphabet);
    // Python runs in one thread at a time, and it is the caller's that Ctrl-C interrupts.
    request.threads = request.conditions.match ? 1 : threads;
    return request;
  }
};

enum class Form { list, ids, corpus };

inline Form form_of(const std::string& name) {
  if (name == "list") return Form::list;
  if (name == "ids") return Form::ids;
  if (name == "corpus") return Form::corpus;
  throw Error("words have the form list, ids or corpus, got " + name);
}

// Drawn words in a form: a list of str, (ids, offsets), or a corpus.
template <class Id>
py::object in_form(Form form, SampledWords<Id>&& sampled, const Alphabet& alphabet,
                   unsigned threads) {
  switch (form) {
    case Form::list: return to_list(sampled, alphabet);
    case Form::ids: return to_arrays(std::move(sampled));
    case Form::corpus: break;
  }
  if (alphabet.vocabulary() && alphabet.vocabulary()->rules().cut == TokenRules::Cut::listed) {
    throw WrongType(
        "a corpus holds words that are str, and those of this model are lists of tokens");
  }
  auto corpus = [&] {
    const WithoutGil unlocked;
    return whole(to_corpus(std::move(sampled.ids), std::move(sampled.offsets), alphabet, threads,
                           signal_poll()));
  }();
  return py::cast(std::move(corpus));
}

}  // namespace makemore
