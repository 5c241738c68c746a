// The instruction sets that kernels are compiled for, and which one of them is used.
//
// The build targets the plain architecture; kernels compiled for more are picked at run time,
// by what the processor has. Every variant gives identical results. The environment variable
// MAKEMORE_FAST_ISA (baseline, avx2, avx512) forces a lower one.
//
// A new instruction set is one more entry of the list in cpu.cpp, and one more entry in the list
// of variants of each kernel that it has.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace makemore {

enum class Isa { baseline, avx2, avx512 };  // avx512: F, BW, VL, VBMI and VBMI2

// The instruction set in use: the best of this processor, or what MAKEMORE_FAST_ISA says, which
// is read once. Throws Error if that names one which is unknown or not there.
Isa active_isa();

// Uses another one from now on, for tests and benchmarks; "" as active_isa would. Throws Error
// as that does.
void force_isa(const std::string& name);

// The names of those that this processor has, the best last.
std::vector<std::string> available_isas();

// The name of one.
std::string name_of(Isa isa);

// Whether a processor that has one instruction set has another too.
bool includes(Isa one, Isa other);

// One way to run a kernel, and what it needs.
template <class Kernel>
struct Variant {
  Isa isa;
  Kernel kernel;
};

// The first variant that the instruction set in use can run; there must be one.
template <class Kernel, std::size_t n>
Kernel best_of(const Variant<Kernel> (&variants)[n]) {
  const Isa active = active_isa();
  std::size_t i = 0;
  while (!includes(active, variants[i].isa)) ++i;
  return variants[i].kernel;
}

}  // namespace makemore
