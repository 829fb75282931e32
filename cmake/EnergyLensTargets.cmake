# SPDX-License-Identifier: Apache-2.0
# One function per kind of target, so that every module states only its files and what it stands on.

# Standard and warnings: for all our code.
add_library(energylens_warnings INTERFACE)
target_compile_features(energylens_warnings INTERFACE cxx_std_20)
target_compile_options(energylens_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # At -O3, GCC 12 sees an overlap in std::string::insert that is not there (GCC bug 105651) and a
  # deallocation at an offset in vectors that are moved.
  target_compile_options(energylens_warnings INTERFACE -Wno-restrict -Wno-free-nonheap-object)
endif()
if(ENERGYLENS_BATCHES AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What is private to a source is private to its batch, which is not a header as GCC takes it to be.
  target_compile_options(energylens_warnings INTERFACE -Wno-subobject-linkage)
endif()
if(ENERGYLENS_WARNINGS_AS_ERRORS)
  target_compile_options(energylens_warnings INTERFACE -Werror)
endif()
# Headers that our modules share and that are not installed lie in src/.
target_include_directories(energylens_warnings INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)

# The fastest linker that is there.
if(PROJECT_IS_TOP_LEVEL AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
  find_program(ENERGYLENS_MOLD mold)
  if(ENERGYLENS_MOLD)
    target_link_options(energylens_warnings INTERFACE -fuse-ld=mold)
  endif()
endif()

# With sanitizers besides: for modules, the program and benchmarks. Three checks of "undefined" are left out, which
# take a quarter of the time of compiling: AddressSanitizer stops at a null pointer and at the end of an object
# too, and x86-64 and ARM64 read words at any address.
add_library(energylens_build_flags INTERFACE)
target_link_libraries(energylens_build_flags INTERFACE energylens_warnings)
if(ENERGYLENS_SANITIZE)
  target_compile_options(energylens_build_flags INTERFACE -O1 -fsanitize=${ENERGYLENS_SANITIZE}
                         -fno-sanitize=null,object-size,alignment -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(energylens_build_flags INTERFACE -fsanitize=${ENERGYLENS_SANITIZE})
endif()

# energylens_batches(RESULT NAME ROOT a.cpp b.cpp ...): sources of one target that are compiled together, so that the headers
# they share are read once and the templates they share are instantiated once. Each batch is a generated file NAME_0.cpp, ...
# that includes its sources by their path from the folder ROOT. Names in unnamed namespaces must therefore differ within a
# target.
set(ENERGYLENS_BATCH_SIZE 12 CACHE STRING "Sources of a batch")
function(energylens_batches result name root)
  set(${result} ${ARGN} PARENT_SCOPE)
  if(NOT ENERGYLENS_BATCHES OR NOT ARGN)
    return()
  endif()
  set(batches)
  set(sources ${ARGN})
  while(sources)
    list(SUBLIST sources 0 ${ENERGYLENS_BATCH_SIZE} together)
    list(LENGTH sources left)
    if(left GREATER ENERGYLENS_BATCH_SIZE)
      list(SUBLIST sources ${ENERGYLENS_BATCH_SIZE} -1 sources)
    else()
      set(sources)
    endif()
    set(includes)
    foreach(source IN LISTS together)
      cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE path)
      cmake_path(RELATIVE_PATH path BASE_DIRECTORY ${root})
      string(APPEND includes "#include \"${path}\"\n")
    endforeach()
    list(LENGTH batches number)
    set(batch ${CMAKE_CURRENT_BINARY_DIR}/${name}_${number}.cpp)
    file(CONFIGURE OUTPUT ${batch} CONTENT "${includes}" @ONLY)
    list(APPEND batches ${batch})
  endwhile()
  set(${result} ${batches} PARENT_SCOPE)
endfunction()

# Messages are made with fmt in every module. It stays out of the public headers.
find_package(fmt REQUIRED)

# energylens_module(NAME FILES a.cpp b.cpp [HOT c.cpp] [ALONE d.cpp] [COLD] [DEPENDS core table] [PRIVATE third::party])
# A static library energylens_NAME, alias energylens::NAME; DEPENDS are modules of lower floors. HOT: sources of inner
# loops, compiled with -O3. ALONE: sources that are compiled one by one, because they have options of their own. COLD: the
# module waits for devices, files and people, or for the modules below it, so that -O1 suffices, which compiles faster.
function(energylens_module name)
  cmake_parse_arguments(arg "COLD" "" "FILES;HOT;ALONE;DEPENDS;PRIVATE" ${ARGN})
  set(target energylens_${name})
  energylens_batches(batches batch ${PROJECT_SOURCE_DIR}/src ${arg_FILES})
  energylens_batches(hot_batches hot ${PROJECT_SOURCE_DIR}/src ${arg_HOT})
  set_property(SOURCE ${hot_batches} APPEND PROPERTY COMPILE_OPTIONS -O3)
  add_library(${target} STATIC ${batches} ${hot_batches} ${arg_ALONE})
  add_library(energylens::${name} ALIAS ${target})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:energylens_build_flags> fmt::fmt ${arg_PRIVATE})
  if(arg_COLD)
    energylens_cold(${target})
  endif()
  foreach(module IN LISTS arg_DEPENDS)
    target_link_libraries(${target} PUBLIC energylens_${module})
  endforeach()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  set_property(GLOBAL APPEND PROPERTY ENERGYLENS_MODULES ${name})
endfunction()

# Inlining little takes up to a fifth less time to compile than -O1 alone.
function(energylens_cold target)
  target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-finline-limit=20>)
  endif()
endfunction()

# What every test binary is compiled with. Code of tests is not optimised: compiling it costs more time than running
# it saves, and what it tests is optimised all the same. Nor is it instrumented, whatever sanitizers the modules are
# built with: so it compiles to the same object in every preset, and ccache compiles it once.
function(energylens_test_flags target)
  target_link_libraries(${target} PRIVATE energylens_warnings GTest::gtest_main GTest::gmock)
  target_compile_options(${target} PRIVATE -O0 -fpch-preprocess)
  if(ENERGYLENS_SANITIZE)
    target_link_options(${target} PRIVATE -fsanitize=${ENERGYLENS_SANITIZE})
  endif()
endfunction()

# energylens_test_modules_first(TARGET MODULE...): where inline functions and templates of the modules are in objects of
# the tests too, the linker keeps the definitions it meets first. These modules come before the tests, so that theirs are
# kept, which are optimised and instrumented.
function(energylens_test_modules_first target)
  foreach(module IN LISTS ARGN)
    target_link_options(${target} PRIVATE
      "LINKER:--push-state,--whole-archive,$<TARGET_FILE:energylens_${module}>,--pop-state")
  endforeach()
endfunction()

# The headers that nearly every test includes, compiled once for all test binaries.
function(energylens_test_precompiled_header)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/energylens_test_header.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "// Holds the precompiled header of the tests.\n")
  add_executable(energylens_test_header ${source})
  energylens_test_flags(energylens_test_header)
  target_link_libraries(energylens_test_header PRIVATE rapidcheck)
  target_precompile_headers(energylens_test_header PRIVATE <gmock/gmock.h> <gtest/gtest.h> <rapidcheck/gtest.h>
                            <algorithm> <cmath> <filesystem> <fstream> <map> <random> <set> <sstream> <string> <vector>)
endfunction()

# energylens_register_tests(TARGET PREFIX [THREADED FILTER] [PROPERTIES ...])
# One ctest per test case. Under sanitizers, where a process takes longer to start than most cases take to run, four
# ctests that share out the cases. FILTER selects the cases that start threads, which are all that ThreadSanitizer runs.
function(energylens_register_tests target prefix)
  cmake_parse_arguments(arg "" "THREADED" "PROPERTIES" ${ARGN})
  if(NOT ENERGYLENS_SANITIZE)
    gtest_discover_tests(${target} TEST_PREFIX "${prefix}." DISCOVERY_TIMEOUT 60 PROPERTIES ${arg_PROPERTIES})
    return()
  endif()
  set(shards 4)
  foreach(shard RANGE 1 ${shards})
    set(test ${prefix}.${shard}_of_${shards})
    math(EXPR index "${shard} - 1")
    add_test(NAME ${test} COMMAND ${target})
    set_tests_properties(${test} PROPERTIES ${arg_PROPERTIES} TIMEOUT 1800)
    set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT GTEST_TOTAL_SHARDS=${shards} GTEST_SHARD_INDEX=${index})
    if(ENERGYLENS_SANITIZE STREQUAL "thread" AND arg_THREADED)
      set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT GTEST_FILTER=${arg_THREADED})
    endif()
  endforeach()
endfunction()

set(ENERGYLENS_TEST_SEED 1 CACHE STRING "Seed of the property tests")

# energylens_test(MODULE FILES a_test.cpp ... [DEPENDS more modules] [LIBRARIES third::party] [THREADED FILTER])
# One binary MODULE_test, registered as above.
function(energylens_test module)
  cmake_parse_arguments(arg "" "THREADED" "FILES;DEPENDS;LIBRARIES" ${ARGN})
  set(target ${module}_test)
  add_executable(${target} ${arg_FILES})
  energylens_test_flags(${target})
  target_precompile_headers(${target} REUSE_FROM energylens_test_header)
  target_link_libraries(${target} PRIVATE rapidcheck energylens::${module} ${arg_LIBRARIES})
  foreach(dependency IN LISTS arg_DEPENDS)
    target_link_libraries(${target} PRIVATE energylens::${dependency})
  endforeach()
  energylens_test_modules_first(${target} ${module})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
  energylens_register_tests(${target} ${module} THREADED "${arg_THREADED}"
                            PROPERTIES LABELS fast TIMEOUT 600 ENVIRONMENT RC_PARAMS=seed=${ENERGYLENS_TEST_SEED})
endfunction()
