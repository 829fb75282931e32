# SPDX-License-Identifier: Apache-2.0
# cmake -DCOMPILER=... -DINCLUDE=... -DCASE=x.cpp -P refuse.cmake
set(compile ${COMPILER} -std=c++20 -fsyntax-only -I${INCLUDE} ${CASE})
execute_process(COMMAND ${compile} RESULT_VARIABLE as_it_stands ERROR_VARIABLE output)
if(NOT as_it_stands EQUAL 0)
  message(FATAL_ERROR "the control does not compile:\n${output}")
endif()
execute_process(COMMAND ${compile} -DREFUSED RESULT_VARIABLE refused ERROR_QUIET)
if(refused EQUAL 0)
  message(FATAL_ERROR "${CASE} compiles with REFUSED, which it must not")
endif()
