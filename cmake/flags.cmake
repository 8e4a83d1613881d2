# Warnings, hardening and sanitizers for everything we compile.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers)
# GCC 12 sees overflows in the standard library's string, and mismatches in coroutine frames, that are none.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
add_compile_options(-fstack-protector-strong $<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
add_compile_options($<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)
add_link_options($<$<CONFIG:Release>:-Wl,--gc-sections> $<$<CONFIG:Release>:-Wl,--as-needed>)

# Small counts for more than what -O3 gains: a daemon idles.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# What waits for people or forges most of its time gains nothing from -O2, and compiles a third faster without it.
function(forgelink_optimize_less)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  endforeach()
endfunction()

# The fuzzers: -O2 under two sanitizers compiles for twice as long.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -DNDEBUG")

if(NOT FORGELINK_SANITIZE)
  add_link_options(-static-libstdc++ -static-libgcc)
endif()

if(FORGELINK_SANITIZE)
  add_compile_options(-fsanitize=${FORGELINK_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${FORGELINK_SANITIZE})
  if(FORGELINK_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()

# Asio and its TLS part are compiled once (base/asio.cpp, providers/http/asio_ssl.cpp) instead of in every source.
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)

option(FORGELINK_CCACHE "Compile through ccache if it is there" ON)
find_program(CCACHE ccache)
if(CCACHE AND FORGELINK_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  # Else clang writes the time into each precompiled header, and no other build finds what was made with it.
  add_compile_options("$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
