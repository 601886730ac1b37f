# SPDX-License-Identifier: GPL-2.0-only
# The Check suites in an ns-3 tree: one program with all of them, iscc-check, which ns-3's suite iscc runs.
get_property(iscc_examples GLOBAL PROPERTY ISCC_EXAMPLES)
set(iscc_alone)
set(iscc_test_folders test/allocation test/base test/cell test/helper test/inference test/native test/node test/ns3
                      test/record test/sensing test/statistics test/query test/execution test/store test/exchange test/campaign
                      test/slurm test/results test/diagrams test/report)
set(iscc_test_sources)
foreach(folder ${iscc_test_folders})
  file(GLOB found RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS ${folder}/*.c ${folder}/*.cc)
  list(APPEND iscc_test_sources ${found})
endforeach()

# The list of suites, as ./waf writes it.
set(iscc_suites "#define ISCC_TEST_SUITES(X)")
foreach(source ${iscc_test_sources})
  get_filename_component(stem ${source} NAME_WE)
  if(stem MATCHES "^test-")
    string(REGEX REPLACE "^test-" "" stem ${stem})
    string(REPLACE "-" "_" function iscc_suite_${stem})
    string(APPEND iscc_suites " \\\n  X(\"${stem}\", ${function})")
  endif()
endforeach()
file(CONFIGURE OUTPUT suites/iscc-test-suites.h CONTENT "${iscc_suites}\n" @ONLY)

# The suites run programs by the names they have in a build of ./waf.
set(iscc_programs ${CMAKE_CURRENT_BINARY_DIR}/programs)
set(iscc_links COMMAND ${CMAKE_COMMAND} -E create_symlink $<TARGET_FILE:iscc-command> ${iscc_programs}/iscc)
file(GLOB found RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS test/ns3/programs/*.cc)
foreach(source ${found}) # on ns-3 alone, to compare with
  get_filename_component(name ${source} NAME_WE)
  build_exec(
    EXECNAME ${name}
    SOURCE_FILES ${source}
    LIBRARIES_TO_LINK ${iscc_modules} ${iscc_tools}
    EXECUTABLE_DIRECTORY_PATH ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/contrib/iscc
    IGNORE_PCH
  )
  list(APPEND iscc_alone ${name})
  list(APPEND iscc_links COMMAND ${CMAKE_COMMAND} -E create_symlink $<TARGET_FILE:${name}> ${iscc_programs}/test/${name})
endforeach()
foreach(name ${iscc_examples})
  list(APPEND iscc_links COMMAND ${CMAKE_COMMAND} -E create_symlink $<TARGET_FILE:${name}> ${iscc_programs}/examples/${name})
endforeach()
file(MAKE_DIRECTORY ${iscc_programs}/examples ${iscc_programs}/test)

list(TRANSFORM iscc_test_folders PREPEND -I${CMAKE_CURRENT_SOURCE_DIR}/)
add_compile_options(${iscc_test_folders} -I${CMAKE_CURRENT_BINARY_DIR}/suites)
build_exec(
  EXECNAME iscc-check
  SOURCE_FILES test/iscc-test-main.c ${iscc_test_sources}
  LIBRARIES_TO_LINK ${iscc_target} ${iscc_modules} ${iscc_tools} ${iscc_external} ${iscc_check_LINK_LIBRARIES}
  EXECUTABLE_DIRECTORY_PATH ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/contrib/iscc
  IGNORE_PCH
)
set_target_properties(iscc-check PROPERTIES LINKER_LANGUAGE CXX)
target_compile_definitions(
  iscc-check PRIVATE ISCC_TEST_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}" ISCC_TEST_BUILD_DIR="${iscc_programs}"
                     ISCC_TEST_SANITIZE="" ISCC_TEST_WITH_NS3=1
)
add_custom_command(TARGET iscc-check POST_BUILD ${iscc_links})
add_dependencies(iscc-check iscc-command ${iscc_examples} ${iscc_alone})
target_include_directories(${testiscc} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/suites)
target_compile_definitions(${testiscc} PRIVATE ISCC_TEST_RUNNER="$<TARGET_FILE:iscc-check>")
add_dependencies(${testiscc} iscc-check)
