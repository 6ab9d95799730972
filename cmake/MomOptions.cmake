# What a builder can choose. CMakePresets.json names the useful combinations.
set(MOM_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize: \"\", \"address,undefined\" or \"thread\"")
option(MOM_WITH_GRPC "Build what links gRPC (the thread sanitizer lane does not)" ON)
option(MOM_UNITY "Compile the tests, and with sanitizers all, several files at a time" ON)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(MOM_CCACHE ccache)
if(MOM_CCACHE)
  # A precompiled header needs these, or ccache would never hit.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${MOM_CCACHE})
endif()

# Half of the time of a file goes to what it shares with its neighbours. Names in the anonymous
# namespaces of one library therefore differ. The programs people run are made file by file.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
if(MOM_UNITY AND MOM_SANITIZE)
  set(CMAKE_UNITY_BUILD ON)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
  # The compiler collects its garbage less often: a fifth of its time for a tenth more of memory.
  add_compile_options(--param=ggc-min-expand=200 --param=ggc-min-heapsize=524288)
  # Debian's GCC 12 reports these inside std::string and coroutine frames where there is nothing.
  add_compile_options(-Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
                      -Wno-maybe-uninitialized)
  if(MOM_UNITY)
    add_compile_options(-Wno-subobject-linkage)  # it takes an included .cc file for a header
  endif()
endif()
if(MOM_SANITIZE)
  add_compile_options(-fsanitize=${MOM_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${MOM_SANITIZE})
  # GCC 12 pairs a coroutine frame's new and delete wrongly once it has instrumented them.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
  if(MOM_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  if(MOM_SANITIZE MATCHES "thread")
    # The sanitizer does not know fences.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
    add_compile_options(-Wno-tsan)
  endif()
else()
  add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
endif()
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED)
