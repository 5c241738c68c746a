# Compiles by zig's clang (PyPI: ziglang) for the target in the environment variable ZIG_TARGET, such
# as x86_64-linux-musl or aarch64-macos, with the C and C++ libraries that zig brings.
string(REGEX MATCH "^([^-]+)-([^-]+)" parts "$ENV{ZIG_TARGET}")
set(CMAKE_SYSTEM_PROCESSOR "${CMAKE_MATCH_1}")
set(systems linux Linux windows Windows macos Darwin)
list(FIND systems "${CMAKE_MATCH_2}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "ZIG_TARGET must be such as x86_64-linux-musl; got '$ENV{ZIG_TARGET}'")
endif()
math(EXPR found "${found} + 1")
list(GET systems ${found} CMAKE_SYSTEM_NAME)
foreach(tool AR RANLIB)
  string(TOLOWER ${tool} name)
  set(CMAKE_${tool} "${CMAKE_CURRENT_LIST_DIR}/../.ci/zig/${name}")
endforeach()
set(CMAKE_CXX_COMPILER "${CMAKE_CURRENT_LIST_DIR}/../.ci/zig/c++")

set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)  # linking would make zig build its libraries

# What runs it here, and links it so that it needs nothing from here.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
  if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL CMAKE_HOST_SYSTEM_PROCESSOR)
    set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-${CMAKE_SYSTEM_PROCESSOR}")
  endif()
elseif(CMAKE_SYSTEM_NAME STREQUAL "Windows")
  set(CMAKE_CROSSCOMPILING_EMULATOR wine)
endif()

# doctest is a header, and so this machine's will do.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE NEVER)
