// Seeds the generator, runs its recurrence, and tempers its outputs.
#include "torch/mt19937.hpp"

#include <algorithm>

namespace makemore {
namespace {

constexpr std::size_t kShift = 397;

// The state word that follows from its own place, the next and the one `kShift` further.
constexpr std::uint32_t recur(std::uint32_t here, std::uint32_t next, std::uint32_t far) {
  const std::uint32_t joined = (here & 0x80000000) | (next & 0x7FFFFFFF);
  return far ^ (joined >> 1) ^ ((0 - (joined & 1)) & 0x9908B0DF);
}

}  // namespace

Mt19937::Mt19937(std::uint32_t seed) {
  state_[0] = seed;
  for (std::uint32_t i = 1; i < kBlock; ++i) {
    state_[i] = 1812433253U * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
  }
  outputs_ = {};
}

Mt19937::Mt19937(const State& state, std::size_t used) : state_(state), used_(used) { temper(); }

bool Mt19937::possible(const State& state) {
  return state[0] >> 31 != 0 ||
         std::any_of(state.begin() + 1, state.end(), [](std::uint32_t word) { return word != 0; });
}

void Mt19937::refill() {
  constexpr std::size_t wrapped = kBlock - kShift;
  for (std::size_t i = 0; i < wrapped; ++i) {
    state_[i] = recur(state_[i], state_[i + 1], state_[i + kShift]);
  }
  for (std::size_t i = wrapped; i < kBlock - 1; ++i) {
    state_[i] = recur(state_[i], state_[i + 1], state_[i - wrapped]);
  }
  state_[kBlock - 1] = recur(state_[kBlock - 1], state_[0], state_[kShift - 1]);
  temper();
  used_ = 0;
}

void Mt19937::temper() {
  for (std::size_t i = 0; i < kBlock; ++i) {
    std::uint32_t x = state_[i];
    x ^= x >> 11;
    x ^= (x << 7) & 0x9D2C5680;
    x ^= (x << 15) & 0xEFC60000;
    outputs_[i] = x ^ (x >> 18);
  }
}

const std::uint32_t* Mt19937::take_across(std::size_t n, std::vector<std::uint32_t>& spare) {
  spare.resize(n);
  for (std::size_t have = 0; have < n;) {
    const auto some = rest().first(std::min(rest().size(), n - have));
    std::copy(some.begin(), some.end(), spare.begin() + static_cast<std::ptrdiff_t>(have));
    advance(some.size());
    have += some.size();
  }
  return spare.data();
}

}  // namespace makemore
