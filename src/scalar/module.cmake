# The families of src/scalar as WebAssembly, one module each, and their code as a C file of the library.
set(wasm_dir ${CMAKE_BINARY_DIR}/wasm)
set(wasm_flags --target=wasm32-wasi -std=gnu17 -Os -D_Thread_local= -D_GNU_SOURCE -I${CMAKE_SOURCE_DIR}/src/scalar/wasm
    -I${CMAKE_SOURCE_DIR}/src -include ${CMAKE_SOURCE_DIR}/src/base/banned.h -Wall -Wextra -Werror -Wno-format)
find_program(WASM_CLANG clang-14 REQUIRED)
file(MAKE_DIRECTORY ${wasm_dir})

function(vedette_wasm_object source object)
  add_custom_command(OUTPUT ${object}
    COMMAND ${CCACHE} ${WASM_CLANG} ${wasm_flags} ${ARGN} -MMD -MF ${object}.d -c ${source} -o ${object}
    DEPENDS ${source} DEPFILE ${object}.d VERBATIM COMMENT "Building WebAssembly ${object}")
endfunction()

set(wasm_objects)
file(GLOB wasm_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/scalar/scalar*.c)
list(FILTER wasm_sources EXCLUDE REGEX "/scalar_install\\.c$")
foreach(name str strbuf mem arena utf8 codec_text scan duration ts json_w vec)
  list(APPEND wasm_sources ${CMAKE_SOURCE_DIR}/src/base/${name}.c)
endforeach()
foreach(source IN LISTS wasm_sources)
  get_filename_component(stem ${source} NAME_WE)
  vedette_wasm_object(${source} ${wasm_dir}/${stem}.o)
  list(APPEND wasm_objects ${wasm_dir}/${stem}.o)
endforeach()

set(wasm_modules)
file(GLOB wasm_families CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/scalar/scalar_*.def)
foreach(family IN LISTS wasm_families)
  get_filename_component(stem ${family} NAME_WE)
  string(REPLACE "scalar_" "" stem ${stem})
  set(main ${wasm_dir}/main_${stem}.o)
  set(module ${wasm_dir}/${stem}.wasm)
  vedette_wasm_object(${CMAKE_SOURCE_DIR}/src/scalar/main_wasm.c ${main} "-DSCALAR_FAMILY=\"scalar/scalar_${stem}.def\"")
  add_custom_command(OUTPUT ${module}
    COMMAND ${WASM_CLANG} --target=wasm32-wasi -nostartfiles -Wl,--no-entry,-z,stack-size=1048576,--strip-all
            -o ${module} ${main} ${wasm_objects} -lm
    DEPENDS ${main} ${wasm_objects} COMMENT "Linking WebAssembly ${stem}.wasm")
  list(APPEND wasm_modules ${module})
endforeach()

add_custom_command(OUTPUT ${wasm_dir}/scalar_code.c
  COMMAND ${CMAKE_COMMAND} -DOUT=${wasm_dir}/scalar_code.c "-DMODULES=${wasm_modules}"
          -P ${CMAKE_SOURCE_DIR}/cmake/ScalarCode.cmake
  DEPENDS ${wasm_modules} ${CMAKE_SOURCE_DIR}/cmake/ScalarCode.cmake VERBATIM)
target_sources(v_scalar PRIVATE ${wasm_dir}/scalar_code.c)
target_link_libraries(v_scalar PUBLIC m)
