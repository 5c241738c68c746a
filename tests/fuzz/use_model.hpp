// Asks a model for everything, whatever it was made of. Numbers stay probabilities, and every
// call ends or raises.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include "fuzz.hpp"
#include "models/language_model.hpp"
#include "sampling/sampling.hpp"
#include "text/utf8.hpp"

namespace makemore::fuzz {

// A poll that stops what takes very long: a word may end with a probability of 2^-32 only.
inline Poll stop_after(int polls) {
  return [polls]() mutable {
    if (--polls < 0) throw Error("enough");
  };
}

inline void check_row(const std::vector<double>& row) {
  for (const double p : row) PROMISE(p >= 0 && p <= 1.001);
  PROMISE(std::accumulate(row.begin(), row.end(), 0.0) <= 1.56);  // core/backoff/sum_check.cpp
}

inline void check_words(const LanguageModel& model, const SampleRequest& request,
                        const SampledWords<std::uint32_t>& words) {
  PROMISE(words.offsets.size() == request.words + 1);
  PROMISE(words.offsets.back() == static_cast<std::int64_t>(words.ids.size()));
  for (const std::uint32_t id : words.ids) PROMISE(id > 0 && id < model.size());
  for (std::size_t i = 0; i + 1 < words.offsets.size(); ++i) {
    const auto length = static_cast<std::size_t>(words.offsets[i + 1] - words.offsets[i]);
    PROMISE(length >= request.prefix.size());
    PROMISE(request.max_length == 0 || length <= request.max_length);
  }
}

// `choice` is any number, and chooses what is drawn.
inline void use_model(const LanguageModel& model, std::size_t choice) {
  const std::span<const char32_t> symbols = model.alphabet().symbols();
  std::vector<std::uint8_t> packed;
  const auto append = [&](char32_t symbol) {
    std::uint8_t utf8[4];
    packed.insert(packed.end(), utf8, encode(symbol, utf8));
  };
  for (std::size_t i = 1; i < std::min<std::size_t>(symbols.size(), 9); ++i) append(symbols[i]);
  append(U'\U0005A5A5');  // of no use to anybody, so unknown
  for (std::size_t i = 1; i < std::min<std::size_t>(symbols.size(), 9); ++i) append(symbols[i]);
  packed.push_back(kWordEnd);
  packed.push_back(kWordEnd);
  SymbolScores scores;
  model.score_symbols({packed}, scores, {});
  for (const double score : scores.values) PROMISE(score <= 1e-3);
  const std::unique_ptr<Cursor> cursor = model.cursor();
  const std::uint8_t* p = packed.data();
  for (const double score : scores.values) {  // the same, symbol by symbol
    const bool ends = *p == kWordEnd;
    const std::uint32_t id = ends ? 0 : inner_id(model.alphabet(), decode_valid(p));
    p += ends;
    std::vector<double> row(model.size());
    cursor->probabilities(row);
    check_row(row);
    PROMISE(cursor->step(id) == score);
  }
  const auto last = static_cast<std::uint32_t>(symbols.size() - 1);
  for (std::size_t length = 0; length < 6; length += 2) {
    if (last > 0) check_row(model.next(std::vector<std::uint32_t>(length, last)));
  }

  Truncation truncation;
  if (choice % 3 == 1) truncation.temperature = choice % 2 == 0 ? 0.5 : 2;
  if (choice % 5 == 1) truncation.top_k = 2;
  SampleRequest request;
  request.words = 3;
  request.seed = choice;
  request.max_length = choice % 2 == 0 ? 12 : 0;
  if (choice % 7 == 1 && last > 0) request.prefix = {last};
  request.threads = 1;
  const auto words = unless_error([&] {
    return sample_words<std::uint32_t>(*model.sampler(truncation), request, stop_after(20));
  });
  if (words) check_words(model, request, *words);
}

}  // namespace makemore::fuzz
