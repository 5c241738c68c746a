// Which instruction set is used. The tests of the kernels run once for each (CMakeLists.txt).
#include "base/cpu.hpp"

#include <algorithm>
#include <cstdlib>

#include "support.hpp"

using namespace makemore;
using namespace makemore::testing;

TEST_CASE("every machine has the baseline and the best instruction set comes last") {
  const std::vector<std::string> names = available_isas();
  REQUIRE_FALSE(names.empty());
  CHECK(names.front() == "baseline");
  CHECK(static_cast<std::size_t>(active_isa()) < names.size());
}

#ifndef _WIN32
TEST_CASE("the environment forces any instruction set that is there and no other") {
  const char* const before = std::getenv("MAKEMORE_FAST_ISA");
  const std::string saved = before == nullptr ? "" : before;
  const std::vector<std::string> names = available_isas();
  for (std::size_t i = 0; i < names.size(); ++i) {
    setenv("MAKEMORE_FAST_ISA", names[i].c_str(), 1);
    CHECK(static_cast<std::size_t>(active_isa()) == i);
    CHECK(available_isas() == names);
  }
  setenv("MAKEMORE_FAST_ISA", "", 1);
  CHECK(static_cast<std::size_t>(active_isa()) == names.size() - 1);
  setenv("MAKEMORE_FAST_ISA", "mmx", 1);
  CHECK(contains(error_of([] { active_isa(); }),
                 "MAKEMORE_FAST_ISA is 'mmx'; this machine has baseline"));
  setenv("MAKEMORE_FAST_ISA", saved.c_str(), 1);
}
#endif
