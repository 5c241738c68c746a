// The one place where an instruction set is chosen.
//
// The build targets the plain architecture; kernels compiled for more are picked here, at
// run time, by what the processor has. Every variant gives identical results. The
// environment variable MAKEMORE_FAST_ISA (baseline, avx2, avx512) forces a lower one, which
// is how the tests run them all.
#pragma once

#include <string>
#include <vector>

namespace makemore {

enum class Isa { baseline, avx2, avx512 };  // avx512: F, BW, VL, VBMI and VBMI2

// The best instruction set of this processor, or what MAKEMORE_FAST_ISA says. Throws Error
// if that names one which is unknown or not there. Looked up at each call: it is cheap.
Isa active_isa();

// The names that MAKEMORE_FAST_ISA may have here, the best last.
std::vector<std::string> available_isas();

}  // namespace makemore
