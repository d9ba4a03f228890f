# CMake toolchain: cmake -DCMAKE_TOOLCHAIN_FILE=<root>/share/distx.cmake [-DDISTX_ARCH=aarch64] ...
#
# Found are the packages of the root, and what the user names: CMAKE_FIND_ROOT_PATH, CMAKE_PREFIX_PATH and <Name>_ROOT, as
# options or in the environment. What else this machine has is for another C library.
set(DISTX_ARCH x86_64 CACHE STRING "CPU of the programs: x86_64 or aarch64")
set_property(CACHE DISTX_ARCH PROPERTY STRINGS x86_64 aarch64)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES DISTX_ARCH)

# The root, or the package of the tools in it.
get_filename_component(DISTX_TOOLS "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(DISTX_ROOT "${DISTX_TOOLS}")
if(DISTX_TOOLS MATCHES "/distx\\.org_2024-[^/]*$")
  get_filename_component(DISTX_ROOT "${DISTX_TOOLS}/.." ABSOLUTE)
endif()
set(DISTX_SUFFIX "")
set(DISTX_LOADER xload_linux)
if(CMAKE_HOST_WIN32)
  set(DISTX_SUFFIX .exe)
  set(DISTX_LOADER xload_windows.exe)
endif()

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR "${DISTX_ARCH}")
set(CMAKE_C_COMPILER "${DISTX_TOOLS}/bin/${DISTX_ARCH}-distx-cc${DISTX_SUFFIX}")
set(CMAKE_CXX_COMPILER "${DISTX_TOOLS}/bin/${DISTX_ARCH}-distx-c++${DISTX_SUFFIX}")
set(CMAKE_ASM_COMPILER "${CMAKE_C_COMPILER}")
foreach(tool ADDR2LINE AR NM OBJCOPY OBJDUMP RANLIB READELF STRIP)
  string(TOLOWER "${tool}" name)
  set(CMAKE_${tool} "${DISTX_TOOLS}/bin/distx-${name}${DISTX_SUFFIX}" CACHE FILEPATH "")
endforeach()
# check_ipo_supported() asks for those that know the compiler's objects: LLVM's do.
foreach(language C CXX ASM)
  foreach(tool AR RANLIB)
    set(CMAKE_${language}_COMPILER_${tool} "${CMAKE_${tool}}" CACHE FILEPATH "")
  endforeach()
endforeach()
set(PKG_CONFIG_EXECUTABLE "${DISTX_TOOLS}/bin/${DISTX_ARCH}-distx-pkg-config${DISTX_SUFFIX}" CACHE FILEPATH "")

# A prefix that is one of these folders is searched as it is. The root's packages come last: what a user names wins.
foreach(variable CMAKE_PREFIX_PATH CMAKE_FIND_ROOT_PATH)
  set(paths "$ENV{${variable}}")
  if(NOT CMAKE_HOST_WIN32)
    string(REPLACE ":" ";" paths "${paths}")
  endif()
  list(APPEND CMAKE_FIND_ROOT_PATH ${${variable}} ${paths})
endforeach()
get_cmake_property(variables VARIABLES)
execute_process(COMMAND "${CMAKE_COMMAND}" -E environment OUTPUT_VARIABLE environment)
string(REGEX MATCHALL "\n[A-Za-z0-9_]+_ROOT=" environment "\n${environment}")
foreach(variable IN LISTS variables)
  if(variable MATCHES "^[A-Za-z0-9].*_ROOT$" AND NOT variable STREQUAL "DISTX_ROOT" AND IS_DIRECTORY "${${variable}}")
    list(APPEND CMAKE_FIND_ROOT_PATH "${${variable}}")
  endif()
endforeach()
foreach(variable IN LISTS environment)
  string(REGEX REPLACE "[\n=]" "" variable "${variable}")
  if(NOT variable STREQUAL "DISTX_ROOT" AND IS_DIRECTORY "$ENV{${variable}}")
    list(APPEND CMAKE_FIND_ROOT_PATH "$ENV{${variable}}")
  endif()
endforeach()
file(GLOB packages "${DISTX_ROOT}/*-${DISTX_ARCH}" "${DISTX_ROOT}/*-common")
list(APPEND CMAKE_FIND_ROOT_PATH ${packages})
list(REMOVE_DUPLICATES CMAKE_FIND_ROOT_PATH)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# For modules CMake asks clang-scan-deps, which knows of the command line and not what our driver adds to it.
if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.28)
  string(CONCAT CMAKE_CXX_FLAGS_INIT "--target=${DISTX_ARCH}-unknown-linux-musl"
    " \"--sysroot=${DISTX_ROOT}/distx.org_2024-xlibc-${DISTX_ARCH}\""
    " \"-stdlib++-isystem${DISTX_ROOT}/distx.org_2024-llvm-libcxx-common/include/c++/v1\"")
endif()

# find_package(OpenMP) asks the compiler which libraries it links, and ours adds them in a later step.
foreach(language C CXX)
  set(OpenMP_${language}_FLAGS -fopenmp CACHE STRING "")
  set(OpenMP_${language}_LIB_NAMES omp CACHE STRING "")
endforeach()
set(OpenMP_omp_LIBRARY "${DISTX_ROOT}/distx.org_2024-llvm-rt-${DISTX_ARCH}/lib/libomp.so" CACHE FILEPATH "")

# Tests, try_run() and generators of a project run under the loader.
set(CMAKE_CROSSCOMPILING_EMULATOR "${DISTX_ROOT}/distx.org_2024-xload-${DISTX_ARCH}/bin/${DISTX_LOADER}")
string(REPLACE AMD64 x86_64 DISTX_MACHINE "${CMAKE_HOST_SYSTEM_PROCESSOR}")
if(NOT DISTX_ARCH STREQUAL DISTX_MACHINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-${DISTX_ARCH};${CMAKE_CROSSCOMPILING_EMULATOR}")
endif()
