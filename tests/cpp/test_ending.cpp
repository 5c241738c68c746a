// Words that can never end, or come to where nothing can be drawn, in models of every size.
#include "sampling/ending.hpp"

#include <map>
#include <memory>

#include "backoff/ngram_sampler.hpp"
#include "backoff/truncated_sampler.hpp"
#include "sampling.hpp"

using namespace makemore;
using namespace makemore::testing;

namespace {

using Arcs = std::map<std::uint32_t, std::vector<std::uint32_t>>;  // 0: the end

Outlook outlook_of(const Arcs& arcs, std::uint32_t start, bool must_end = true,
                   std::size_t work = 1) {
  return outlook(
      start, must_end,
      [&](std::uint32_t state, Steps& steps) {
        const auto found = arcs.find(state);
        if (found == arcs.end()) return;
        steps.work = work;
        for (const std::uint32_t to : found->second) {
          if (to == 0) {
            steps.ends = true;
          } else {
            steps.next.push_back(to);
          }
        }
      },
      nullptr);
}

// A model of one symbol of context whose rows are given; -1 stands for its shorter context.
std::shared_ptr<const Backoff> model_of(const std::vector<std::map<int, double>>& rows,
                                        const std::vector<double>& shortest) {
  Backoff model;
  const auto v = static_cast<std::uint32_t>(rows.size());
  model.order = 2;
  model.symbols = v;
  model.shortest = shortest;
  model.log_shortest.resize(v);
  model.follow = {0};
  for (const auto& row : rows) {
    model.parent.push_back(Backoff::kNone);
    const auto rest = row.find(-1);
    model.weight.push_back(row.empty() ? 1 : rest == row.end() ? 0 : rest->second);
    model.log_weight.push_back(0);
    for (const auto& [symbol, p] : row) {
      if (symbol < 0) continue;
      const auto id = static_cast<std::uint32_t>(symbol);
      model.symbol.push_back(id);
      model.followers.push_back({0, p, id});
    }
    model.follow.push_back(static_cast<std::uint32_t>(model.followers.size()));
  }
  return std::make_shared<const Backoff>(std::move(model));
}

Alphabet alphabet_of(std::size_t size) {
  std::vector<char32_t> others;
  for (std::size_t i = 1; i < size; ++i) others.push_back(static_cast<char32_t>(0x4E00 + i));
  return Alphabet(U'.', std::move(others));
}

std::string wide_error(const WordSampler& sampler, const SampleRequest& request) {
  return error_of([&] { sample_words<std::uint32_t>(sampler, request, nullptr); });
}

// Each symbol is followed by the next one, but for one in a million; the last by `last`.
std::shared_ptr<const Backoff> long_way(std::size_t symbols, const std::map<int, double>& last) {
  std::vector<std::map<int, double>> rows;
  for (std::size_t i = 0; i + 1 < symbols; ++i) {
    rows.push_back({{0, 1e-6}, {static_cast<int>(i) + 1, 1 - 1e-6}});
  }
  rows.push_back(last);
  return model_of(rows, std::vector<double>(symbols));
}

constexpr const char* kEndless =
    "a word can come to where it never ends; give max_length= and truncate=True";

}  // namespace

TEST_CASE("an outlook is good where every state that can be reached can reach the end") {
  CHECK(outlook_of({{1, {0}}}, 1) == Outlook::good);
  CHECK(outlook_of({{1, {2, 3}}, {2, {1}}, {3, {0}}}, 1) == Outlook::good);
  CHECK(outlook_of({{1, {1}}}, 1) == Outlook::endless);
  CHECK(outlook_of({{1, {0, 2}}, {2, {3}}, {3, {2}}}, 1) == Outlook::endless);
  CHECK(outlook_of({{1, {0}}, {2, {2}}}, 1) == Outlook::good);  // 2 is out of reach
  CHECK(outlook_of({{1, {0, 2}}, {2, {3}}}, 1) == Outlook::stuck);
  CHECK(outlook_of({{1, {0, 2}}, {2, {3}}, {3, {2}}}, 1, false) == Outlook::good);
  CHECK(outlook_of({{1, {0, 2}}, {2, {3}}}, 1, false) == Outlook::stuck);
}

TEST_CASE("an outlook over many states is unknown once an end is found, and else goes on") {
  Arcs arcs;
  for (std::uint32_t i = 1; i < 50'000; ++i) arcs[i] = {i + 1};
  arcs[50'000] = {50'000};
  CHECK(outlook_of(arcs, 1) == Outlook::endless);
  CHECK(outlook_of(arcs, 1, false) == Outlook::unknown);
  arcs[40'000].push_back(0);
  CHECK(outlook_of(arcs, 1) == Outlook::unknown);
  CHECK(outlook_of(arcs, 49'000) == Outlook::endless);
  CHECK(outlook_of({{1, {0, 2}}, {2, {2}}}, 1, true, 1 << 20) == Outlook::unknown);
}

TEST_CASE("an end that no draw gives is missed by n-gram samplers of every kind") {
  const Alphabet alphabet = alphabet_of(3);
  struct Case {
    std::vector<std::map<int, double>> rows;
    std::vector<double> shortest;
    std::string error;
  };
  const std::vector<double> even{0.2, 0.4, 0.4};
  const std::vector<double> no_end{0, 0.5, 0.5};
  for (const Case& one : {
           Case{{{{1, 1}}, {{0, 0.5}, {-1, 0.5}}, {{1, 1}}}, even, "no error"},
           Case{{{}, {}, {}}, even, "no error"},
           Case{{{}, {}, {}}, no_end, kEndless},
           Case{{{{1, 0.5}, {-1, 0.5}}, {{0, 1}}, {{-1, 0.5}, {2, 0.5}}}, no_end, "no error"},
           Case{{{{1, 0.5}, {-1, 0.5}}, {{0, 1}}, {{2, 1}}}, no_end, kEndless},
           Case{{{{1, 1}}, {{0, 0.5}, {2, 0.5}}, {{2, 1}}}, even, kEndless},
           Case{
               {{{1, 1}}, {{0, 1}, {2, 1e-12}}, {{2, 1}}}, even, "no error"},  // no draw comes to 2
           Case{{{{1, 1}}, {{0, 1e-12}, {2, 1}}, {{1, 1}}}, even, kEndless},
       }) {
    const auto model = model_of(one.rows, one.shortest);
    const NgramSampler plain(alphabet, model);
    const TruncatedSampler whole(alphabet, model, {1, 0});
    CHECK(sample_error(plain, request_for(1)) == one.error);
    CHECK(sample_error(whole, request_for(1)) == one.error);
    CHECK(sample_error(plain, request_for(0)) == one.error);  // drawing nothing checks all the same
    SampleRequest limited = request_for(200);
    limited.max_length = 5;
    CHECK(sample_error(plain, limited) == "no error");
    CHECK(sample_error(whole, limited) == "no error");
  }
}

TEST_CASE("where nothing can be drawn is found although the shorter context has shares") {
  const Alphabet alphabet = alphabet_of(3);
  const std::vector<double> nothing{0, 0, 0};
  const auto model = model_of({{{1, 0.5}, {2, 0.5}}, {{0, 1}}, {{0, 0.5}, {-1, 0.5}}}, nothing);
  const NgramSampler plain(alphabet, model);
  const std::string error = sample_error(plain, request_for(1));
  CHECK(contains(error, "nothing was ever seen"));
  SampleRequest request = request_for(100);
  request.prefix = {1};
  CHECK(sample_error(plain, request) == "no error");
  request.prefix = {2};
  CHECK(contains(sample_error(plain, request), "no symbol can be drawn there; use smoothing="));
}

TEST_CASE("what is too far off to be searched is found when a word comes to it") {
  constexpr std::size_t symbols = 3000;
  const Alphabet alphabet = alphabet_of(symbols);
  const auto last = static_cast<int>(symbols) - 1;
  for (const auto& [row, error] : {
           std::pair<std::map<int, double>, std::string>{{{last, 1}}, kEndless},
           {{{0, 0.5}, {last, 0.5}}, "no error"},
           {{{0, 0.5}, {-1, 0.5}}, "nothing was ever seen"},
       }) {
    const auto model = long_way(symbols, row);
    const NgramSampler plain(alphabet, model);
    CHECK(contains(wide_error(plain, request_for(100)), error));
    CHECK(wide_error(plain, request_for(0)) == "no error");  // no word comes to it
    SampleRequest request = request_for(100);
    request.threads = 3;
    request.prefix = {symbols - 1};  // from here on it is near
    CHECK(contains(wide_error(plain, request), error));
  }
  const TruncatedSampler whole(alphabet, long_way(symbols, {{last, 1}}), {1, 0});
  CHECK(wide_error(whole, request_for(1)) == kEndless);
  SampleRequest limited = request_for(3);
  limited.max_length = 20'000;
  CHECK(wide_error(whole, limited) == "no error");
}

TEST_CASE("a search can be stopped") {
  struct Stop {};
  const Poll stop = [] { throw Stop{}; };
  const StepsFrom on = [](std::uint32_t state, Steps& steps) { steps.next = {state + 1}; };
  CHECK_THROWS_AS(outlook(0, true, on, stop), Stop);
  const EndCheck check;
  CHECK_THROWS_AS(check.check(0, true, on, "''", stop), Stop);
}
