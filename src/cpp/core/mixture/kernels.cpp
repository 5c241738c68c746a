// The kernels that every machine can run, and the choice between the variants.
#include "mixture/kernels.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/cpu.hpp"
#include "mixture/kernels_body.hpp"

namespace makemore {
namespace {

// Loops over 16 floats, which compilers make vector code of.
struct Plain {
  float lanes[kLanes];

  template <class Of>
  static Plain made(Of&& of) {
    Plain made;
    for (std::size_t i = 0; i < kLanes; ++i) made.lanes[i] = of(i);
    return made;
  }
  static Plain load(const float* from) {
    Plain made;
    std::memcpy(made.lanes, from, sizeof made.lanes);
    return made;
  }
  void store(float* to) const { std::memcpy(to, lanes, sizeof lanes); }
  static Plain all(float x) {
    return made([&](std::size_t) { return x; });
  }
  static Plain expand(std::uint32_t bits, const std::uint32_t* words) {
    Plain made = all(0);
    for (; bits != 0; bits &= bits - 1) {
      made.lanes[std::countr_zero(bits)] = std::bit_cast<float>(*words++);
    }
    return made;
  }
  Plain replaced(std::uint32_t lane, float x) const {
    Plain made = *this;
    if (lane < kLanes) made.lanes[lane] = x;
    return made;
  }
  friend Plain operator+(const Plain& a, const Plain& b) {
    return made([&](std::size_t i) { return a.lanes[i] + b.lanes[i]; });
  }
  friend Plain operator-(const Plain& a, const Plain& b) {
    return made([&](std::size_t i) { return a.lanes[i] - b.lanes[i]; });
  }
  friend Plain operator*(const Plain& a, const Plain& b) {
    return made([&](std::size_t i) { return a.lanes[i] * b.lanes[i]; });
  }
  friend Plain operator/(const Plain& a, const Plain& b) {
    return made([&](std::size_t i) { return a.lanes[i] / b.lanes[i]; });
  }
  Plain root() const {
    return made([&](std::size_t i) { return std::sqrt(lanes[i]); });
  }
  static Plain greater(const Plain& a, const Plain& b) {
    return made([&](std::size_t i) { return a.lanes[i] > b.lanes[i] ? a.lanes[i] : b.lanes[i]; });
  }
  static Plain power_of_two(const Plain& k) {
    return made([&](std::size_t i) {
      const auto exponent = static_cast<std::uint32_t>(static_cast<std::int32_t>(k.lanes[i]) + 127);
      return std::bit_cast<float>(exponent << 23);
    });
  }
  // m in [2/3, 4/3) and a whole k such that x = 2^k m.
  static Plain fraction(const Plain& x, Plain& k) {
    Plain m;
    for (std::size_t i = 0; i < kLanes; ++i) {
      const std::uint32_t above = std::bit_cast<std::uint32_t>(x.lanes[i]) - 0x3F2AAAAB;
      k.lanes[i] = static_cast<float>(static_cast<std::int32_t>(above) >> 23);
      m.lanes[i] = std::bit_cast<float>((above & 0x007FFFFF) + 0x3F2AAAAB);
    }
    return m;
  }
  float sum() const {
    float s[kLanes];
    std::memcpy(s, lanes, sizeof s);
    for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
      for (std::size_t i = 0; i < half; ++i) s[i] += s[i + half];
    }
    return s[0];
  }
  float largest() const {
    float most = lanes[0];
    for (const float x : lanes) most = x > most ? x : most;
    return most;
  }
};

constexpr MixtureKernels kPlain = kernels_of<Plain>();

}  // namespace

#ifdef MAKEMORE_X86_KERNELS
extern const MixtureKernels kMixtureKernelsAvx2;
extern const MixtureKernels kMixtureKernelsAvx512;
#endif
#ifdef MAKEMORE_ARM_KERNELS
extern const MixtureKernels kMixtureKernelsNeon;
#endif

const MixtureKernels& mixture_kernels() {
  return *best_of<const MixtureKernels*>({
#ifdef MAKEMORE_X86_KERNELS
      {Isa::avx512, &kMixtureKernelsAvx512},
      {Isa::avx2, &kMixtureKernelsAvx2},
#endif
#ifdef MAKEMORE_ARM_KERNELS
      {Isa::baseline, &kMixtureKernelsNeon},
#endif
      {Isa::baseline, &kPlain},
  });
}

}  // namespace makemore
