// A vector whose new elements are left as they are, for memory that is about to be written.
//
// std::vector zeroes what it adds, which for large results costs as much as the work itself;
// and so does the system's handing out of memory in small pages.
#pragma once

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace makemore {

template <class T>
struct LeaveAsIs : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = LeaveAsIs<U>;
  };

  // What is large begins where a huge page may, and asks for huge pages.
  static constexpr std::size_t kHugePage = std::size_t{1} << 21;
  static constexpr bool is_large(std::size_t n) { return n >= 2 * kHugePage / sizeof(T); }

  T* allocate(std::size_t n) {
    if (!is_large(n)) return std::allocator<T>::allocate(n);
    if (n > std::size_t(-1) / sizeof(T)) throw std::bad_array_new_length();
    void* const place = ::operator new(n * sizeof(T), std::align_val_t(kHugePage));
#ifdef MADV_HUGEPAGE
    (void)madvise(place, n * sizeof(T) / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
    return static_cast<T*>(place);
  }
  void deallocate(T* place, std::size_t n) {
    if (!is_large(n)) return std::allocator<T>::deallocate(place, n);
    ::operator delete(place, std::align_val_t(kHugePage));
  }

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
