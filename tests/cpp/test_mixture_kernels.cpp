// The kernels of the mixture: each variant gives the bits of the plain formulas.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "base/cpu.hpp"
#include "mixture/fast_math.hpp"
#include "mixture/fit.hpp"
#include "mixture/kernels.hpp"

namespace makemore {
namespace {

// The sum of numbers in 16 lanes that are added up by halves.
float sum_of(const std::vector<float>& numbers) {
  std::vector<float> lanes(kLanes);
  for (std::size_t i = 0; i < numbers.size(); ++i) lanes[i % kLanes] += numbers[i];
  for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

struct Inputs {
  std::size_t symbols;
  std::vector<std::vector<float>> dense;  // with the other numbers in place
  RowWords words;
  std::vector<RowInput> rows;

  Inputs(std::size_t n, std::size_t of_symbols, std::mt19937& random) : symbols(of_symbols) {
    std::vector<std::size_t> firsts;
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<float>& row = dense.emplace_back(symbol_stride(symbols));
      std::vector<std::uint32_t> there;
      std::vector<float> numbers;
      for (std::uint32_t c = 0; c < symbols; ++c) {
        if (random() % (i + 1) != 0) continue;
        there.push_back(c);
        numbers.push_back(static_cast<float>(random() % 1000) / 64);
        row[c] = numbers.back();
      }
      firsts.push_back(words.size());
      const std::uint32_t blocks = append_row(words, there, numbers.data());
      rows.push_back({nullptr, blocks, 0, RowInput::kNoOther, 0});
      if (i % 3 == 1 && !there.empty()) {
        rows.back().other_symbol = there[random() % there.size()];
        rows.back().other = row[rows.back().other_symbol] = 0.5F;
      }
    }
    add_slack(words);
    for (std::size_t i = 0; i < n; ++i) rows[i].words = words.data() + firsts[i];
  }
};

std::vector<float> numbers(std::size_t n, std::mt19937& random) {
  std::vector<float> some(n);
  for (float& x : some) x = static_cast<float>(random() % 10000) / 3000 - 1.5F;
  return some;
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

TEST_CASE("the kernels of the mixture give the bits of their formulas") {
  std::mt19937 random(1);
  for (const std::string& isa : available_isas()) {
    force_isa(isa);
    const MixtureKernels& kernels = mixture_kernels();
    for (const std::size_t symbols : std::vector<std::size_t>{1, 2, 27, 31, 32, 33, 69, 200}) {
      CAPTURE(isa);
      CAPTURE(symbols);
      const std::size_t stride = symbol_stride(symbols);
      const std::size_t n = 9;
      const Inputs inputs(n, symbols, random);
      const std::vector<float> a = numbers(n, random);
      std::vector<std::vector<float>> weights;  // w, h and s
      for (std::size_t i = 0; i < n; ++i) {
        weights.push_back(numbers(3 * stride, random));
        for (std::size_t c = 0; c < 2 * stride; ++c) {
          weights.back()[stride + c] = std::abs(weights.back()[stride + c]) + 0.1F;
        }
      }

      std::vector<float> z(stride), expected(stride);
      std::vector<const float*> rows;
      for (const auto& row : weights) rows.push_back(row.data());
      kernels.add_rows(inputs.rows.data(), a.data(), rows.data(), n, z.data(), stride);
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t c = 0; c < stride; ++c) {
          expected[c] += (a[i] + weights[i][c]) * inputs.dense[i][c];
        }
      }
      CHECK(same(z, expected));

      std::vector<float> shares = z;
      kernels.log_shares(shares.data(), symbols);
      float most = z[0];
      for (std::size_t c = 0; c < symbols; ++c) most = std::max(most, z[c]);
      std::vector<float> exponentials(stride);
      for (std::size_t c = 0; c < stride; ++c) {
        exponentials[c] = fast_exp(c < symbols ? z[c] - most : kImpossible);
      }
      const float log_of_sum = most + fast_log(sum_of(exponentials));
      for (std::size_t c = 0; c < symbols; ++c) CHECK(shares[c] == z[c] - log_of_sum);
      std::vector<float> made = z;
      CHECK(kernels.exponentials(made.data(), symbols) == sum_of(exponentials));
      for (std::size_t c = 0; c < symbols; ++c) CHECK(made[c] == exponentials[c]);

      const std::vector<float> r = numbers(stride, random);
      std::vector<std::vector<float>> moved = weights;
      std::vector<float*> to;
      for (auto& row : moved) to.push_back(row.data());
      std::vector<float> slopes(n);
      kernels.learn_rows(inputs.rows.data(), to.data(), n, r.data(), 0.03F, slopes.data(), stride);
      for (std::size_t i = 0; i < n; ++i) {
        std::vector<float> lanes(kLanes);
        for (std::size_t c = 0; c < stride; ++c) {
          const float g = r[c] * inputs.dense[i][c];
          float* const w = weights[i].data() + c;
          w[stride] += g * g;
          w[0] += 0.03F * g * w[2 * stride];
        }
        for (std::size_t c = 0; c < stride; c += 2 * kLanes) {
          for (std::size_t k = 0; k < kLanes; ++k) {
            const std::size_t high = c + kLanes + k;
            const float both = r[c + k] * inputs.dense[i][c + k] + r[high] * inputs.dense[i][high];
            lanes[k] = c == 0 && stride == 2 * kLanes ? both : lanes[k] + both;
          }
        }
        CHECK(same(moved[i], weights[i]));
        CHECK(slopes[i] == sum_of(lanes));
      }
    }

    const std::size_t n = 32;
    std::vector<float> kept(n), above(n), x(n), q(n);
    for (std::size_t i = 0; i < n; ++i) {
      kept[i] = static_cast<float>(1 + random() % 100) / 8;
      above[i] = static_cast<float>(1 + random() % 1000) / 4096;
    }
    kernels.raise(kept.data(), above.data(), 0.6F, 0.3F, x.data(), q.data(), n);
    for (std::size_t i = 0; i < n; ++i) {
      const float from_above = 0.6F * above[i];
      CHECK(x[i] == fast_log(1 + kept[i] / from_above));
      CHECK(q[i] == (kept[i] + from_above) * 0.3F);
    }
    const std::vector<float> slopes = numbers(n, random);
    std::vector<float> w = numbers(n, random);
    std::vector<float> h(n, 2), s(n, 0.5F), w2 = w, h2 = h, s2 = s;
    kernels.learn(w.data(), h.data(), slopes.data(), 0.01F, n);
    for (std::size_t i = 0; i < n; ++i) {
      h2[i] += slopes[i] * slopes[i];
      w2[i] += 0.01F * slopes[i] / std::sqrt(h2[i]);
    }
    CHECK(same(w, w2));
    CHECK(same(h, h2));
    for (const bool refresh : {false, true}) {
      kernels.learn_scaled(w.data(), h.data(), s.data(), slopes.data(), 0.01F, refresh, n);
      for (std::size_t i = 0; i < n; ++i) {
        h2[i] += slopes[i] * slopes[i];
        if (refresh) s2[i] = 1 / std::sqrt(h2[i]);
        w2[i] += 0.01F * slopes[i] * s2[i];
      }
      CHECK(same(w, w2));
      CHECK(same(s, s2));
    }
    const float* const parts[] = {w.data(), h.data(), s.data()};
    std::vector<float> sum(n);
    kernels.sum_rows(parts, 3, sum.data(), n);
    for (std::size_t i = 0; i < n; ++i) CHECK(sum[i] == w[i] + h[i] + s[i]);
    kernels.refresh(s.data(), h.data(), n);
    for (std::size_t i = 0; i < n; ++i) CHECK(s[i] == 1 / std::sqrt(h[i]));
  }
  force_isa("");
}

TEST_CASE("every instruction set makes the same mixture") {
  std::mt19937 random(3);
  WordList words(U'.');
  std::vector<std::uint8_t> text;
  for (int i = 0; i < 600; ++i) {
    for (auto length = 1 + random() % 7; length > 0; --length) {
      text.push_back(static_cast<std::uint8_t>('a' + random() % 5 * (random() % 9)));
    }
    text.push_back(kWordEnd);
  }
  words.add({text});
  std::vector<float> weights;
  std::vector<double> scores;
  for (const std::string& isa : available_isas()) {
    force_isa(isa);
    const MixtureModel model =
        fit(words, {Chain("h1 h2 h3 h4"), Chain("p15 h1 f0"), Chain("y6 v1 q1")}, {}, {});
    std::vector<double> of_model;
    model.score({text}, of_model, {});
    if (weights.empty()) {
      weights = model.weights().values();
      scores = of_model;
    }
    CHECK(same(model.weights().values(), weights));
    CHECK(of_model == scores);
  }
  force_isa("");
}

}  // namespace makemore
