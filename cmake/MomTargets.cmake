# The two kinds of target. Each library's DEPS line is the one-way order of the code: a header of a
# library that is not named there may be found, but its symbols do not link.

# A precompiled header for all, and one for tests: Asio's coroutines cost about 7 s a file without it.
function(mom_precompiled_header name header)
  add_library(${name} OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cc)
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC Boost::headers absl::status absl::statusor absl::cord
                        Threads::Threads ${ARGN})
  target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/${header})
endfunction()
mom_precompiled_header(mom_pch pch.h)
mom_precompiled_header(mom_test_pch test_pch.h GTest::gmock)
# Tests need not be fast to run, but to build: they are more code than what they test.
set(test_options $<$<CONFIG:Release>:-O1>)
# At -O1 GCC 12 pairs a coroutine frame's new and delete wrongly.
list(APPEND test_options $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
# What a test itself does with a bad pointer is found by the address sanitizer, too.
if(MOM_SANITIZE MATCHES "undefined")
  list(APPEND test_options -fno-sanitize=null,alignment,vptr)
endif()
target_compile_options(mom_test_pch PRIVATE ${test_options})

function(mom_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC Boost::headers absl::status absl::statusor absl::cord
                        Threads::Threads ${ARG_DEPS})
  target_precompile_headers(${name} REUSE_FROM mom_pch)
endfunction()

function(mom_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  if(NOT MOM_SANITIZE)
    target_link_libraries(${name} PRIVATE mimalloc)
  endif()
  target_precompile_headers(${name} REUSE_FROM mom_pch)
endfunction()

function(mom_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} mom_source_path GTest::gmock
                        GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM mom_test_pch)
  target_compile_options(${name} PRIVATE ${test_options})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()
