// The list of instruction sets, and the choice by the processor and the environment.
#include "base/cpu.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>

#include "base/compiler.hpp"
#include "base/error.hpp"

namespace makemore {
namespace {

struct InstructionSet {
  Isa isa;
  const char* name;
  Isa extends;  // whose kernels run too
  bool (*is_there)();
};

#ifdef MAKEMORE_X86_KERNELS
// Bits of CPUID and XCR0, as the manuals of the processors number them.
constexpr std::uint32_t bits(std::initializer_list<unsigned> numbers) {
  std::uint32_t all = 0;
  for (const unsigned number : numbers) all |= std::uint32_t{1} << number;
  return all;
}
constexpr bool has(std::uint32_t value, std::uint32_t wanted) { return (value & wanted) == wanted; }

bool has_avx2() {
  if (cpuid(0, 0).a < 7) return false;
  const std::uint32_t basic = cpuid(1, 0).c;
  return has(basic, bits({23, 27, 28})) &&        // POPCNT, OSXSAVE, AVX
         has(saved_registers(), bits({1, 2})) &&  // XMM and YMM
         has(cpuid(7, 0).b, bits({5}));           // AVX2
}

bool has_avx512() {
  if (!has_avx2()) return false;
  const CpuidAnswer extended = cpuid(7, 0);
  return has(saved_registers(), bits({5, 6, 7})) &&    // masks and ZMM
         has(extended.b, bits({3, 8, 16, 30, 31})) &&  // BMI1, BMI2, F, BW, VL
         has(extended.c, bits({1, 6}));                // VBMI, VBMI2
}
#endif

// The best last.
constexpr InstructionSet kSets[] = {
    {Isa::baseline, "baseline", Isa::baseline, [] { return true; }},
#ifdef MAKEMORE_X86_KERNELS
    {Isa::avx2, "avx2", Isa::baseline, has_avx2},
    {Isa::avx512, "avx512", Isa::avx2, has_avx512},
#endif
};

const InstructionSet& set_of(Isa isa) {
  const InstructionSet* set = kSets;
  while (set->isa != isa) ++set;
  return *set;
}

std::vector<const InstructionSet*> sets_here() {
  std::vector<const InstructionSet*> here;
  for (const InstructionSet& set : kSets) {
    if (set.is_there()) here.push_back(&set);
  }
  return here;
}

// A name from the environment, which may be any bytes, so that it can be shown.
std::string shown(const std::string& name) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : name.substr(0, 60)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      text += c;
    } else {
      text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return name.size() > 60 ? text + "..." : text;
}

Isa chosen(const std::string& name) {
  const std::vector<const InstructionSet*> here = sets_here();
  if (name.empty()) return here.back()->isa;
  std::string message = "MAKEMORE_FAST_ISA is '" + shown(name) + "'; this machine has";
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
