// Asking the processor, and the environment.
#include "base/cpu.hpp"

#include <cstdlib>

#include "base/error.hpp"

namespace makemore {
namespace {

constexpr const char* kNames[] = {"baseline", "avx2", "avx512"};

Isa best_isa() {
#ifdef MAKEMORE_X86_KERNELS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
      __builtin_cpu_supports("avx512vbmi2")) {
    return Isa::avx512;
  }
  if (__builtin_cpu_supports("avx2")) return Isa::avx2;
#endif
  return Isa::baseline;
}

}  // namespace

std::vector<std::string> available_isas() {
  return {kNames, kNames + static_cast<int>(best_isa()) + 1};
}

Isa active_isa() {
  const char* const forced = std::getenv("MAKEMORE_FAST_ISA");
  if (forced == nullptr || *forced == '\0') return best_isa();
  const std::vector<std::string> names = available_isas();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == forced) return static_cast<Isa>(i);
  }
  std::string message = "MAKEMORE_FAST_ISA is '" + std::string(forced) + "'; this machine has";
  for (const std::string& name : names) message += " " + name;
  throw Error(message);
}

}  // namespace makemore
