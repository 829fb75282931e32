# SPDX-License-Identifier: Apache-2.0
# cmake -DBUILD=... -DSOURCE=... -DWORK=... -DFLAGS=... -DGENERATOR=... -P consume.cmake
# Installs BUILD to an empty prefix under WORK, builds the consumer project against it and runs what it built.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}: ${result}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${WORK}/prefix
    -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/core_consumer)
run(${WORK}/build/consumer)
if(NOT output STREQUAL "{\"rows\":2,\"groups\":1}\n")
  message(FATAL_ERROR "the consumer printed ${output}")
endif()
run(${WORK}/prefix/bin/energylens --version)
foreach(page man/man1/energylens.1 man/man1/energylens-table-check.1 bash-completion/completions/energylens
        zsh/site-functions/_energylens fish/vendor_completions.d/energylens.fish)
  if(NOT EXISTS ${WORK}/prefix/share/${page})
    message(FATAL_ERROR "share/${page} is not installed")
  endif()
endforeach()
# The program is found by its name where its folder is on the PATH, and answers a question from an empty folder.
set(ENV{PATH} "${WORK}/prefix/bin:$ENV{PATH}")
run(sh -c "command -v energylens")
if(NOT output STREQUAL "${WORK}/prefix/bin/energylens\n")
  message(FATAL_ERROR "the PATH leads to ${output}")
endif()
run(energylens --version)
run(sh -c "cd ${WORK}/prefix && energylens table template >mine.csv && energylens table check mine.csv")

# The package may not name the build tree.
file(GLOB_RECURSE exported ${WORK}/prefix/*.cmake)
foreach(file IN LISTS exported)
  file(READ ${file} text)
  string(FIND "${text}" "${BUILD}" found)
  if(NOT found EQUAL -1)
    message(FATAL_ERROR "${file} names the build tree")
  endif()
endforeach()
