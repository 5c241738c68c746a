// Which instruction set is used. The tests of the kernels run once for each (CMakeLists.txt).
#include "base/cpu.hpp"

#include <algorithm>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

TEST_CASE("every machine has the baseline and the best instruction set comes last") {
  const std::vector<std::string> names = available_isas();
  REQUIRE_FALSE(names.empty());
  CHECK(names.front() == "baseline");
  CHECK(std::find(names.begin(), names.end(), name_of(active_isa())) != names.end());
}

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)  // zig's library knows nothing
TEST_CASE("what the processor says of itself is what the compiler's own library reads") {
  const std::vector<std::string> names = available_isas();
  const auto there = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  __builtin_cpu_init();
  CHECK(there("avx2") == (__builtin_cpu_supports("avx2") != 0));
  CHECK(there("avx512") ==
        (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")));
}
#endif

TEST_CASE("any instruction set that is there can be forced and no other") {
  const std::string before = name_of(active_isa());
  const std::vector<std::string> names = available_isas();
  for (std::size_t i = 0; i < names.size(); ++i) {
    force_isa(names[i]);
    CHECK(name_of(active_isa()) == names[i]);
    CHECK(available_isas() == names);
  }
  force_isa("");
  CHECK(name_of(active_isa()) == names.back());
  CHECK(contains(error_of([] { force_isa("mmx"); }),
                 "MAKEMORE_FAST_ISA is 'mmx'; this machine has baseline"));
  CHECK(contains(error_of([] { force_isa("a\x1b[31m\xff"); }), "is 'a\\x1b[31m\\xff'; this"));
  CHECK(contains(error_of([] { force_isa(std::string(1000, 'a')); }), "aaa...'; this"));
  force_isa(before);
}

TEST_CASE("kernels are the first that the instruction set in use can run") {
  const std::string before = name_of(active_isa());
  const auto best = [] {
    return best_of<int>({{Isa::avx512, 3}, {Isa::avx2, 2}, {Isa::baseline, 1}, {Isa::baseline, 0}});
  };
  const std::vector<std::string> names = available_isas();
  for (std::size_t i = 0; i < names.size(); ++i) {
    force_isa(names[i]);
    CHECK(best() == static_cast<int>(i) + 1);
    CHECK(best_of<int>({{Isa::avx2, 2}, {Isa::baseline, 1}}) == (i == 0 ? 1 : 2));
    CHECK(includes(active_isa(), Isa::baseline));
  }
  force_isa(before);
}
