// The structs of Arrow's C data and C stream interfaces, as their specification gives them
// (https://arrow.apache.org/docs/format/CDataInterface.html): a public ABI, written down here
// so that no Arrow library is needed.
#pragma once

#include <cstdint>

extern "C" {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema* out);
  int (*get_next)(ArrowArrayStream*, ArrowArray* out);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};
}

namespace makemore {

// Owns one of the structs: releases it exactly once, as moving and destroying go.
template <class Struct>
class Arrow {
 public:
  Arrow() = default;
  // Moves the struct out of where somebody else would release it.
  explicit Arrow(Struct& from) : held_(from) { from.release = nullptr; }
  Arrow(Arrow&& other) noexcept : Arrow(other.held_) {}
  Arrow& operator=(Arrow&& other) noexcept {
    if (this != &other) {
      reset();
      held_ = other.held_;
      other.held_.release = nullptr;
    }
    return *this;
  }
  ~Arrow() { reset(); }

  void reset() {
    if (held_.release != nullptr) held_.release(&held_);
    held_.release = nullptr;
  }
  explicit operator bool() const { return held_.release != nullptr; }
  Struct* get() { return &held_; }
  const Struct& operator*() const { return held_; }
  const Struct* operator->() const { return &held_; }

 private:
  Struct held_{};
};

}  // namespace makemore
