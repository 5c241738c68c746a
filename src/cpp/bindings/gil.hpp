// The GIL: let go for work of the core, and taken for a moment by that work.
//
// A daemon thread that asks for it while Python ends does not get it. Before 3.14 Python then ends
// the thread by unwinding its stack, and the whole process with it: at the first destructor, or at
// the first `catch (...)`. Here such a thread waits for the end of the process, as it does in 3.14.
#pragma once

#include <pybind11/detail/common.h>  // Python.h, with what has to stand around it

namespace makemore {

// A block without the GIL, of a thread that has it.
class WithoutGil {
 public:
  WithoutGil();
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;
  ~WithoutGil();

 private:
  PyThreadState* state_;
};

// A block with the GIL, of any thread.
class WithGil {
 public:
  WithGil();
  WithGil(const WithGil&) = delete;
  WithGil& operator=(const WithGil&) = delete;
  ~WithGil();

 private:
  PyGILState_STATE state_;
};

}  // namespace makemore
