// An array of numbers that begin at zero, of which often only a part is used.
//
// The system hands out large memory as zeros, page by page when it is first touched; writing
// zeros to it as std::vector does would touch all of it.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace makemore {

template <class T>
class Zeroed {
  static_assert(std::is_arithmetic_v<T>);

 public:
  Zeroed() = default;
  explicit Zeroed(std::size_t size)
      : place_(static_cast<T*>(std::calloc(size, sizeof(T)))), size_(size) {
    if (!place_ && size > 0) throw std::bad_alloc();
  }

  T& operator[](std::size_t i) { return place_[i]; }
  const T& operator[](std::size_t i) const { return place_[i]; }
  T* data() { return place_.get(); }
  const T* data() const { return place_.get(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }

 private:
  struct Free {
    void operator()(T* place) const { std::free(place); }
  };
  std::unique_ptr<T[], Free> place_;
  std::size_t size_ = 0;
};

}  // namespace makemore
