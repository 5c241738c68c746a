// The list of instruction sets, and the choice by the processor and the environment.
#include "base/cpu.hpp"

#include <atomic>
#include <cstdlib>

#include "base/error.hpp"

namespace makemore {
namespace {

struct InstructionSet {
  Isa isa;
  const char* name;
  Isa extends;  // whose kernels run too
  bool (*is_there)();
};

// The best last.
constexpr InstructionSet kSets[] = {
    {Isa::baseline, "baseline", Isa::baseline, [] { return true; }},
#ifdef MAKEMORE_X86_KERNELS
    {Isa::avx2, "avx2", Isa::baseline, [] { return __builtin_cpu_supports("avx2") != 0; }},
    {Isa::avx512, "avx512", Isa::avx2,
     [] {
       return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
              __builtin_cpu_supports("avx512vbmi2");
     }},
#endif
};

const InstructionSet& set_of(Isa isa) {
  const InstructionSet* set = kSets;
  while (set->isa != isa) ++set;
  return *set;
}

std::vector<const InstructionSet*> sets_here() {
#ifdef MAKEMORE_X86_KERNELS
  __builtin_cpu_init();
#endif
  std::vector<const InstructionSet*> here;
  for (const InstructionSet& set : kSets) {
    if (set.is_there()) here.push_back(&set);
  }
  return here;
}

Isa chosen(const std::string& name) {
  const std::vector<const InstructionSet*> here = sets_here();
  if (name.empty()) return here.back()->isa;
  std::string message = "MAKEMORE_FAST_ISA is '" + name + "'; this machine has";
  for (const InstructionSet* set : here) {
    if (name == set->name) return set->isa;
    message += std::string(" ") + set->name;
  }
  throw Error(message);
}

std::atomic<Isa>& in_use() {
  static std::atomic<Isa> isa = [] {
    const char* const forced = std::getenv("MAKEMORE_FAST_ISA");
    return chosen(forced == nullptr ? "" : forced);
  }();
  return isa;
}

}  // namespace

Isa active_isa() { return in_use().load(std::memory_order_relaxed); }

void force_isa(const std::string& name) { in_use() = chosen(name); }

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (const InstructionSet* set : sets_here()) names.emplace_back(set->name);
  return names;
}

std::string name_of(Isa isa) { return set_of(isa).name; }

bool includes(Isa one, Isa other) {
  while (one != other && one != Isa::baseline) one = set_of(one).extends;
  return one == other;
}

}  // namespace makemore
