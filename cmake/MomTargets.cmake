# The two kinds of target. Each library's DEPS line is the one-way order of the code: a header of a
# library that is not named there may be found, but its symbols do not link.

# One precompiled header for all: Asio's coroutines cost about 7 s a file without it.
add_library(mom_pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cc)
target_include_directories(mom_pch PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(mom_pch PUBLIC Boost::headers absl::status absl::statusor absl::cord
                      Threads::Threads)
target_precompile_headers(mom_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.h)

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
  target_precompile_headers(${name} REUSE_FROM mom_pch)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()
