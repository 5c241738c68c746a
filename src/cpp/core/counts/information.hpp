// What counts tell by information theory, in nats, by relative frequencies.
//
// The context of an n-gram is all of its symbols but the last.
#pragma once

#include "base/buffer.hpp"
#include "base/poll.hpp"
#include "counts/ngrams.hpp"

namespace makemore {

// The mean of -log(n(n-gram) / n(context)) over all that was counted: the entropy of a symbol if
// its context is known (C. Shannon, "Prediction and entropy of printed English", 1951). Throws
// Error where no words were counted.
double conditional_entropy(const Ngrams& counts, const Poll& poll = {});

// log(P(n-gram) / (P(context) P(last symbol))) of each n-gram, in the order of their ids
// (R. Fano, "Transmission of information", 1961).
Buffer<double> mutual_information(const Ngrams& counts, const Poll& poll = {});

}  // namespace makemore
