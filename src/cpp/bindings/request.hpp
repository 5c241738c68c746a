// What is to be drawn, as Python says it; and the forms in which drawn words are returned.
#pragma once

#include <string>

#include "base/error.hpp"
#include "bindings/python.hpp"
#include "bindings/sampled.hpp"
#include "sampling/sampling.hpp"

namespace makemore {

// A request but for its seed; the prefix is ids only to a model.
struct Request {
  std::size_t words;
  std::uint64_t start;
  py::str prefix;
  std::size_t max_length;
  unsigned threads;

  SampleRequest of(const Alphabet& alphabet, std::uint64_t seed) const {
    SampleRequest request;
    request.words = words;
    request.seed = seed;
    request.start = start;
    request.prefix = prefix_ids(alphabet, prefix);
    request.max_length = max_length;
    request.threads = threads;
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
  auto corpus = [&] {
    const py::gil_scoped_release unlocked;
    return whole(to_corpus(std::move(sampled.ids), std::move(sampled.offsets), alphabet, threads,
                           signal_poll()));
  }();
  return py::cast(std::move(corpus));
}

}  // namespace makemore
