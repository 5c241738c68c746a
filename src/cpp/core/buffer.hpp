// A vector whose new elements are left as they are, for memory that is about to be written.
//
// std::vector zeroes what it adds, which for large results costs as much as the work itself.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace makemore {

template <class T>
struct LeaveAsIs : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = LeaveAsIs<U>;
  };
  template <class U, class... Arguments>
  void construct(U* place, Arguments&&... arguments) {
    if constexpr (sizeof...(Arguments) == 0) {
      ::new (static_cast<void*>(place)) U;
    } else {
      ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
    }
  }
};

template <class T>
using Buffer = std::vector<T, LeaveAsIs<T>>;

}  // namespace makemore
