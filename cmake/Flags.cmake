# Warnings are errors, in both compilers; hardening in release; sanitizers by preset.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# assert stays on everywhere: it stands for a bug of ours, and stopping beats going on wrongly.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(VEDETTE_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")
option(VEDETTE_FUZZ "Build the fuzz drivers with libFuzzer (clang)" OFF)
option(VEDETTE_COVERAGE "Instrument for gcov" OFF)

add_library(vedette_flags INTERFACE)
target_compile_definitions(vedette_flags INTERFACE _GNU_SOURCE VEDETTE_VERSION="${PROJECT_VERSION}")
target_include_directories(vedette_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
target_compile_options(vedette_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wvla -Wformat=2 -Wundef -Wwrite-strings
  -Wimplicit-fallthrough -Werror -fno-omit-frame-pointer -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-include>
  $<$<COMPILE_LANGUAGE:C>:${CMAKE_SOURCE_DIR}/src/base/banned.h>)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(vedette_flags INTERFACE _FORTIFY_SOURCE=2)
  target_compile_options(vedette_flags INTERFACE -fstack-protector-strong -fPIE)
  target_link_options(vedette_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
if(VEDETTE_SANITIZE)
  target_compile_options(vedette_flags INTERFACE -fsanitize=${VEDETTE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(vedette_flags INTERFACE -fsanitize=${VEDETTE_SANITIZE})
endif()
if(VEDETTE_COVERAGE)
  target_compile_options(vedette_flags INTERFACE --coverage)
  target_link_options(vedette_flags INTERFACE --coverage)
endif()
