// Some of a corpus' words: what the Python class holds, so that a slice copies nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "text/corpus.hpp"

namespace makemore {

struct CorpusSlice {
  std::shared_ptr<const Corpus> corpus;
  std::size_t first;
  std::size_t last;  // behind the last word

  std::size_t size() const { return last - first; }
};

inline CorpusSlice whole(Corpus corpus) {
  const std::size_t words = corpus.size();
  return {std::make_shared<const Corpus>(std::move(corpus)), 0, words};
}

}  // namespace makemore
