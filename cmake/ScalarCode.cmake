# Writes OUT, a C file that holds MODULES: the name of each, its hash, its bytes in hexadecimal.
set(text "#include \"scalar/scalar_install.h\"\n\nconst struct scalar_code SCALAR_CODE[] = {\n")
foreach(module IN LISTS MODULES)
  get_filename_component(name ${module} NAME_WE)
  file(SHA256 ${module} hash)
  file(READ ${module} code HEX)
  string(APPEND text "    { \"${name}\", \"${hash}\", \"${code}\" },\n")
endforeach()
file(WRITE ${OUT} "${text}    { 0 },\n};\n")
