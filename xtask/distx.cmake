# CMake toolchain: cmake -DCMAKE_TOOLCHAIN_FILE=<root>/share/distx.cmake [-DDISTX_ARCH=aarch64] ...
get_filename_component(DISTX_ROOT "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
if(NOT DISTX_ARCH)
  set(DISTX_ARCH x86_64)
endif()
set(DISTX_ARCH "${DISTX_ARCH}" CACHE STRING "CPU of the programs: x86_64 or aarch64")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES DISTX_ARCH)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR "${DISTX_ARCH}")
set(CMAKE_C_COMPILER "${DISTX_ROOT}/bin/${DISTX_ARCH}-distx-cc")
set(CMAKE_CXX_COMPILER "${DISTX_ROOT}/bin/${DISTX_ARCH}-distx-c++")
set(CMAKE_ASM_COMPILER "${CMAKE_C_COMPILER}")
foreach(tool ADDR2LINE AR NM OBJCOPY OBJDUMP RANLIB READELF STRIP)
  string(TOLOWER "${tool}" name)
  set(CMAKE_${tool} "${DISTX_ROOT}/bin/distx-${name}" CACHE FILEPATH "")
endforeach()

# The host's libraries and headers are for another C library.
set(CMAKE_FIND_ROOT_PATH
    "${DISTX_ROOT}/distx.org_2024-xlibc-${DISTX_ARCH}" "${DISTX_ROOT}/distx.org_2024-llvm-libcxx-${DISTX_ARCH}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Tests and generators of a project run under the loader.
set(CMAKE_CROSSCOMPILING_EMULATOR "${DISTX_ROOT}/distx.org_2024-xload-${DISTX_ARCH}/bin/xload_linux")
if(NOT DISTX_ARCH STREQUAL CMAKE_HOST_SYSTEM_PROCESSOR)
  set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-${DISTX_ARCH};${CMAKE_CROSSCOMPILING_EMULATOR}")
endif()
