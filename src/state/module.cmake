# Compiles migrations/NNN_name.sql in: generated/state/state_migrations.c holds them in order of number.
file(GLOB sql_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/state/migrations/*.sql)
list(SORT sql_files)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sql_files})
set(rows "")
foreach(sql_file IN LISTS sql_files)
  get_filename_component(stem ${sql_file} NAME_WE)
  if(NOT stem MATCHES "^([0-9][0-9][0-9])_([a-z_]+)$")
    message(FATAL_ERROR "${sql_file}: a migration is named NNN_name.sql")
  endif()
  set(migration_name ${CMAKE_MATCH_2})
  string(REGEX REPLACE "^0+" "" migration_number ${CMAKE_MATCH_1})
  file(READ ${sql_file} text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n      \"" text "${text}")
  string(APPEND rows "    { .number = ${migration_number}, .name = \"${migration_name}\",\n      .sql = \"${text}\" },\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/state/state_migrations.c @ONLY CONTENT
"/* Made by src/state/module.cmake from src/state/migrations. */
#include \"state/state.h\"

const struct state_migration STATE_MIGRATIONS[] = {
@rows@    { 0 },
};
")
target_sources(v_state PRIVATE ${CMAKE_BINARY_DIR}/generated/state/state_migrations.c)
