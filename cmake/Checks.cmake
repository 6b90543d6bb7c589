# Lint as tests: every tools/check_*.py runs from the root of the repository and must exit 0.
file(GLOB checks CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/check_*.py)
foreach(check IN LISTS checks)
  get_filename_component(stem ${check} NAME_WE)
  add_test(NAME check/${stem} COMMAND /usr/bin/python3 ${check} --build ${CMAKE_BINARY_DIR}
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(check/${stem} PROPERTIES LABELS check TIMEOUT 600)
endforeach()
