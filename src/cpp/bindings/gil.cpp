// Letting the GIL go and taking it, also while Python ends.
#include "bindings/gil.hpp"

#include <chrono>
#include <thread>

namespace makemore {
namespace {

// Whoever leaves its block without left() stays in it. What unwinds a stack runs destructors with
// every C++ library, but is not caught with every one.
class StaysUnlessLeft {
 public:
  StaysUnlessLeft() = default;
  StaysUnlessLeft(const StaysUnlessLeft&) = delete;
  StaysUnlessLeft& operator=(const StaysUnlessLeft&) = delete;
  ~StaysUnlessLeft() {
    while (!left_) std::this_thread::sleep_for(std::chrono::hours(1));
  }
  void left() { left_ = true; }

 private:
  bool left_ = false;
};

void restore_thread(PyThreadState* state) {
  StaysUnlessLeft here;
  PyEval_RestoreThread(state);
  here.left();
}

PyGILState_STATE take_gil() {
  StaysUnlessLeft here;
  const PyGILState_STATE state = PyGILState_Ensure();
  here.left();
  return state;
}

// Called by what no compiler sees through: in a destructor, out of which nothing may be thrown, it
// would leave out that anybody stays.
void (*volatile thread_restorer)(PyThreadState*) = restore_thread;
PyGILState_STATE (*volatile gil_taker)() = take_gil;

}  // namespace

WithoutGil::WithoutGil() : state_(PyEval_SaveThread()) {}
WithoutGil::~WithoutGil() { thread_restorer(state_); }

WithGil::WithGil() : state_(gil_taker()) {}
WithGil::~WithGil() { PyGILState_Release(state_); }

}  // namespace makemore
