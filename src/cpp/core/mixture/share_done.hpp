// How much of the work is done, as several threads tell it and a progress bar asks for it.
#pragma once

#include <atomic>

namespace makemore {

struct ShareDone {
  std::atomic<double>* done = nullptr;  // the share of the whole, if wanted

  // LLVM's library has no += for atomic doubles before 18.
  void add(double part) const {
    if (done == nullptr) return;
    double before = *done;
    while (!done->compare_exchange_weak(before, before + part)) {
    }
  }
};

}  // namespace makemore
